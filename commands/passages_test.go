package commands

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
)

// TestWhatAnItemSaidBefore: of an item that changed readers are told what it
// said, place by place, but for what a correction tells already.
func TestWhatAnItemSaidBefore(t *testing.T) {
	t.Parallel()
	fixed := []briefings.Correction{{Was: both("It was dated 6 March 2024.", "Datée du 6 mars 2024."), Now: both("It took place on 7 March 2024.", "Elle a eu lieu le 7 mars 2024.")}}
	for _, tc := range []struct {
		name, was, now string
		fixes          []briefings.Correction
		want           []string
	}{
		{"a number", "The toll is 12.", "The toll is 19.", nil, []string{"Before: “The toll is 12.” Now: “The toll is 19.” [1]"}},
		{"a word", "A truce holds in the north.", "A fragile truce holds in the north.", nil, []string{"Before: “A truce holds in the north.” Now: “A fragile truce holds in the north.” [1]"}},
		{"a line", "One.", "One.\nTwo.", nil, []string{"Added: “Two.” [1]"}},
		{"a line less", "One.\nTwo.", "One.", nil, []string{"Taken out: “Two.” [1]"}},
		{"nothing readers read", "One.", "One.", nil, []string{"The text is the same; its sources, its date or how sure it is changed. [1]"}},
		{"what a correction tells", "6 March 2024\nIt began.", "7 March 2024\nIt began.", fixed, nil},
		{"more than a correction tells", "6 March 2024\nIt began at noon.", "7 March 2024\nIt began at dawn.", fixed, []string{"Before: “It began at noon.” Now: “It began at dawn.” [1]"}},
		{"a part of a word a correction has", "On the 6 day.\n4", "On the 7 day.\n2", fixed, []string{"Before: “4” Now: “2” [1]"}},
		{"words not kept", "", "It is so.", nil, nil},
		{
			"many places", "a a a a\nb b b b\nc c c c\nd d d d\ne e e e", "A a a a\nB b b b\nC c c c\nD d d d\nE e e e", nil,
			[]string{"Before: “a a a a” Now: “A a a a” [1]", "Before: “b b b b” Now: “B b b b” [1]", "Before: “c c c c” Now: “C c c c” And 2 more places. [1]"},
		},
	} {
		w := newWorld(t).view().compose(Request{Lang: briefings.EN}, "")
		ch := Change{Kind: Updated, Was: briefings.Same(tc.was), Now: briefings.Same(tc.now)}
		var got []string
		for _, e := range w.passages(ch, tc.fixes, []string{"lakes-herald-2025-11-02-election"}) {
			got = append(got, Join(e))
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

// TestSeveralChangesAreToldAsOne: from what stood before the first of them to
// what stands since the last.
func TestSeveralChangesAreToldAsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.changes = fakeChanges{
		{ID: "term:lake-levy", Kind: Updated, Seen: testNow.Add(-1), N: 4, Since: 3, Was: both("Three.", "Trois."), Now: both("Four.", "Quatre.")},
		{ID: "term:lake-levy", Kind: Updated, Seen: testNow.Add(-2), N: 3, Since: 2, Was: both("Two.", "Deux."), Now: both("Three.", "Trois.")},
		{ID: "term:lake-levy", Kind: Updated, Seen: testNow.Add(-3), N: 2, Since: 1, Was: both("One.", "Un."), Now: both("Two.", "Deux.")},
	}
	text := w.ask(t, briefings.EN, inPrivate, "/latest").Text()
	if !strings.Contains(text, "Before: “One.” Now: “Four.”") || strings.Contains(text, "Two.") || strings.Contains(text, "Three.") {
		t.Errorf("answers\n%s\nwant from one to four at once", text)
	}
}
