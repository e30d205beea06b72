package commands

import (
	"context"
	"strings"
	"sync"
	"time"

	"griot/briefings"
)

// Settle fills in the language and zone of r from what its asker and place
// chose, a person's choice before the place's, else from the platform's locale
// tag (BCP 47, may be empty).
func (c *Core) Settle(ctx context.Context, r Request, locale string) Request {
	var s Settings
	var zone *time.Location
	for _, of := range keepers(r) {
		got, err := c.prefs.get(ctx, of, c.now())
		if err != nil {
			c.log.Warn("settings not read", "adapter", string(of.Platform), "err", err)
			continue
		}
		if s.Lang == "" {
			s.Lang = got.Lang
		}
		if zone == nil {
			zone = got.zone
		}
		s.TextOnly = s.TextOnly || got.TextOnly
	}
	if r.Lang = s.Lang; r.Lang == "" {
		r.Lang = localeLang(locale)
	}
	if zone != nil {
		r.Zone = zone
	}
	r.TextOnly = r.TextOnly || s.TextOnly
	return r
}

// keepers are the keys r's settings are kept under, the strongest first.
func keepers(r Request) []Destination {
	var out []Destination
	if r.User != "" {
		out = append(out, person(r))
	}
	if r.Place.Chat != "" {
		out = append(out, r.Place.Destination)
	}
	if r.Place.Thread != "" {
		out = append(out, Destination{Platform: r.Place.Platform, Chat: r.Place.Chat})
	}
	return out
}

// person is the key a person's settings are kept under.
func person(r Request) Destination {
	return Destination{Platform: r.Place.Platform, Chat: "user:" + r.User}
}

func localeLang(tag string) briefings.Lang {
	if tag = strings.ToLower(tag); tag == "fr" || strings.HasPrefix(tag, "fr-") || strings.HasPrefix(tag, "fr_") {
		return briefings.FR
	}
	return briefings.EN
}

// preferences remembers settings for a while, so that an answer needs no
// look-up. Another process's change is seen when the memory is too old.
type preferences struct {
	store Preferences
	mu    sync.Mutex
	known map[Destination]remembered
}

type remembered struct {
	Settings
	zone  *time.Location // of Settings.Zone, nil for none: reading a zone's file takes longer than an answer
	until time.Time
}

const (
	rememberFor  = time.Minute
	rememberMany = 4096
)

func newPreferences(store Preferences) *preferences {
	return &preferences{store: store, known: map[Destination]remembered{}}
}

func (p *preferences) get(ctx context.Context, of Destination, now time.Time) (remembered, error) {
	if p.store == nil {
		return remembered{}, nil
	}
	p.mu.Lock()
	s, ok := p.known[of]
	p.mu.Unlock()
	if ok && now.Before(s.until) {
		return s, nil
	}
	got, err := p.store.Get(ctx, of)
	if err != nil {
		return remembered{}, err
	}
	s = remembered{Settings: got, until: now.Add(rememberFor)}
	if got.Zone != "" {
		if z, err := time.LoadLocation(got.Zone); err == nil { // a zone of an older time may be gone
			s.zone = z
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= rememberMany {
		clear(p.known)
	}
	p.known[of] = s
	return s, nil
}

func (p *preferences) set(ctx context.Context, of Destination, s Settings) error {
	defer p.drop(of)
	return p.store.Set(ctx, of, s)
}

func (p *preferences) forget(ctx context.Context, of Destination) (int, error) {
	defer p.drop(of)
	return p.store.Forget(ctx, of)
}

func (p *preferences) drop(of Destination) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, of)
}
