package commands

import (
	"testing"
	"time"

	"griot/briefings"
)

func TestTodayIsTheAskers(t *testing.T) {
	t.Parallel()
	r := Request{Now: time.Date(2026, 3, 9, 23, 30, 0, 0, time.UTC), Lang: briefings.EN}
	if got := readPeriod("today", r).First.String(); got != "2026-03-09" {
		t.Errorf("today in UTC is %s", got)
	}
	r.Zone = time.FixedZone("east", 3600)
	if got := readPeriod("today", r).First.String(); got != "2026-03-10" {
		t.Errorf("an hour further east today is %s", got)
	}
}
