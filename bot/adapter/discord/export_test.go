package discord

import (
	"context"
	"time"

	"griot/bot/adapter"
)

// Hurry makes the adapter wait hardly at all before it tries again.
func Hurry(a *Adapter) {
	a.backoff = func(int) time.Duration { return 5 * time.Millisecond }
	a.identifyEvery = 5 * time.Millisecond
}

// IdentifyEvery sets the time between two sessions begun under one key.
func IdentifyEvery(a *Adapter, d time.Duration) { a.identifyEvery = d }

// Patience sets after how long an answer is deferred.
func Patience(a *Adapter, d time.Duration) { a.patient = d }

// Register registers the core's commands once.
func Register(ctx context.Context, a *Adapter, c adapter.Core) error {
	return a.register(ctx, wanted(c.Table()))
}

// CompareOften makes a changed table show at once.
func CompareOften(a *Adapter) { a.compare = 5 * time.Millisecond }
