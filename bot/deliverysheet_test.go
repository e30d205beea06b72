package main

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"griot/bot/delivery"
	"griot/bot/store"
	"griot/briefings/briefingstest"
	"griot/commands"
)

// TestDeliverySheet shows every state a delivery may be in, within the width of
// a terminal.
func TestDeliverySheet(t *testing.T) {
	t.Parallel()
	at := briefingstest.Now
	one := func(chat string, part int, state store.State, attempt int, ref, link, err string) delivery.Delivered {
		return delivery.Delivered{Link: link, Delivery: store.Delivery{
			To: commands.Destination{Platform: commands.Telegram, Chat: chat}, Part: part, State: state, Attempt: attempt, Ref: ref, Err: err, NotBefore: at.Add(time.Minute),
		}}
	}
	long := strings.Repeat("the platform said much about it, ", 10)
	rows := []delivery.Delivered{
		one("-1001234567890", 0, store.Sent, 1, "77", "https://t.me/c/1234567890/77", ""), one("42", 0, store.Sent, 3, "78", "", ""),
		one("42", 1, store.Planned, 0, "", "", ""), one("43", 0, store.Retry, 2, "", "", "429: too many requests"), one("44", 0, store.Started, 1, "", "", ""),
		one("45", 0, store.Claimed, 0, "", "", ""), one("46", 0, store.Unknown, 2, "", "", "outcome unknown: cut off"), one("47", 0, store.Dead, 3, "", "", long),
		one("47", 1, store.Skipped, 0, "", "", store.BehindLost), one("48", 0, store.Skipped, 0, "", "", "nothing new"), one("49", 0, store.Expired, 1, "", "", "too late: blocked"),
	}
	run := delivery.RunReport{Topics: []string{"velmora", "lakes-union"}, RunReport: store.RunReport{
		Run: store.Run{ID: "0123456789abcdef0123", Slot: "2026-05-01T09:00", Zone: "Africa/Bamako", Lang: "fr"}, Planned: at, Purpose: store.Digest, Places: 8,
		States:  map[store.State]int{store.Sent: 2, store.Planned: 1, store.Dead: 1, store.Unknown: 1, store.Expired: 1, store.Skipped: 2},
		Missing: []commands.Destination{rows[6].To, rows[7].To, rows[10].To, rows[0].To, rows[1].To},
	}}
	done := run
	done.Asked, done.States = true, map[store.State]int{store.Sent: 1}
	done.RunReport.Missing = nil
	late, notice := done, done
	late.Topics, late.States = nil, map[store.State]int{store.Skipped: 1}
	notice.Purpose, notice.Slot = store.Notice, ""
	pin, pinning := notice, notice
	pin.Purpose, pin.Topics = store.PinText, []string{"velmora"}
	pinning.Purpose, pinning.Topics = store.Pinning, []string{"velmora"}
	var out strings.Builder
	sheet := &deliverySheet{w: &out, clocks: clocks{}}
	sheet.held("moving house.", at)
	for _, r := range []delivery.RunReport{run, done, late, notice, pin, pinning} {
		if err := sheet.run(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := sheet.deliveries(rows); err != nil {
		t.Fatal(err)
	}
	out.WriteString("\nmissing alone\n")
	sheet.missing = true
	if err := sheet.deliveries(rows); err != nil {
		t.Fatal(err)
	}
	out.WriteString("\nput back\n")
	sheet.putBack("0123456789abcdef0123", store.PutBack{Parts: 3, Places: 2, Left: []store.Left{{To: rows[6].To, Why: store.LeftDoubt}, {To: rows[7].To, Why: store.LeftReplied}}})
	sheet.putBack("0123456789abcdef0123", store.PutBack{Left: []store.Left{{To: rows[7].To, Why: store.LeftHeld}}})
	sheet.putBack("0123456789abcdef0123", store.PutBack{})
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(line) - 1; n > sheetWidth {
			t.Errorf("%d characters in %q", n, line)
		}
	}
	golden(t, "testdata/golden/deliveries.golden", out.String())
}
