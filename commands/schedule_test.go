package commands

import (
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

// TestNextTellsOfQuietHours: when a digest is due is not when it comes.
func TestNextTellsOfQuietHours(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		hours, at, want string
	}{
		{"22:00-07:00", "23:00", "07:00"},
		{"22:00-07:00", "22:00", "07:00"},
		{"22:00-07:00", "00:00", "07:00"},
		{"22:00-07:00", "06:59", "07:00"},
		{"22:00-07:00", "07:00", ""},
		{"22:00-07:00", "21:59", ""},
		{"12:00-14:30", "13:00", "14:30"},
		{"12:00-14:30", "14:30", ""},
		{"12:00-14:30", "23:00", ""},
		{"", "23:00", ""},
	} {
		at, err := time.Parse("2006-01-02 15:04", "2026-04-22 "+tc.at)
		if err != nil {
			t.Fatal(err)
		}
		s := Subscription{Zone: "UTC", QuietHours: tc.hours, Next: at}
		got := nextWords(s).In(briefings.EN)
		if _, until, held := strings.Cut(got, "hold it until "); held != (tc.want != "") || held && until != tc.want+"." {
			t.Errorf("%s at %s: %q, want it held until %q", tc.hours, tc.at, got, tc.want)
		}
	}
}
