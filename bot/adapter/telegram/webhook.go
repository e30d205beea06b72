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
	"strconv"
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
	// updateHold is how long one process has for an update, the time it waits in
	// line among it: longer than it takes, for when it is over, the update is
	// another's. updateKept is how long an update is known to be handled;
	// Telegram brings it for a day at most.
	updateHold = handleTime + 30*time.Second
	updateKept = 25 * time.Hour
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
// brought twice is handled once, as far as this process remembers, and by one
// of the processes of a fleet.
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
	switch claim, err := a.claim(ctx, u); {
	case claim == adapter.Done:
		return true
	case claim == adapter.Busy:
		if err != nil {
			a.log.Warn("update left for later, not known whether another process has it", "err", err)
		}
		seen.drop(u.ID)
		return false
	}
	done := make(chan struct{})
	work := context.WithoutCancel(ctx)
	ahead, err := a.work.do(ctx, u.key(), func() {
		defer close(done)
		a.handle(work, core, u)
		a.settle(work, u, updateKept)
	})
	switch {
	case errors.Is(err, errFlood):
		a.log.Warn("update skipped", "update", u.ID, "err", err)
		a.settle(work, u, updateKept)
	case err != nil:
		seen.drop(u.ID)
		a.settle(work, u, 0)
		return false
	case ahead < patience:
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
	return true
}

// claim asks whether an update is this process's to handle.
func (a *Adapter) claim(ctx context.Context, u update) (adapter.Claim, error) {
	if a.fleet == nil {
		return adapter.Mine, nil
	}
	claim, err := a.fleet.Claim(ctx, a.claimName(u), updateHold)
	if err != nil {
		claim = adapter.Busy
	}
	return claim, err
}

// settle says that an update is handled, or, for no time, that it is not.
func (a *Adapter) settle(ctx context.Context, u update, keep time.Duration) {
	if a.fleet == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.fleet.Settle(ctx, a.claimName(u), keep); err != nil {
		a.log.Warn("not noted that an update is handled, it may be handled again", "update", u.ID, "err", err)
	}
}

func (a *Adapter) claimName(u update) string {
	return "telegram:" + a.id + "|update|" + strconv.FormatInt(u.ID, 10)
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
