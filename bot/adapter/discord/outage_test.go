package discord

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"griot/bot/adapter"
)

func TestOutagesAreToldOnce(t *testing.T) {
	t.Parallel()
	dead := errors.New("call not sent: connection refused")
	bad := meaning(&fault{status: 502})
	noon := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name  string
		alone bool
		errs  []error // one a minute
		want  []slog.Level
	}{
		{"dead host beside a link", false, []error{dead, dead, bad, dead, dead, dead, dead}, []slog.Level{-4, -4, -4, -4, -4, 8, -4}},
		{"dead host without a link", true, []error{bad, dead, dead, dead, dead, bad, dead}, []slog.Level{4, -4, -4, -4, -4, 8, -4}},
		{"refused", false, []error{fmt.Errorf("register: %w", meaning(&fault{status: 400, code: codeInvalidForm})), meaning(&fault{status: 403})}, []slog.Level{8, 8}},
		{"a wait", true, []error{&adapter.RetryError{After: time.Second, Err: &fault{status: 429}}}, []slog.Level{4}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var o outage
			for i, err := range tc.errs {
				if got := o.level(noon.Add(time.Duration(i)*time.Minute), err, tc.alone); got != tc.want[i] {
					t.Errorf("failure %d (%v) is %v, want %v", i, err, got, tc.want[i])
				}
			}
		})
	}
}
