package delivery

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

const (
	// pinWait is how long somebody who asks for a pin waits for what becomes of it.
	pinWait = 2500 * time.Millisecond
	// pinLook is how often it is looked at meanwhile.
	pinLook = 100 * time.Millisecond
)

var _ commands.Pins = (*Service)(nil)

// Pin has a place want a briefing pinned.
func (s *Service) Pin(ctx context.Context, p commands.Pin) (commands.Pin, bool, error) {
	if err := s.canPin(p.To.Platform); err != nil {
		return p, false, err
	}
	kind := string(p.To.Platform) + "/shared"
	if p.Private {
		kind = string(p.To.Platform) + "/private"
	}
	existed, err := s.Store.AddPin(ctx, store.Pin{Pin: p, Kind: kind}, s.Now())
	if err != nil {
		return p, existed, err
	}
	s.Wake()
	out, _, err := s.settled(ctx, p.To, p.Topic)
	return out, existed, err
}

// PinAgain pins the message of a pin once more, or makes it anew.
func (s *Service) PinAgain(ctx context.Context, to commands.Destination, topic string) (commands.Pin, bool, error) {
	if err := s.canPin(to.Platform); err != nil {
		return commands.Pin{}, false, err
	}
	now := s.Now()
	found, err := s.Store.PinAgain(ctx, to, topic, actRun("again", to, topic, now), now.Add(fixLife), now)
	if err != nil || !found {
		return commands.Pin{}, found, err
	}
	s.Nudge()
	return s.settled(ctx, to, topic)
}

// Unpin ends a pin and takes its message off the place's pins.
func (s *Service) Unpin(ctx context.Context, to commands.Destination, topic string) (commands.Pin, string, bool, error) {
	now := s.Now()
	run := actRun("unpin", to, topic, now)
	p, found, err := s.Store.RemovePin(ctx, to, topic, run, now.Add(fixLife), now)
	if err != nil || !found {
		return commands.Pin{}, "", found, err
	}
	s.Nudge()
	out := s.pinOf(p)
	if p.Ref == "" {
		return out, "", true, nil
	}
	cause := ""
	err = await(ctx, func() (bool, error) {
		list, err := s.Store.Deliveries(ctx, run.ID)
		if err != nil || len(list) == 0 {
			return true, err
		}
		cause = list[0].Cause
		return list[0].State.Final(), nil
	})
	return out, cause, true, err
}

// Pinned returns the pins of a place, oldest first.
func (s *Service) Pinned(ctx context.Context, to commands.Destination) ([]commands.Pin, error) {
	list, err := s.Store.Pins(ctx, to)
	var out []commands.Pin
	for _, p := range list {
		out = append(out, s.pinOf(p))
	}
	return out, err
}

// canPin refuses platforms where nothing can be pinned and kept current.
func (s *Service) canPin(p commands.Platform) error {
	_, pins := s.Adapters[p].(adapter.Pinner)
	_, edits := s.Adapters[p].(adapter.Editor)
	if pins && edits {
		return nil
	}
	return &commands.UserError{Say: briefings.Text{EN: "Nothing can be pinned here.", FR: "Rien ne peut être épinglé ici."}}
}

// actRun is the run of something done with the message of one pin.
func actRun(what string, to commands.Destination, topic string, now time.Time) store.Run {
	return newRun(store.PinKey(topic+"|"+what+"|"+to.String()+"|"+strconv.FormatInt(now.UnixMicro(), 10)), "", "", "", now)
}

// pinTopicOf reads the topic out of the key of a run for pins.
func pinTopicOf(key string) []string {
	topic, _, _ := strings.Cut(strings.TrimPrefix(key, store.PinKey("")), "|")
	return []string{topic}
}

// settled returns a pin once it is known what became of it, or as it is after a while.
func (s *Service) settled(ctx context.Context, to commands.Destination, topic string) (commands.Pin, bool, error) {
	var p store.Pin
	found := false
	err := await(ctx, func() (bool, error) {
		var err error
		p, found, err = s.Store.Pin(ctx, to, topic)
		known := p.Stopped != "" || p.Stands && (p.Unpinned != "" || !p.PinnedAt.IsZero())
		return err != nil || !found || known && !p.Coming, err
	})
	return s.pinOf(p), found, err
}

// await asks now and then until it is done, but not for long.
func await(ctx context.Context, done func() (bool, error)) error {
	limit := time.NewTimer(pinWait)
	defer limit.Stop()
	look := time.NewTicker(pinLook)
	defer look.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-limit.C:
			return nil
		case <-look.C:
		}
	}
}

func (s *Service) pinOf(p store.Pin) commands.Pin {
	out := p.Pin
	if l, ok := s.Adapters[p.To.Platform].(adapter.Linker); ok && p.Ref != "" {
		out.Link = l.Link(commands.Place{Destination: p.To, Private: p.Private, Guild: p.Guild}, p.Ref)
	}
	return out
}

// act does something with the message of a pin.
func (s *Service) act(ctx context.Context, d store.Delivery, ref adapter.MessageRef) error {
	p, can := s.Adapters[d.To.Platform].(adapter.Pinner)
	switch {
	case !can:
		return fmt.Errorf("%w: nothing is pinned here", adapter.ErrPayload)
	case d.Purpose == store.Unpinning:
		return p.Unpin(ctx, ref)
	}
	return p.Pin(ctx, ref)
}

// blamed is an error as far as it says something of the place or platform: a
// bot that may not pin can write all the same.
func blamed(d store.Delivery, err error) error {
	_, right := errors.AsType[*adapter.RightError](err)
	if d.Purpose.Acts() && (right || errors.Is(err, adapter.ErrPinLimit)) {
		return nil
	}
	return err
}
