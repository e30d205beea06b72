package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// content is what a run says, made once and laid out once per kind of place.
type content struct {
	run   store.Run
	wish  wish
	made  bool
	quiet bool
	reply commands.Reply
	parts map[string]int   // by kind
	bad   map[string]error // kinds it cannot be laid out for
	err   error            // for now; the next look tries again
}

// kindOf names the kind of place a subscription is for. Telegram's private
// chats have positive ids; on Discord only those have no server.
func kindOf(sub commands.Subscription) string {
	if isPrivate(sub) {
		return string(sub.To.Platform) + "/private"
	}
	return string(sub.To.Platform) + "/shared"
}

func isPrivate(sub commands.Subscription) bool {
	switch sub.To.Platform {
	case commands.Telegram:
		return !strings.HasPrefix(sub.To.Chat, "-")
	case commands.Discord:
		return sub.Guild == ""
	}
	return true
}

// fill completes a plan with the run's content; false when it has to wait.
func (s *Service) fill(ctx context.Context, c *content, plan *store.Plan, sub commands.Subscription, now time.Time) bool {
	if c.err != nil {
		return false
	}
	n, ok := c.parts[plan.Kind]
	if !ok && c.bad[plan.Kind] == nil {
		n, c.err = s.layOut(ctx, c, plan.Kind, sub, now)
		if c.err != nil {
			s.Log.Error("digest not made", "run", c.run.ID, "slot", c.run.Slot, "zone", c.run.Zone, "err", c.err)
			return false
		}
	}
	switch {
	case c.quiet:
		plan.Skip, plan.Quiet = "nothing new", true
	case c.bad[plan.Kind] != nil:
		plan.Skip = "cannot be laid out: " + clip(c.bad[plan.Kind].Error())
	default:
		plan.Parts = n
	}
	return true
}

// layOut makes the content for a kind of place, unless a former process did.
func (s *Service) layOut(ctx context.Context, c *content, kind string, sub commands.Subscription, now time.Time) (int, error) {
	n, err := s.Store.Messages(ctx, c.run.ID, kind)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		if err := s.ask(ctx, c, now); err != nil || c.quiet {
			return 0, err
		}
		parts, err := s.lay(sub, c.reply)
		if err != nil {
			s.Log.Error("digest cannot be laid out", "run", c.run.ID, "adapter", string(sub.To.Platform), "err", err)
			if c.bad == nil {
				c.bad = map[string]error{}
			}
			c.bad[kind] = err
			return 0, nil
		}
		texts, err := written(parts)
		if err != nil {
			return 0, err
		}
		// Another process may have been quicker; what it kept is sent.
		if n, err = s.Store.SaveMessages(ctx, c.run.ID, kind, texts, saying(c.reply, c.wish.request()), now); err != nil {
			return 0, err
		}
	}
	if c.parts == nil {
		c.parts = map[string]int{}
	}
	c.parts[kind] = n
	return n, nil
}

// written are parts as the store keeps them.
func written(parts []adapter.Part) ([]string, error) {
	texts := make([]string, len(parts))
	for i, p := range parts {
		text, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("write part %d: %w", i, err)
		}
		texts[i] = string(text)
	}
	return texts, nil
}

// lay lays a reply out for the kind of place a subscription is for.
func (s *Service) lay(sub commands.Subscription, r commands.Reply) ([]adapter.Part, error) {
	to := s.Adapters[sub.To.Platform]
	if to == nil {
		return nil, fmt.Errorf("no adapter for %s", sub.To.Platform)
	}
	parts, err := to.Render(commands.Place{Destination: sub.To, Private: isPrivate(sub), Postable: true, Guild: sub.Guild}, r)
	if err == nil && len(parts) == 0 {
		err = errors.New("no parts")
	}
	return parts, err
}

