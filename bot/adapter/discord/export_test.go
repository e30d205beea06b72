package discord

import "time"

// Hurry makes the adapter wait hardly at all before it tries again.
func Hurry(a *Adapter) { a.backoff = func(int) time.Duration { return 5 * time.Millisecond } }

// Patience sets after how long an answer is deferred.
func Patience(a *Adapter, d time.Duration) { a.patient = d }
