package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"griot/bot/adapter"
)

const (
	maxUpdate   = 1 << 20          // bytes of one update
	webhookTime = 50 * time.Second // Telegram asks again after a minute
	rememberIDs = 4096
	// patience is how many updates of one chat are waited for at a time. What
	// stands behind more is confirmed at once: else one chat that asks without
	// end would hold all of Telegram's connections.
	patience = 4
)

// secret is what Telegram puts on every update it brings, so that nobody else
// can. It comes from the token: every replica knows it without being told.
func (a *Adapter) secret() string {
	mac := hmac.New(sha256.New, []byte(a.token))
	mac.Write([]byte("griot telegram webhook"))
	return hex.EncodeToString(mac.Sum(nil))
}

// Webhook takes updates from Telegram. Each is answered with 200 once it is
// handled, so Telegram brings it again when we fall over before; one that is
// brought twice is handled once, as far as this process remembers.
func (a *Adapter) Webhook(core adapter.Core) http.Handler {
	seen := &recent{ids: map[int64]bool{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
		switch {
		case subtle.ConstantTimeCompare([]byte(got), []byte(a.secret())) != 1:
			http.Error(w, "not Telegram", http.StatusForbidden)
			return
		case r.Method != http.MethodPost:
			http.Error(w, "POST an update", http.StatusMethodNotAllowed)
			return
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
		if err != nil {
			http.Error(w, "the update cannot be read", http.StatusBadRequest)
			return
		}
		u, err := decode(raw)
		if err != nil { // again would be no better, so it is taken
			a.log.Warn("update skipped, it cannot be read", "update", u.ID, "err", err)
			return
		}
		if !a.take(r.Context(), core, seen, u) {
			http.Error(w, "try again", http.StatusServiceUnavailable)
		}
	})
}

// take handles an update; false when Telegram shall bring it again.
func (a *Adapter) take(ctx context.Context, core adapter.Core, seen *recent, u update) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), webhookTime)
	defer cancel()
	if err := a.knowSelf(ctx); err != nil {
		a.log.Warn("update left for later, Telegram does not answer", "err", err)
		return false
	}
	if !seen.add(u.ID) {
		return true
	}
	done := make(chan struct{})
	work := context.WithoutCancel(ctx)
	ahead, err := a.work.do(ctx, u.key(), func() {
		defer close(done)
		a.handle(work, core, u)
	})
	switch {
	case errors.Is(err, errFlood):
		a.log.Warn("update skipped", "update", u.ID, "err", err)
	case err != nil:
		seen.drop(u.ID)
		return false
	case ahead < patience:
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
	return true
}

// recent remembers the updates of the last moments.
type recent struct {
	mu    sync.Mutex
	ids   map[int64]bool
	order []int64
}

func (r *recent) add(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids[id] {
		return false
	}
	r.ids[id] = true
	if r.order = append(r.order, id); len(r.order) > rememberIDs {
		delete(r.ids, r.order[0])
		r.order = r.order[1:]
	}
	return true
}

func (r *recent) drop(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ids, id)
}
