package delivery

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/commands"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	d, tg := commands.Discord, commands.Telegram
	right := &adapter.RightError{Right: "Send Messages", Err: errors.New("50013")}
	for _, tc := range []struct {
		name string
		err  error
		try  Try
		want Verdict
	}{
		{"sent", nil, Try{Platform: tg}, Verdict{Fate: Done}},
		{"later", fmt.Errorf("send: %w", &adapter.RetryError{After: time.Hour, Err: errors.New("429")}), Try{Platform: tg}, Verdict{Fate: Later, After: time.Hour}},
		{"later, in no time", &adapter.RetryError{Err: errors.New("429")}, Try{Platform: tg}, Verdict{Fate: Later, After: time.Second}},
		{"gone, first", adapter.ErrGone, Try{Platform: tg}, Verdict{Fate: Refused, After: spaces[0], Refusals: 1}},
		{"gone, again", adapter.ErrGone, Try{Platform: tg, Refusals: 1}, Verdict{Fate: Refused, After: spaces[1], Refusals: 2}},
		{"gone, often", adapter.ErrGone, Try{Platform: tg, Refusals: 2}, Verdict{Fate: Never, Refusals: 3}},
		{"gone, as are many", adapter.ErrGone, Try{Platform: tg, Refusals: 2, Outage: true}, Verdict{Fate: Theirs, After: spaces[0], Refusals: 2}},
		{"forbidden", adapter.ErrForbidden, Try{Platform: d}, Verdict{Fate: Refused, After: spaces[0], Refusals: 1}},
		{"a right is missing", right, Try{Platform: d, Refusals: 2}, Verdict{Fate: Never, Refusals: 3}},
		{"a thread closed", adapter.ErrThread, Try{Platform: tg, Thread: true}, Verdict{Fate: Fallback}},
		{"a thread closed, fallen back from", adapter.ErrThread, Try{Platform: tg}, Verdict{Fate: Refused, After: spaces[0], Refusals: 1}},
		{"ours", adapter.ErrPayload, Try{Platform: tg, Outage: true}, Verdict{Fate: Ours}},
		{"token", adapter.ErrToken, Try{Platform: tg}, Verdict{Fate: Later, After: 5 * time.Minute}},
		{"nothing sent, first", errors.New("dial"), Try{Platform: tg, Attempt: 1}, Verdict{Fate: Later, After: 5 * time.Second}},
		{"nothing sent, often", errors.New("dial"), Try{Platform: tg, Attempt: 50}, Verdict{Fate: Later, After: 15 * time.Minute}},
		{"in doubt, telegram", adapter.ErrUnknown, Try{Platform: tg}, Verdict{Fate: Again, After: time.Second, Doubts: 1}},
		{"in doubt again, telegram", adapter.ErrUnknown, Try{Platform: tg, Doubts: 1}, Verdict{Fate: GivenUp, Doubts: 2}},
		{"in doubt, telegram, rather never than twice", adapter.ErrUnknown, Try{Platform: tg, InDoubt: Report}, Verdict{Fate: GivenUp, Doubts: 1}},
		{"in doubt, discord", adapter.ErrUnknown, Try{Platform: d, Doubts: 3, Age: time.Minute}, Verdict{Fate: Again, After: 8 * time.Second, Doubts: 4}},
		{"in doubt, discord, rather never than twice", adapter.ErrUnknown, Try{Platform: d, Age: time.Minute, InDoubt: Report}, Verdict{Fate: Again, After: time.Second, Doubts: 1}},
		{"in doubt, discord forgets", adapter.ErrUnknown, Try{Platform: d, Doubts: 3, Age: 2 * time.Minute}, Verdict{Fate: Again, After: time.Second, Doubts: 4}},
		{"in doubt, discord, sent once more", adapter.ErrUnknown, Try{Platform: d, Doubts: 1003, Age: time.Hour}, Verdict{Fate: GivenUp, Doubts: 1004}},
		{"lost", fmt.Errorf("edit: %w", adapter.ErrLost), Try{Platform: tg, Edit: true, Outage: true}, Verdict{Fate: Lost}},
		{"an edit in doubt, discord", adapter.ErrUnknown, Try{Platform: d, Edit: true, Attempt: 1, Age: time.Hour}, Verdict{Fate: Again, After: 5 * time.Second}},
		{"an edit in doubt, often", adapter.ErrUnknown, Try{Platform: tg, Edit: true, Attempt: 9, InDoubt: Report}, Verdict{Fate: Again, After: 15 * time.Minute}},
		{"an edit in a closed thread", adapter.ErrThread, Try{Platform: tg, Edit: true, Thread: true}, Verdict{Fate: Lost}},
		{"an edit, gone", adapter.ErrGone, Try{Platform: tg, Edit: true}, Verdict{Fate: Refused, After: spaces[0], Refusals: 1}},
		{"moved", &adapter.MovedError{To: chat(7)}, Try{Platform: tg, Refusals: 2}, Verdict{Fate: Moved, To: chat(7), Refusals: 2}},
	} {
		if got := Judge(tc.err, tc.try); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

// TestCause: who stops is told why in a code that names the right.
func TestCause(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"gone":                    adapter.ErrGone,
		"thread":                  adapter.ErrThread,
		"lost":                    adapter.ErrLost,
		"limit":                   adapter.ErrPinLimit,
		"forbidden":               adapter.ErrForbidden,
		"forbidden:Send Messages": fmt.Errorf("send: %w", &adapter.RightError{Right: "Send Messages", Err: errors.New("50013")}),
	} {
		o := Judge(err, Try{Refusals: len(spaces)}).outcome(err, adapter.MessageRef{}, time.Now())
		if o.State != store.Dead || o.Cause != want {
			t.Errorf("%v: %s because of %q, want dead because of %q", err, o.State, o.Cause, want)
		}
	}
}

