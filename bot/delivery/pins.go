package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

const (
	// pinSpace lies between two edits of a pin.
	pinSpace = time.Minute
	// pinPage is how many pins are planned in one transaction at most.
	pinPage = 2000
	// toldFor is how long a pin tells what was wrong in it. What is older goes when
	// its text changes the next time, so that no clock alone changes it.
	toldFor = 30 * 24 * time.Hour
)

// pins plans the texts of living pins: new messages, and edits of those that
// read otherwise than the briefing does now. Corrections of what they show are
// told in them, so nobody else edits them.
func (s *Service) pins(ctx context.Context) error {
	if s.Core == nil {
		return nil
	}
	now := s.Now()
	groups, err := s.Store.PinGroups(ctx, s.platforms, now)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := s.pinGroup(ctx, g, now); err != nil {
			return fmt.Errorf("keep pins of %s current: %w", g.Topic, err)
		}
	}
	return ctx.Err()
}

// pinGroup plans the text of pins that read the same.
func (s *Service) pinGroup(ctx context.Context, g store.PinGroup, now time.Time) error {
	t, ok, err := s.pinText(ctx, g, now)
	if err != nil || !ok || t.hash == g.Tried && !g.Again {
		return err
	}
	for ctx.Err() == nil {
		due, err := s.Store.PinsDue(ctx, g, t.hash, now.Add(-pinSpace), now, pinPage)
		if err != nil || len(due) == 0 {
			return err
		}
		key := store.PinKey(strings.Join([]string{g.Topic, g.Sections, string(g.Lang), g.Kind, t.hash, strconv.FormatInt(now.UnixMicro(), 10), due[0].To.String(), due[0].Ref, due[0].Run}, "|"))
		e := store.Edits{
			Run: newRun(key, "", "", g.Lang, now), Kind: g.Kind, Parts: []string{t.part}, Says: t.says, Fixes: t.fixes, Expires: now.Add(fixLife),
		}
		s.at("pins rendered")
		if err := s.Store.PlanPins(ctx, e, t.hash, due, now); err != nil {
			return err
		}
		s.at("pins planned")
		s.Log.Info("pins planned", "topic", g.Topic, "places", len(due))
		nudge(s.kick[g.Platform])
		if len(due) < pinPage {
			break
		}
	}
	return ctx.Err()
}

// pinText is what pins are to read now.
type pinText struct {
	part  string // the message
	hash  string // of it
	says  store.Saying
	fixes []store.SaidItem // the changes that it corrects
}

// pinText makes the text of a group of pins; false when it has to wait for the content.
func (s *Service) pinText(ctx context.Context, g store.PinGroup, now time.Time) (t pinText, ok bool, err error) {
	var says store.Saying
	if g.Said != "" {
		if says, _, err = s.Store.Saying(ctx, g.Said); err != nil {
			return t, false, err
		}
	}
	since, err := s.Store.Since(ctx, says.Items)
	if err != nil || !s.inStep(since) {
		return t, false, err
	}
	topic, err := s.topicOf(ctx, g)
	if err != nil {
		return t, false, err
	}
	fixes, changes := fixesOf(says, since)
	if topic.command == "" { // that it is closed says more
		fixes = nil
	}
	reply, line, part, err := s.pinReply(ctx, g, topic, fixes, now)
	if err != nil {
		s.Log.Error("pin cannot be laid out", "topic", g.Topic, "lang", string(g.Lang), "kind", g.Kind, "err", err)
		return t, false, nil
	}
	if hashOf(part) != g.Tried {
		fixes = slices.DeleteFunc(fixes, func(f commands.Fix) bool { return now.Sub(since[f.ID].Fixed) > toldFor })
		if reply, line, part, err = s.pinReply(ctx, g, topic, fixes, now); err != nil {
			return t, false, err
		}
	}
	t = pinText{part: part, hash: hashOf(part), says: saying(reply, request{Line: line}), fixes: changes}
	t.says.Lang = g.Lang
	t.says.Items = pinItems(says, reply, fixes, since)
	return t, true, nil
}

func hashOf(part string) string {
	sum := sha256.Sum256([]byte(part))
	return hex.EncodeToString(sum[:10])
}

// inStep reports whether the content in use is what items were last seen as: a
// pack is compared before it is taken into use.
func (s *Service) inStep(since map[briefings.ID]store.Latest) bool {
	for id, l := range since {
		if has := s.Core.HashOf(id); l.Retracted != (has == "") || !l.Retracted && has != l.Hash {
			s.Log.Debug("correction waits for its content", "item", string(id))
			return false
		}
	}
	return true
}

