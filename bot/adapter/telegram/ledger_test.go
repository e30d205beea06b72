package telegram

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"
)

// The poll loop and the saver both wait for what is finished. When the saver
// took the only signal, the next question to Telegram went out late.
func TestSettleIsToldBesideTheSaver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(0, time.Time{})
		l.take(1, json.RawMessage(`{}`))
		go func() { <-l.finished }()
		synctest.Wait() // the saver waits first
		begun := time.Now()
		settled := make(chan time.Duration)
		go func() {
			l.settle(t.Context(), time.Minute)
			settled <- time.Since(begun)
		}()
		synctest.Wait()
		l.finish(1)
		if took := <-settled; took != 0 {
			t.Errorf("settled %s after the last update was finished, want at once", took)
		}
	})
}
