package main

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/store"
	"griot/briefings"
	"griot/briefings/briefingstest"
	"griot/commands"
)

// press is what holds a bot's content back: its files, its store and its log.
type press struct {
	t     *testing.T
	files *editedFS
	store *store.Store
	log   *bytes.Buffer
	now   time.Time
	c     *content
	news  []contentNews
	holds bool
}

func newPress(t *testing.T) *press {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "griot.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &press{t: t, files: newEditedFS(t), store: s, log: new(bytes.Buffer), now: briefingstest.Now, holds: true}
	p.start()
	return p
}

// start begins the bot, as it does again after it was stopped.
func (p *press) start() {
	p.t.Helper()
	p.c = &content{
		dir: "pack", fsys: p.files, live: new(briefings.Live), log: slog.New(slog.NewTextHandler(p.log, nil)), now: func() time.Time { return p.now },
		packs: p.store, doubts: true, holds: p.holds, tell: func(n contentNews) { p.news = append(p.news, n) },
		took: func(ctx context.Context, pack *briefings.Pack) error {
			_, err := p.store.SeePack(ctx, store.Publish{Hash: pack.Hash, Name: pack.Name, Revisions: pack.RevisionsAt(p.now)}, p.now)
			return err
		},
	}
	begin(p.t, p.c)
	p.c.keep(p.t.Context())
}

func (p *press) tick() {
	p.now = p.now.Add(pollContent)
	p.c.tick(p.t.Context())
}

// kills writes how many soldiers were killed into the files.
func (p *press) kills(from, to string) {
	p.files.replace("events/2024.yaml", "en: "+from+" soldiers", "en: "+to+" soldiers")
	p.files.replace("events/2024.yaml", "fr: "+from+" soldats", "fr: "+to+" soldats")
}

// uses wants the toll that readers read.
func (p *press) uses(toll string) {
	p.t.Helper()
	if e := p.c.live.Index().Event("2024-03-07-arden-bridge"); e == nil || !strings.HasPrefix(e.Claims[0].Says.EN, toll+" ") {
		p.t.Errorf("readers read %+v, want %s killed; log:\n%s", e, toll, p.log)
	}
}

func (p *press) held() []store.Pack {
	p.t.Helper()
	packs, err := p.store.Packs(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return slices.DeleteFunc(packs, func(p store.Pack) bool { return p.State != store.PackHeld })
}

func (p *press) decide(state store.PackState) {
	p.t.Helper()
	held := p.held()
	if len(held) != 1 {
		p.t.Fatalf("held %+v, want one", held)
	}
	if ok, err := p.store.DecidePack(p.t.Context(), held[0].Hash, state, commands.Editor{}, p.now); err != nil || !ok {
		p.t.Fatalf("decide: %v, %v", ok, err)
	}
}

// TestImplausibleContentIsHeld until a person releases it, and told once.
func TestImplausibleContentIsHeld(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.kills("12", "120")
	p.tick()
	p.tick()
	p.uses("12")
	if len(p.news) != 1 || p.news[0].kind != newsHeld || len(p.news[0].doubts) != 1 || p.news[0].again {
		t.Errorf("news %+v, want that it is held, once", p.news)
	}
	held := p.held()
	if len(held) != 1 || held[0].Why[0].What != "12 became 120 in event:2024-03-07-arden-bridge" {
		t.Fatalf("held %+v", held)
	}
	for _, want := range []string{"events/2024.yaml:3: 12 became 120", "griot content release " + held[0].Hash[:12]} {
		if !strings.Contains(p.log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, p.log)
		}
	}
	p.c.seen, p.c.asked = "", true // asked to look, which tells again
	p.c.look(t.Context())
	if strings.Count(p.log.String(), "content held") != 2 {
		t.Errorf("who asks is not told:\n%s", p.log)
	}
	p.decide(store.PackReleased)
	p.tick()
	p.uses("120")
	if last := p.news[len(p.news)-1]; last.kind != newsUsed || len(p.held()) != 0 {
		t.Errorf("news %+v, held %v", last, p.held())
	}
	p.kills("120", "12") // back to what was in use before: no doubt
	p.tick()
	p.uses("12")
}

// TestMendedContentIsTaken without a person's word, and what was held is forgotten.
func TestMendedContentIsTaken(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.kills("12", "120")
	p.tick()
	p.kills("120", "1200") // worse
	p.tick()
	if held := p.held(); len(held) != 1 || !strings.Contains(held[0].Why[0].What, "1200") {
		t.Errorf("held %+v, want the last version alone", held)
	}
	p.kills("1200", "15")
	p.tick()
	p.uses("15")
	if len(p.held()) != 0 {
		t.Errorf("held %+v", p.held())
	}
	p.kills("15", "150")
	p.tick()
	p.files.replace("events/2024.yaml", "importance:", "importanc:") // now it has a fault
	p.tick()
	p.uses("15")
	if last := p.news[len(p.news)-1]; last.kind != newsRefused || len(p.held()) != 0 {
		t.Errorf("news %+v, held %v", last, p.held())
	}
}

