package delivery

import (
	"context"
	"fmt"
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

// cards plans the messages that show editors what to decide on, and the edits
// that tell them what was decided.
func (s *Service) cards(ctx context.Context) error {
	if s.Core == nil || s.Adapters[s.Editors.Platform] == nil {
		return nil
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
	part, kind := "", ""
	if a := s.Adapters[to.Platform]; a != nil && (c.New || c.Ref != "") {
		place := commands.Place{Destination: to, Private: to.Platform == commands.Telegram && !strings.HasPrefix(to.Chat, "-"), Postable: true}
		kind = string(to.Platform) + "/desk"
		parts, err := a.Render(place, s.Core.Card(ctx, c.Card, to))
		if err != nil {
			s.Log.Error("card cannot be laid out", "card", c.ID, "err", err)
		}
		texts, err := written(parts)
		if err != nil {
			return err
		}
		if len(texts) > 0 { // a card is one message
			part = texts[0]
		}
	}
	r := newRun(strings.Join([]string{"desk", c.ID, strconv.Itoa(c.N), strconv.FormatInt(now.UnixMicro(), 10)}, "|"), "", "", "", time.Time{})
	return s.Store.ShowCard(ctx, c, r, to, kind, part, now.Add(cardLife), now)
}