// pinItems are the items that a pin shows: those of its briefing, and those of
// which it tells what was wrong.
func pinItems(says store.Saying, reply commands.Reply, fixes []commands.Fix, since map[briefings.ID]store.Latest) []store.SaidItem {
	told := map[briefings.ID]bool{}
	for _, f := range fixes {
		told[f.ID] = true
	}
	out := shown(reply)
	for _, it := range says.Items {
		if !told[it.ID] {
			continue
		}
		kept := store.SaidItem{ID: it.ID, N: since[it.ID].N, First: it.First}
		if i := slices.IndexFunc(out, func(now store.SaidItem) bool { return now.ID == it.ID }); i >= 0 {
			out[i] = kept
		} else {
			out = append(out, kept)
		}
	}
	return out
}

// pinTopic is the briefing of a pin.
type pinTopic struct {
	command string         // that shows it; empty: it is closed
	title   briefings.Text // of one that is closed
}

func (s *Service) topicOf(ctx context.Context, g store.PinGroup) (pinTopic, error) {
	for _, c := range s.Core.Table() {
		if c.Topic == g.Topic {
			return pinTopic{command: c.Name}, nil
		}
	}
	id := briefings.MakeID(briefings.KindTopic, g.Topic)
	since, err := s.Store.Since(ctx, []store.SaidItem{{ID: id}})
	if err != nil {
		return pinTopic{}, err
	}
	t := pinTopic{title: since[id].Title}
	if t.title == (briefings.Text{}) {
		t.title = briefings.Same(g.Topic)
	}
	return t, nil
}

// pinReply answers what a pin shows as anybody is answered who asks for it, with
// what was wrong before on top, in one message: with as many of its sections as
// that holds. The others are a press away. It returns the line that asks for it.
func (s *Service) pinReply(ctx context.Context, g store.PinGroup, topic pinTopic, fixes []commands.Fix, now time.Time) (reply commands.Reply, line, part string, err error) {
	a := s.Adapters[g.Platform]
	place := commands.Place{Destination: commands.Destination{Platform: g.Platform}, Private: strings.HasSuffix(g.Kind, "/private"), Postable: true}
	asks := []commands.Request{{}}
	if topic.command != "" {
		asks = pinAsks(g, topic.command)
	}
	for _, r := range asks {
		r.Lang, r.Place, r.Now = g.Lang, place, now
		made := s.Core.Closed(topic.title, g.Lang)
		if topic.command != "" {
			made = s.Core.Answer(ctx, r)
		}
		if made.Refused || made.Private {
			continue
		}
		made.Buttons = s.lasting(made.Buttons)
		if made.Stays, made.Quiet = true, true; len(fixes) > 0 {
			made = s.Core.Amend(made, fixes, g.Lang)
		}
		reply, line = made, r.Line()
		laid, err := a.Render(place, made)
		if err == nil && len(laid) == 1 {
			texts, err := written(laid)
			return reply, line, strings.Join(texts, ""), err
		}
	}
	if line == "" {
		return reply, "", "", fmt.Errorf("%w: nothing of %s can be shown", adapter.ErrPayload, g.Topic)
	}
	one := standing{{Post: store.Post{To: place.Destination, Kind: g.Kind}}}
	texts, err := s.fitted(place.Destination, g.Kind, one, reply, line)
	return reply, line, strings.Join(texts, ""), err
}

// lasting are buttons that do not tell which revision was read: it changes with
// parts that a pin does not show, and one whose words stay is not edited.
func (s *Service) lasting(buttons []commands.Button) []commands.Button {
	out := slices.Clone(buttons)
	for i := range out {
		r, err := commands.ParseLine(s.Core.Table(), out[i].Line)
		if err == nil && r.Options["seen"] != "" {
			delete(r.Options, "seen")
			out[i].Line = r.Line()
		}
	}
	return out
}

// pinAsks are the requests whose answers a pin may show, best first: for all its
// sections, then for fewer and fewer of them.
func pinAsks(g store.PinGroup, command string) []commands.Request {
	var out []commands.Request
	ask := func(sections string) {
		r := commands.Request{Command: command, Options: map[string]string{"lang": string(g.Lang)}}
		if sections != "" {
			r.Options["sections"] = sections
		}
		out = append(out, r)
	}
	for kinds := strings.Split(g.Sections, ","); len(kinds) > 0; kinds = kinds[:len(kinds)-1] {
		ask(strings.Join(kinds, ","))
	}
	if g.Sections == "" {
		ask(string(briefings.Summary))
	}
	return out
}
