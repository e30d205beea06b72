package commands

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

func (w world) settle(t testing.TB, place Place, user, locale string) Request {
	t.Helper()
	return w.Settle(t.Context(), Request{Command: "help", Place: place, User: user}, locale)
}

func TestSettle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for locale, want := range map[string]briefings.Lang{"fr": "fr", "fr-CA": "fr", "FR_fr": "fr", "en-US": "en", "": "en", "frr": "en", "de": "en"} {
		if got := w.settle(t, inGroup, "u1", locale).Lang; got != want {
			t.Errorf("%q is answered in %s, want %s", locale, got, want)
		}
	}
	w.as(t, true, inGroup, "/settings scope:place lang:fr zone:paris")
	if r := w.settle(t, inGroup, "u1", "en"); r.Lang != briefings.FR || r.Zone.String() != "Europe/Paris" {
		t.Errorf("the place's settings: %s, %s", r.Lang, r.Zone)
	}
	w.as(t, false, inGroup, "/settings lang:en text_only:yes")
	r := w.settle(t, inGroup, "u1", "fr")
	if r.Lang != briefings.EN || r.Zone.String() != "Europe/Paris" || !r.TextOnly {
		t.Errorf("a person's settings before the place's: %s, %s, %v", r.Lang, r.Zone, r.TextOnly)
	}
	if r := w.settle(t, inGroup, "u2", "en"); r.Lang != briefings.FR {
		t.Errorf("somebody else is answered in %s", r.Lang)
	}
	r.Options = map[string]string{"lang": "français"}
	if got := w.Answer(t.Context(), r); got.Lang != briefings.FR {
		t.Error("the option lang does not win")
	}
}

// TestWhoSeesAnswers: what is about a person is for that person; what is about
// a place is quiet on Discord and stays in the place on Telegram.
func TestWhoSeesAnswers(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]map[Platform]bool{
		"/settings": {Discord: true, Telegram: true}, "/forget": {Discord: true, Telegram: true},
		"/settings scope:place": {Discord: true}, "/forget scope:place": {Discord: true},
		"/digest list": {Discord: true}, "/digest why": {Discord: true}, "/digest preview": {Discord: true},
		"/digest subscribe": {Discord: true, Telegram: true}, "/digest pause": {Discord: true, Telegram: true},
		"/velmora": {}, "/timeline": {}, "/help": {}, "/privacy": {}, "/timeline from:nonsense": {Discord: true, Telegram: true},
	} {
		for _, place := range []Place{inServer, inGroup} {
			w := newWorld(t)
			w.as(t, true, place, complete)
			r := w.as(t, true, place, line)
			if r.Private != want[place.Platform] {
				t.Errorf("%s on %s is private: %v\n%s", line, place.Platform, r.Private, r.Text())
			}
		}
	}
}

func TestSettingsAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 100 {
		w.settle(t, inPrivate, "u1", "en")
	}
	if w.prefs.gets != 1 {
		t.Errorf("%d look-ups for 100 requests of one person in one place, want one for both", w.prefs.gets)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(t, briefings.EN, inPrivate, "/settings lang:en")
	if err := w.prefs.Set(t.Context(), inPrivate.Destination, Settings{Zone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	if w.ask(t, briefings.EN, inPrivate, "/forget"); len(w.prefs.kept) != 2 {
		t.Fatal("forgotten without asking")
	}
	got := w.ask(t, briefings.EN, inPrivate, "/forget confirm:yes")
	if len(w.prefs.kept) != 0 || !strings.Contains(got.Text(), "2 entries") {
		t.Errorf("%d kept: %s", len(w.prefs.kept), got.Text())
	}
	if got := w.settle(t, inPrivate, "u1", "fr").Lang; got != briefings.FR {
		t.Errorf("after forgetting, still answered in %s", got)
	}
	w.ask(t, briefings.EN, inGroup, "/settings lang:en")
	w.ask(t, briefings.EN, inPrivate, "/start forget_confirm")
	w.ask(t, briefings.EN, inPrivate, `/start topic:"forget confirm:yes"`)
	if len(w.prefs.kept) != 1 {
		t.Error("a link made somebody's data go")
	}
}

// broken fails in every way a service can.
type broken struct{}

func (broken) Get(context.Context, ...Destination) ([]Settings, error) {
	return nil, errors.New("disk gone")
}
func (broken) Set(context.Context, Destination, Settings) error { return errors.New("disk gone") }
func (broken) Forget(context.Context, Destination) (int, error) { panic("secret words") }

func (broken) Between(context.Context, time.Time, time.Time) ([]Change, error) {
	return nil, errors.New("disk gone")
}

func (broken) Older(context.Context, []briefings.ID, int) ([]briefings.Older, error) {
	return nil, errors.New("disk full")
}

func (broken) Texts(context.Context, []Change) ([]Change, error) {
	return nil, errors.New("disk gone")
}

func (broken) Look(context.Context, Destination, string, time.Time) (time.Time, error) {
	return time.Time{}, errors.New("disk gone")
}

func TestOurFaultsAreApologies(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := newWorld(t)
	w.Core = New(Options{
		Live: w.live, Preferences: broken{}, Changes: broken{}, Now: func() time.Time { return testNow },
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	for _, line := range []string{"/settings lang:fr", "/latest velmora", "/forget confirm:yes"} {
		for _, lang := range briefings.Langs {
			r := w.ask(t, lang, inPrivate, line)
			if r.Text() != Words(lang).Apology || r.Lang != lang || !r.Private {
				t.Errorf("%s: %+v", line, r)
			}
		}
	}
	if !strings.Contains(log.String(), "disk gone") || strings.Contains(log.String(), "secret words") || strings.Contains(log.String(), "velmora") {
		t.Errorf("log: %s", log.String())
	}
	if r := w.settle(t, inPrivate, "u1", "fr"); r.Lang != briefings.FR {
		t.Error("not answered while settings cannot be read")
	}
	if r := w.ask(t, briefings.EN, inPrivate, "/digest list"); !strings.Contains(r.Text(), "not offered") {
		t.Errorf("without digests: %s", r.Text())
	}
}

func TestNoContentYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Core = New(Options{Live: &briefings.Live{}})
	for _, line := range said {
		if r := w.ask(t, briefings.FR, inPrivate, line); r.Text() == "" || strings.Contains(r.Text(), Words(briefings.FR).Apology) {
			t.Errorf("%s: %q", line, r.Text())
		}
	}
}