// TestVerdictsEnd: whatever the platform answers, a delivery is not tried
// for ever without a wait, and nobody is blamed for what is not theirs.
func TestVerdictsEnd(t *testing.T) {
	t.Parallel()
	kinds := []error{
		nil, adapter.ErrUnknown, adapter.ErrGone, adapter.ErrForbidden, adapter.ErrThread, adapter.ErrLost, adapter.ErrPinLimit, adapter.ErrPayload, adapter.ErrToken, errors.New("dial"),
		&adapter.RetryError{After: -time.Second, Err: errors.New("429")}, &adapter.MovedError{To: chat(7)},
	}
	rapid.Check(t, func(t *rapid.T) {
		try := Try{
			Platform: rapid.SampledFrom([]commands.Platform{commands.Discord, commands.Telegram}).Draw(t, "platform"),
			Thread:   rapid.Bool().Draw(t, "thread"), Outage: rapid.Bool().Draw(t, "outage"),
			InDoubt: rapid.SampledFrom([]InDoubt{"", Resend, Report}).Draw(t, "in doubt"), Edit: rapid.Bool().Draw(t, "edit"), Pin: rapid.Bool().Draw(t, "pin"),
		}
		unsure := 0 // sends after one that may have arrived and that no nonce covers
		for try.Attempt = 1; ; try.Attempt++ {
			err := rapid.SampledFrom(kinds).Draw(t, "answer")
			v := Judge(err, try)
			switch v.Fate {
			case Done, GivenUp, Never, Lost, Ours:
				atOnce := errors.Is(err, adapter.ErrPinLimit) || try.Pin && errors.Is(err, adapter.ErrThread) // and not the place's fault
				if v.Fate == Never && !atOnce && (try.Outage || try.Refusals < len(spaces)) {
					t.Fatalf("%v blames the destination after %+v", err, try)
				}
				return
			case Moved, Fallback:
				if try.Edit && v.Fate == Fallback {
					t.Fatal("an edit goes to another place")
				}
				try.Thread = try.Thread && v.Fate != Fallback
			default:
				if v.After < time.Second {
					t.Fatalf("%v: again after %s", err, v.After)
				}
			}
			if v.Doubts > try.Doubts && try.Platform == commands.Telegram {
				unsure++
			}
			if unsure > 1 {
				t.Fatal("sent a third time although the second may have arrived")
			}
			if try.Attempt > 60 {
				return
			}
			try.Doubts, try.Refusals = v.Doubts, v.Refusals
		}
	})
}
