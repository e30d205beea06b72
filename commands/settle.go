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
	all, err := c.prefs.get(ctx, c.now(), keepers(r)...)
	if err != nil {
		c.log.Warn("settings not read", "adapter", string(r.Place.Platform), "err", err)
	}
	for _, got := range all {
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

// get returns the settings of each, those that are not remembered by one
// look-up. When that fails it returns those that are, and the error.
func (p *preferences) get(ctx context.Context, now time.Time, of ...Destination) ([]remembered, error) {
	out := make([]remembered, len(of))
	if p.store == nil {
		return out, nil
	}
	var missing []Destination
	var at []int
	p.mu.Lock()
	for i, d := range of {
		if s, ok := p.known[d]; ok && now.Before(s.until) {
			out[i] = s
			continue
		}
		missing, at = append(missing, d), append(at, i)
	}
	p.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	got, err := p.store.Get(ctx, missing...)
	if err != nil {
		return out, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for n, set := range got {
		s := remembered{Settings: set, until: now.Add(rememberFor)}
		if set.Zone != "" {
			if z, err := time.LoadLocation(set.Zone); err == nil { // a zone of an older time may be gone
				s.zone = z
			}
		}
		if len(p.known) >= rememberMany {
			clear(p.known)
		}
		p.known[missing[n]], out[at[n]] = s, s
	}
	return out, nil
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
