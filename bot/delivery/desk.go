package delivery

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"griot/bot/store"
	"griot/commands"
)

const (
	// cardLife is how long the message of a card, or an edit of it, is tried.
	cardLife = 3 * 24 * time.Hour
	// cardPage is how many cards one look plans, so that editors are not flooded.
	cardPage = 20
)

// manyPlaces is from how many places on editors see that a digest goes out, also
// when it is not sent to them first.
const manyPlaces = 100

// desk reports whether there is a place where editors decide.
func (s *Service) desk() bool { return s.Core != nil && s.Adapters[s.Editors.Platform] != nil }

// first is how long before everybody else editors are sent a digest.
func (s *Service) first() time.Duration {
	if !s.desk() {
		return 0
	}
	return s.First
}

// firstKind is the kind of the editors' place, as the digest is laid out for it
// that others get later.
func (s *Service) firstKind() string { return string(s.Editors.Platform) + "/first" }

// forEditors lays a run's content out for the editors' place too, without its
// buttons: they are for those who want the digest. It is false when it has to wait.
func (s *Service) forEditors(ctx context.Context, c *content, now time.Time) bool {
	kind := s.firstKind()
	if _, done := c.parts[kind]; done || c.bad[kind] != nil {
		return true
	}
	n, err := s.Store.Messages(ctx, c.run.ID, kind)
	if n == 0 && err == nil {
		n, err = s.layOutFirst(ctx, c, kind, now)
	}
	if err != nil {
		c.err = err
		s.Log.Error("digest not made for editors", "run", c.run.ID, "err", err)
		return false
	}
	c.parts[kind] = n
	return true
}

func (s *Service) layOutFirst(ctx context.Context, c *content, kind string, now time.Time) (int, error) {
	if err := s.ask(ctx, c, now); err != nil || c.quiet {
		return 0, err
	}
	bare := c.reply
	bare.Buttons, bare.Choices = nil, nil
	parts, err := s.lay(commands.Subscription{To: s.Editors, Guild: "editors"}, bare)
	if err != nil {
		s.Log.Error("digest cannot be laid out for editors", "run", c.run.ID, "err", err)
		return 0, nil
	}
	texts, err := written(parts)
	if err != nil {
		return 0, err
	}
	return s.Store.SaveMessages(ctx, c.run.ID, kind, texts, store.Saying{}, now)
}

// watch has editors see the digests that go out, so that they can stop them.
func (p *pass) watch(ctx context.Context) error {
	if !p.s.desk() {
		return nil
	}
	least := manyPlaces
	if p.s.first() > 0 {
		least = 1
	}
	for _, plan := range p.plans {
		if plan.Skip == "" && plan.Parts > 0 {
			p.places[plan.Run]++
		}
	}
	runs := map[string]commands.CardAbout{}
	for _, c := range p.runs {
		if n := p.places[c.run.ID]; n >= least {
			about := commands.CardAbout{Lang: c.wish.lang, From: p.now.Add(p.s.first()), First: p.s.first() > 0}
			for _, a := range c.wish.asks {
				about.Topics = append(about.Topics, a.topics...)
			}
			slices.Sort(about.Topics)
			about.Topics = slices.Compact(about.Topics)
			runs[c.run.ID] = about
		}
	}
	if len(runs) == 0 {
		return nil
	}
	return p.s.Store.WatchRuns(ctx, runs, p.now)
}

// cards plans the messages that show editors what to decide on, and the edits
// that tell them what was decided.
func (s *Service) cards(ctx context.Context) error {
	if !s.desk() {
		return nil
	}
	if err := s.Store.FinishCards(ctx, s.Now()); err != nil {
		return err
	}
	list, err := s.Store.StaleCards(ctx, cardPage)
	if err != nil || len(list) == 0 {
		return err
	}
	for _, c := range list {
		if err := s.card(ctx, c); err != nil {
			return fmt.Errorf("show card %s: %w", c.ID, err)
		}
	}
	nudge(s.kick[s.Editors.Platform])
	return nil
}

// card plans one message, or its edit.
func (s *Service) card(ctx context.Context, c store.Shown) error {
	now, to := s.Now(), s.Editors
	if !c.New {
		to = c.At
	}
	var texts []string
	kind := ""
	if a := s.Adapters[to.Platform]; a != nil && (c.New || c.Ref != "") {
		place := commands.Place{Destination: to, Private: to.Platform == commands.Telegram && !strings.HasPrefix(to.Chat, "-"), Postable: true}
		kind = string(to.Platform) + "/desk"
		parts, err := a.Render(place, s.Core.Card(ctx, c.Card, to))
		if err != nil {
			s.Log.Error("card cannot be laid out", "card", c.ID, "err", err)
		}
		if texts, err = written(parts[:min(len(parts), 1)]); err != nil { // a card is one message
			return err
		}
		if c.New && c.About.First {
			before, err := s.digestFor(ctx, c.Subject)
			if err != nil {
				return err
			}
			texts = append(before, texts...)
		}
	}
	r := newRun(strings.Join([]string{"desk", c.ID, strconv.Itoa(c.N), strconv.FormatInt(now.UnixMicro(), 10)}, "|"), "", "UTC", "", time.Time{})
	return s.Store.ShowCard(ctx, c, r, to, kind, texts, now.Add(cardLife), now)
}

// digestFor is a run's content for the editors' place: what the others will
// read. It is left out where that place is one of the others.
func (s *Service) digestFor(ctx context.Context, run string) ([]string, error) {
	among, err := s.Store.Delivers(ctx, run, s.Editors)
	if err != nil || among {
		return nil, err
	}
	kind := s.firstKind()
	n, err := s.Store.Messages(ctx, run, kind)
	if err != nil {
		return nil, err
	}
	var out []string
	for i := range n {
		text, err := s.Store.Message(ctx, run, kind, i)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// answers plans what brings editors' answers to who wrote to them, in private.
func (s *Service) answers(ctx context.Context) error {
	if s.Core == nil {
		return nil
	}
	list, err := s.Store.Untold(ctx, s.platforms, cardPage)
	if err != nil {
		return err
	}
	for _, k := range list {
		now, kind := s.Now(), string(k.Who.Platform)+"/private"
		parts, err := s.Adapters[k.Who.Platform].Render(commands.Place{Destination: k.Who, Private: true, Postable: true}, s.Core.AnswerToRemark(k))
		if err != nil {
			s.Log.Error("answer to a report cannot be laid out", "report", k.ID, "err", err)
		}
		texts, err := written(parts)
		if err != nil {
			return err
		}
		r := newRun(store.AnswerRun(k.ID), "", "UTC", k.Lang, time.Time{})
		if err := s.Store.TellAnswer(ctx, k, r, kind, texts, now.Add(noticeLife), now); err != nil {
			return err
		}
		nudge(s.kick[k.Who.Platform])
	}
	return nil
}