// ask asks for the content of a run, once.
func (s *Service) ask(ctx context.Context, c *content, now time.Time) error {
	if c.made {
		return nil
	}
	reply, err := s.tell(ctx, c.wish, now)
	if err != nil && !errors.Is(err, commands.ErrQuiet) {
		return err
	}
	c.made, c.quiet, c.reply = true, err != nil, reply
	return nil
}

// tell makes what a wish is told: one reply, or commands.ErrQuiet.
func (s *Service) tell(ctx context.Context, w wish, now time.Time) (commands.Reply, error) {
	var replies []commands.Reply
	for i, a := range w.asks {
		// It has no id and no destination: all places of the group read the same.
		sub := commands.Subscription{Topics: a.topics, Zone: w.zone, Lang: w.lang, TextOnly: w.textOnly, WhenQuiet: w.whenQuiet}
		if len(w.asks) > 1 && (len(replies) > 0 || i < len(w.asks)-1) {
			sub.WhenQuiet = "skip" // a line that all is quiet belongs to a message with nothing else
		}
		r, err := s.Digest(ctx, sub, commands.Window{From: a.from, To: w.to}, now)
		if errors.Is(err, commands.ErrQuiet) {
			continue
		}
		if err != nil {
			return commands.Reply{}, fmt.Errorf("make the digest of %s: %w", strings.Join(a.topics, ", "), err)
		}
		replies = append(replies, r)
	}
	if len(replies) == 0 {
		return commands.Reply{}, commands.ErrQuiet
	}
	return withStop(join(replies), w.lang), nil
}

// withStop adds the press that stops: the same for every reader, whom the
// command asks which one only when they have several.
func withStop(r commands.Reply, lang briefings.Lang) commands.Reply {
	row := 0
	for _, b := range r.Buttons {
		if strings.HasPrefix(b.Line, "/digest stop") {
			return r
		}
		row = max(row, b.Row+1)
	}
	r.Buttons = append(slices.Clone(r.Buttons), commands.Button{Label: commands.Words(lang).Stop, Line: "/digest stop", Style: commands.Danger, Row: min(row, 4)})
	return r
}

// join makes one reply of several, its sources numbered through.
func join(replies []commands.Reply) commands.Reply {
	out := replies[0]
	for _, r := range replies[1:] {
		shift := len(out.Sources)
		out.Blocks = append(slices.Clone(out.Blocks), commands.Block{Kind: commands.Divider},
			commands.Block{Kind: commands.Heading, Spans: []commands.Span{{Kind: commands.Plain, Text: r.Title}}})
		for _, b := range r.Blocks {
			b.Spans = shifted(b.Spans, shift)
			b.Entries = slices.Clone(b.Entries)
			for i := range b.Entries {
				b.Entries[i] = shifted(b.Entries[i], shift)
			}
			out.Blocks = append(out.Blocks, b)
		}
		out.Sources = slices.Clone(out.Sources)
		for _, src := range r.Sources {
			src.N += shift
			out.Sources = append(out.Sources, src)
		}
		out.Items = append(slices.Clone(out.Items), r.Items...)
		out.Hashes = append(slices.Clone(out.Hashes), r.Hashes...)
		out.Files = append(slices.Clone(out.Files), r.Files...)
		out.Buttons = slices.Clone(out.Buttons)
		for _, b := range r.Buttons {
			if !slices.Contains(out.Buttons, b) {
				out.Buttons = append(out.Buttons, b)
			}
		}
		if r.AsOf.Compare(out.AsOf) < 0 {
			out.AsOf = r.AsOf
		}
	}
	// A row has room for five buttons.
	count := map[int]int{}
	out.Buttons = slices.DeleteFunc(slices.Clone(out.Buttons), func(b commands.Button) bool {
		count[b.Row]++
		return count[b.Row] > 5
	})
	return out
}

func shifted(spans []commands.Span, by int) []commands.Span {
	spans = slices.Clone(spans)
	for i := range spans {
		if spans[i].Kind == commands.Citation {
			spans[i].Source += by
		}
	}
	return spans
}
