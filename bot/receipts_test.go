package main

import (
	"slices"
	"time"
)

// receipt is one message as its reader sees it.
type receipt struct {
	text string
	at   time.Time
	by   string // the process that sent it, where the platform tells
}

// received lists what stands in a place, the oldest first.
func (w *world) received(p addressee) []receipt {
	var out []receipt
	if p.channel != "" {
		for _, m := range w.discord.Messages(p.channel) {
			out = append(out, receipt{text: m.Text()})
		}
		return out
	}
	for _, m := range w.telegram.Messages(p.chat) {
		out = append(out, receipt{m.Text, m.At, m.By})
	}
	return out
}

// toll is what the readers' receipts come to, whatever our tables say.
type toll struct {
	wanted  int // messages there should be
	lost    int // of them, those that are not there
	astray  int // those that nobody should have, or in a wrong order
	doubled map[string][]double
}

// double is a message that stands twice.
type double struct{ first, second receipt }

// judge compares what places of the same topic received: all of them get the
// same parts in the same order, each once. How many parts there are is what
// most of them have.
func (w *world) judge() toll {
	w.t.Helper()
	whole := map[string][]string{}
	for _, p := range w.readers { // the longest without a double is whole
		var texts []string
		for _, r := range w.received(p) {
			if !slices.Contains(texts, r.text) {
				texts = append(texts, r.text)
			}
		}
		if len(texts) > len(whole[p.group()]) {
			whole[p.group()] = texts
		}
	}
	t := toll{doubled: map[string][]double{}}
	for _, p := range w.readers {
		want := whole[p.group()]
		t.wanted += len(want)
		first := map[string]receipt{}
		var order []string
		for _, r := range w.received(p) {
			one, again := first[r.text]
			switch {
			case again:
				platform := "telegram"
				if p.channel != "" {
					platform = "discord"
				}
				t.doubled[platform] = append(t.doubled[platform], double{one, r})
			case !slices.Contains(want, r.text):
				t.astray++
			default:
				order = append(order, r.text)
			}
			if !again {
				first[r.text] = r
			}
		}
		t.lost += len(want) - len(order)
		if len(order) == len(want) && !slices.Equal(order, want) {
			t.astray++
		}
	}
	for group, parts := range whole {
		w.t.Logf("%s: %d parts", group, len(parts))
	}
	return t
}
