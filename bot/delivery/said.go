package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// request is what messages answer, so that they can be made anew: the windows
// of a digest, or the line that somebody asked.
type request struct {
	Asks  []asked   `json:"asks,omitempty"`
	To    time.Time `json:"to,omitzero"`
	Quiet string    `json:"when_quiet,omitempty"`
	Line  string    `json:"line,omitempty"`
	Now   time.Time `json:"now,omitzero"` // about when it was asked
	Zone  string    `json:"zone,omitempty"`
	Plain bool      `json:"text_only,omitempty"`
}

type asked struct {
	From   time.Time `json:"from,omitzero"`
	Topics []string  `json:"topics"`
}

// request writes a wish down.
func (w wish) request() request {
	r := request{To: w.to.UTC(), Quiet: w.whenQuiet, Zone: w.zone, Plain: w.textOnly}
	for _, a := range w.asks {
		r.Asks = append(r.Asks, asked{a.from, a.topics})
	}
	return r
}

// wish reads it again.
func (r request) wish(lang briefings.Lang) wish {
	w := wish{lang: lang, zone: r.Zone, textOnly: r.Plain, whenQuiet: r.Quiet, to: r.To}
	for _, a := range r.Asks {
		w.asks = append(w.asks, ask{a.From, a.Topics})
	}
	return w
}

// saying is what the messages of a reply say.
func saying(r commands.Reply, of request) store.Saying {
	text, err := json.Marshal(of)
	if err != nil { // its own types always encode
		return store.Saying{}
	}
	return store.Saying{Lang: r.Lang, Request: string(text), Items: shown(r)}
}

// shown are the items of a reply, those of which parts are shown whole.
func shown(r commands.Reply) []store.SaidItem {
	var out []store.SaidItem
	for i, id := range r.Items {
		if i < len(r.Hashes) && r.Hashes[i] != "" {
			out = append(out, store.SaidItem{ID: commands.Whole(id), Hash: r.Hashes[i]})
		}
	}
	return out
}

var _ adapter.Recorder = (*Service)(nil)

// Record keeps track of a public answer, so that a correction finds it. What
// only its asker sees is not kept, nor is what shows no item.
func (s *Service) Record(ctx context.Context, a adapter.Answered) error {
	if len(a.Messages) == 0 || a.Place.Private || a.Reply.Private {
		return nil
	}
	r, now := a.Request, s.Now()
	of := request{Line: r.Line(), Now: now.UTC().Truncate(time.Hour).Add(time.Hour), Plain: r.TextOnly}
	if r.Zone != nil {
		of.Zone = r.Zone.String()
	}
	says := saying(a.Reply, of)
	if says.Lang == "" {
		says.Lang = r.Lang
	}
	if a.Reply.Refused {
		says.Items = nil
	}
	posts := make([]store.Post, len(a.Messages))
	for i, m := range a.Messages {
		kind := string(m.Ref.To.Platform) + "/shared"
		if m.Ref.To.Platform == commands.Discord && !a.Place.Postable {
			kind = string(m.Ref.To.Platform) + outside
		}
		posts[i] = store.Post{To: m.Ref.To, Bundle: "answer/" + a.Messages[0].Ref.ID, Part: i, Ref: m.Ref.ID, Kind: kind, Purpose: store.Answer, File: m.File}
	}
	return s.Store.Record(ctx, posts, says, now)
}

// outside ends the kind of places where the bot can answer, but is not: what
// stands there cannot be edited once the answer's token is over.
const outside = "/outside"

// remake makes what messages say anew, with the content of now. A reply without
// blocks means that there is nothing of it any more.
func (s *Service) remake(ctx context.Context, says store.Saying, now time.Time) (commands.Reply, request, error) {
	var of request
	if err := json.Unmarshal([]byte(says.Request), &of); err != nil {
		return commands.Reply{}, of, fmt.Errorf("read what messages answer: %w", err)
	}
	if of.Line == "" {
		r, err := s.tell(ctx, of.wish(says.Lang), now)
		if errors.Is(err, commands.ErrQuiet) {
			err, r = nil, commands.Reply{Lang: says.Lang}
		}
		return r, of, err
	}
	r, err := commands.ParseLine(s.Core.Table(), of.Line)
	if err != nil { // the topic it was about is gone
		return commands.Reply{Lang: says.Lang}, of, nil
	}
	r.Lang, r.Now, r.TextOnly = says.Lang, of.Now, of.Plain
	if of.Zone != "" {
		if r.Zone, err = time.LoadLocation(of.Zone); err != nil {
			r.Zone = nil
		}
	}
	reply := s.Core.Answer(ctx, r)
	if reply.Refused || reply.Private {
		reply = commands.Reply{Lang: says.Lang}
	}
	return reply, of, nil
}