// TestDroppedContentStaysAway, also after a start, until the files change.
func TestDroppedContentStaysAway(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.kills("12", "120")
	p.tick()
	p.decide(store.PackDropped)
	p.tick()
	p.uses("12")
	if last := p.news[len(p.news)-1]; last.kind != newsDropped {
		t.Errorf("news %+v", last)
	}
	p.start()
	p.tick()
	p.uses("12")
	if packs, err := p.store.Packs(t.Context()); err != nil || len(packs) != 2 {
		t.Fatal(packs, err)
	} else if ok, err := p.store.DecidePack(t.Context(), packs[1].Hash, store.PackReleased, commands.Editor{}, p.now); err != nil || !ok {
		t.Fatal(ok, err)
	}
	p.tick() // let through after all
	p.uses("120")
	p.kills("120", "12")
	p.tick()
	p.uses("12")
	p.kills("12", "13")
	p.tick()
	p.uses("13")
}

// TestHeldContentStaysHeldAfterAStart: the old pack is used from its copy, and
// a change made while the bot was down is looked at like any other.
func TestHeldContentStaysHeldAfterAStart(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.kills("12", "120")
	p.start()
	p.uses("12")
	p.tick()
	p.start() // and again
	p.uses("12")
	changes, err := p.store.Between(t.Context(), p.now.Add(-time.Hour), p.now.Add(time.Hour))
	if err != nil || len(changes) != 0 {
		t.Errorf("changes %+v, %v, want none", changes, err)
	}
	p.decide(store.PackReleased)
	p.start()
	p.uses("120")
	p.files.replace("pack.yaml", "name: three-lakes", "name: other-lakes") // the operator chose another pack
	p.kills("120", "1")
	p.start()
	p.uses("1")
}

// TestOneReplicaTellsOfHeldContent, and all take it when it is released.
func TestOneReplicaTellsOfHeldContent(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	one := p.c
	p.start()
	two := p.c
	p.kills("12", "120")
	one.tick(t.Context())
	two.tick(t.Context())
	if len(p.news) != 2 || p.news[0].again || !p.news[1].again {
		t.Errorf("news %+v, want the second to know that it was told", p.news)
	}
	p.decide(store.PackReleased)
	for _, c := range []*content{two, one} {
		c.tick(t.Context())
		p.c = c
		p.uses("120")
	}
}

func TestContentHoldOff(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.c.doubts, p.c.holds = false, false
	p.kills("12", "120")
	p.tick()
	p.uses("120")
	if packs, err := p.store.Packs(t.Context()); err != nil || len(packs) != 1 || len(packs[0].Why) != 0 {
		t.Errorf("packs %+v, %v", packs, err)
	}
}

// TestDoubtedContentIsTaken where nobody is there to decide, and told until a
// person has looked at it, also when it was changed while the bot was down.
func TestDoubtedContentIsTaken(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.holds = false
	used := func() store.Pack {
		t.Helper()
		packs, err := p.store.Packs(t.Context())
		if err != nil || len(packs) != 1 || packs[0].State != store.PackUsed {
			t.Fatalf("packs %+v, %v, want the one in use", packs, err)
		}
		return packs[0]
	}
	p.c.holds = false
	p.kills("12", "120")
	p.tick()
	p.uses("120")
	if why := used().Why; len(why) != 1 || strings.Count(p.log.String(), "content looks wrong and is in use") != 1 {
		t.Errorf("why %+v, log:\n%s", why, p.log)
	}
	p.start() // the same again: nothing new to tell, and nothing forgotten
	p.tick()
	if why := used().Why; len(why) != 1 || strings.Count(p.log.String(), "content looks wrong") != 1 {
		t.Errorf("after a start: why %+v, log:\n%s", why, p.log)
	}
	p.kills("120", "12000")
	p.start()
	p.uses("12000")
	if why := used().Why; len(why) != 1 || strings.Count(p.log.String(), "content looks wrong") != 2 {
		t.Errorf("changed while down: why %+v, log:\n%s", why, p.log)
	}
	if err := p.store.DoubtPack(t.Context(), used().Hash, nil); err != nil || len(used().Why) != 0 {
		t.Errorf("%v, why %+v after a person looked", err, used().Why)
	}
	p.kills("12000", "12001")
	p.tick()
	if why := used().Why; len(why) != 0 {
		t.Errorf("a plausible change: why %+v", why)
	}
}
