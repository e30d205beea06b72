package delivery

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"griot/briefings"
	"griot/commands"
)

// TestPutBack: what is withdrawn and put back stands again wherever its
// withdrawal was told, also where that was just about to be told.
func TestPutBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, to := readNewsroom(t, 2)
		without := func(p *briefings.Pack) {
			p.Events = slices.DeleteFunc(p.Events, func(e briefings.Event) bool { return e.Slug == "2025-01-15-levy-decreed" })
		}
		for _, told := range []bool{true, false} {
			n.publish(without)
			if told {
				time.Sleep(25 * time.Hour)
				synctest.Wait()
				for _, p := range to {
					if got := n.text(p); strings.Contains(got, wrong) || !strings.Contains(got, "It no longer stands") {
						t.Errorf("withdrawn, %s reads\n%s", p, got)
					}
				}
			}
			n.publish(nil)
			time.Sleep(25 * time.Hour)
			synctest.Wait()
			for _, p := range to {
				first := n.desks[p.Platform].at(p)[0].body
				if !strings.Contains(first, wrong) || strings.Contains(first, "It no longer stands") || strings.Contains(first, "Corrected on") || !strings.Contains(first, "Put back on") {
					t.Errorf("put back after it was told %t, %s reads\n%s", told, p, first)
				}
			}
		}
		list, err := n.store.Corrections(context.Background(), "event:2025-01-15-levy-decreed", 0)
		if err != nil || len(list) != 4 || list[0].Kind != commands.Added || list[0].Edited == 0 || list[0].Waiting > 0 || len(list[0].Unreachable) > 0 {
			t.Errorf("on record: %+v, %v", list, err)
		}
		n.halt()
	})
}

// TestRenamedLate: an item that seemed to be withdrawn, as nobody said which id
// it had before, stands again where that was told once somebody says so.
func TestRenamedLate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, to := readNewsroom(t, 2)
		rename := func(formerly ...string) {
			n.publish(func(p *briefings.Pack) {
				for i := range p.Events {
					if e := &p.Events[i]; e.Slug == "2025-01-15-levy-decreed" {
						e.Slug, e.Formerly = "2025-01-15-lake-levy", formerly
					}
				}
			})
			time.Sleep(time.Hour)
			synctest.Wait()
		}
		rename()
		for _, p := range to {
			if first := n.desks[p.Platform].at(p)[0].body; !strings.Contains(first, "It no longer stands") {
				t.Errorf("%s reads\n%s", p, first)
			}
		}
		rename("2025-01-15-levy-decreed")
		for _, p := range to {
			first := n.desks[p.Platform].at(p)[0].body
			if !strings.Contains(first, wrong) || strings.Contains(first, "It no longer stands") || !strings.Contains(first, "Put back on") {
				t.Errorf("with its former id, %s reads\n%s", p, first)
			}
		}
		n.halt()
	})
}
