package commands

import (
	"testing"
	"time"

	"griot/briefings"
)

func TestReadDay(t *testing.T) {
	t.Parallel()
	r := Request{Lang: briefings.EN, Now: time.Date(2026, time.April, 21, 12, 0, 0, 0, time.UTC)}
	for said, want := range map[string]briefings.Date{
		"17 September": {Month: 9, Day: 17}, "09-17": {Month: 9, Day: 17}, "2024-09-17": {Month: 9, Day: 17},
		"today": {Month: 4, Day: 21}, "02-29": {Month: 2, Day: 29},
		"09": {}, "02-30": {}, "13-01": {}, "2024-09": {}, "2024": {}, "last month": {}, "never": {},
	} {
		if got := readDay(said, r); got != want {
			t.Errorf("%q is read as %v, want %v", said, got, want)
		}
	}
}

func TestNearestDayGoesRoundTheYear(t *testing.T) {
	t.Parallel()
	events := []*briefings.Event{
		{Date: briefings.Date{Year: 2021, Month: 6, Day: 5}},
		{Date: briefings.Date{Year: 2019, Month: 1, Day: 1}},
		{Date: briefings.Date{Year: 2025, Month: 12}},
		{Date: briefings.Date{Year: 2020}},
	}
	if got, want := nearestDay(events, briefings.Date{Month: 12, Day: 30}), (briefings.Date{Month: 1, Day: 1}); got != want {
		t.Errorf("nearest to 30 December is %v, want %v", got, want)
	}
	if got := nearestDay(events[2:], briefings.Date{Month: 12, Day: 30}); !got.IsZero() {
		t.Errorf("events without a day are near: %v", got)
	}
}
