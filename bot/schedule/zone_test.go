package schedule

import (
	"archive/zip"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/commands"
)

var update = flag.Bool("update", false, "rewrite zones.txt from Go's zoneinfo.zip")

func TestZonesAllLoad(t *testing.T) {
	t.Parallel()
	if *update {
		writeZones(t)
	}
	if !slices.IsSorted(Zones()) || len(Zones()) < 500 {
		t.Errorf("%d zones, or not sorted; run go test ./bot/schedule -update", len(Zones()))
	}
	for _, z := range Zones() {
		if loc, err := Zone(z); err != nil || loc.String() != z {
			t.Errorf("zone %s loads as %v, %v", z, loc, err)
		}
	}
}

func writeZones(t *testing.T) {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var names []string
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") && f.Name != "Factory" {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	if err := os.WriteFile("zones.txt", []byte(strings.Join(names, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("wrote zones.txt with %d names; run again without -update", len(names))
}

func TestNearZones(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Europe/Pari": "Europe/Paris", "europe/pars": "Europe/Paris", "paris": "Europe/Paris", "Bamako": "Africa/Bamako", "Africa/Bamacko": "Africa/Bamako",
		"new york": "America/New_York", "Asia/Paris": "Europe/Paris", "Ouagadougu": "Africa/Ouagadougou", "Niamey": "Africa/Niamey", "lord howe": "Australia/Lord_Howe",
	} {
		if got := NearZones(typed, 3); len(got) == 0 || got[0] != want {
			t.Errorf("near %q: %v, want %s first", typed, got, want)
		}
	}
	for _, typed := range []string{"", "x", "Wonderland/Nowhere", strings.Repeat("a", 10000), "\x00\xff"} {
		if got := NearZones(typed, 3); len(got) != 0 {
			t.Errorf("near %q: %v, want none", typed, got)
		}
	}
}

func TestZoneRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "local", "Europe/Pari", "../etc/passwd", "Factory", "UTC+1", "Europe/Paris\n", "+01:00"} {
		_, err := Zone(name)
		if ue, ok := errors.AsType[*commands.UserError](err); !ok || !strings.Contains(ue.Say.EN, "time zone") {
			t.Errorf("%q: %v, want a kind refusal", name, err)
		}
	}
	_, err := Parse("daily 07:00", "Europe/Pari")
	if err == nil || !strings.Contains(err.Error(), "Did you mean Europe/Paris") {
		t.Errorf("Europe/Pari: %v", err)
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, span, zone, at, want string }{
		{"none", "", "Europe/Paris", "2026-03-28T23:00:00+01:00", "2026-03-28T23:00:00+01:00"},
		{"before", "22:00-07:00", "Europe/Paris", "2026-03-27T21:59:59+01:00", "2026-03-27T21:59:59+01:00"},
		{"from its first instant", "22:00-07:00", "Europe/Paris", "2026-03-27T22:00:00+01:00", "2026-03-28T07:00:00+01:00"},
		{"after midnight", "22:00-07:00", "Europe/Paris", "2026-03-27T00:30:00+01:00", "2026-03-27T07:00:00+01:00"},
		{"to its end, not longer", "22:00-07:00", "Europe/Paris", "2026-03-27T07:00:00+01:00", "2026-03-27T07:00:00+01:00"},
		{"across the spring change", "22:00-07:00", "Europe/Paris", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"across the autumn change", "22:00-07:00", "Europe/Paris", "2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"the end does not exist", "22:00-02:30", "Europe/Paris", "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"the end comes twice: the first counts", "22:00-02:30", "Europe/Paris", "2026-10-25T02:10:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"and the second is not quiet", "22:00-02:30", "Europe/Paris", "2026-10-25T02:10:00+01:00", "2026-10-25T02:10:00+01:00"},
		{"within a day", "12:00-14:00", "Africa/Bamako", "2026-03-27T13:00:00Z", "2026-03-27T14:00:00Z"},
		{"within a day, outside", "12:00-14:00", "Africa/Bamako", "2026-03-27T15:00:00Z", "2026-03-27T15:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			q, err := ParseQuiet(tc.span, tc.zone)
			if err != nil || q.String() != tc.span {
				t.Fatalf("%q reads as %q, %v", tc.span, q, err)
			}
			at, _ := time.Parse(time.RFC3339, tc.at)
			want, _ := time.Parse(time.RFC3339, tc.want)
			if got := q.End(at); !got.Equal(want) {
				t.Errorf("quiet at %s until %s, want %s", tc.at, got, tc.want)
			}
		})
	}
	for _, bad := range []string{"22:00", "22-07", "22:00-22:00", "24:00-07:00", "-", "a-b"} {
		if _, err := ParseQuiet(bad, "UTC"); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestQuietEndsAndIsOver: the end of quiet hours is never quiet, and never more than a day and an hour away.
func TestQuietEndsAndIsOver(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Paris", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"} {
		for _, span := range []string{"22:00-07:00", "01:30-02:30", "00:00-23:00", "03:30-02:00", "23:30-00:15"} {
			q, err := ParseQuiet(span, zone)
			if err != nil {
				t.Fatal(err)
			}
			for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2027; at = at.Add(17 * time.Minute) {
				end := q.End(at)
				if end.Before(at) || end.Sub(at) > 25*time.Hour || !q.End(end).Equal(end) {
					t.Fatalf("%s in %s at %s: ends %s, then %s", span, zone, at, end, q.End(end))
				}
			}
		}
	}
}
