package delivery

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"griot/bot/adapter"
	"griot/commands"
)

func chat(n int) commands.Destination {
	return commands.Destination{Platform: commands.Telegram, Chat: fmt.Sprint(n)}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 28, 7, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name         string
		err          error
		destinations int // each sees err once
		accepted     int // others accept
		theirs, open bool
	}{
		{"one chat is gone", adapter.ErrGone, 1, 0, false, false},
		{"few are gone", adapter.ErrGone, outageMany - 1, 0, false, false},
		{"all forbid", adapter.ErrForbidden, outageMany, 0, true, true},
		{"some of many are gone", adapter.ErrGone, 20, 30, false, false},
		{"most are gone", adapter.ErrGone, 20, 10, true, true},
		{"the server is down", adapter.ErrUnknown, troubleMany, 0, false, true},
		{"nobody answers", errors.New("dial"), troubleMany, 0, false, true},
		{"waits are waits", &adapter.RetryError{After: time.Second, Err: errors.New("429")}, 50, 0, false, false},
		{"our payload", adapter.ErrPayload, 50, 0, false, false},
	} {
		b := new(breaker)
		for i := range tc.accepted {
			b.saw(chat(1000+i), nil, start)
		}
		for i := range tc.destinations {
			b.saw(chat(i), tc.err, start)
		}
		if got := b.theirs(start); got != tc.theirs {
			t.Errorf("%s: theirs %t, want %t", tc.name, got, tc.theirs)
		}
		if got, _ := b.open(start); got != tc.open {
			t.Errorf("%s: open %t, want %t", tc.name, got, tc.open)
		}
		b.saw(chat(9999), nil, start)
		if got, _ := b.open(start); got {
			t.Errorf("%s: still open after a success", tc.name)
		}
	}
}

// TestBreakerRefusesTheSameChatOnce: however often one chat refuses, it is one chat.
func TestBreakerRefusesTheSameChatOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, now := new(breaker), time.Unix(0, 0)
		for range rapid.IntRange(1, 500).Draw(t, "times") {
			now = now.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "seconds")) * time.Second)
			b.saw(chat(rapid.IntRange(1, outageMany-1).Draw(t, "chat")), adapter.ErrGone, now)
			if b.theirs(now) {
				t.Fatal("fewer chats than make an outage")
			}
		}
	})
}

// TestBreakerSeesMessagesLost: a platform that says so of many messages works.
func TestBreakerSeesMessagesLost(t *testing.T) {
	t.Parallel()
	b, now := new(breaker), time.Unix(0, 0)
	for i := range 10 * troubleMany {
		b.saw(chat(i), adapter.ErrLost, now)
		if !b.pass(now) || b.theirs(now) {
			t.Fatalf("trouble after %d lost messages", i+1)
		}
	}
}

func TestBreakerProbesAndForgets(t *testing.T) {
	t.Parallel()
	b, now := new(breaker), time.Unix(0, 0)
	for i := range outageMany {
		b.saw(chat(i), adapter.ErrForbidden, now)
	}
	if !b.pass(now) {
		t.Error("no probe at first")
	}
	if open, probe := b.open(now.Add(time.Second)); !open || probe != probeEvery-time.Second || b.pass(now.Add(probeEvery-1)) {
		t.Error("a probe too early, or closed")
	}
	if !b.pass(now.Add(probeEvery)) {
		t.Error("no second probe")
	}
	if open, _ := b.open(now.Add(2 * generationLife)); open {
		t.Error("open although what it saw is long ago")
	}
}

// TestBreakerKeepsTheBudget: no more refusals than the budget, and the probes.
func TestBreakerKeepsTheBudget(t *testing.T) {
	t.Parallel()
	b, now, sent := new(breaker), time.Unix(0, 0), 0
	for i := range 20_000 {
		now = now.Add(25 * time.Millisecond)
		if !b.pass(now) {
			continue
		}
		sent++
		if i%2 == 0 { // as many accept: no outage
			b.saw(chat(i), nil, now)
		} else {
			b.saw(chat(i), adapter.ErrForbidden, now)
		}
	}
	if limit := 2*refusalBudget + int(500*time.Second/probeEvery); sent > limit {
		t.Errorf("%d calls in 500 s, want at most %d", sent, limit)
	}
}
