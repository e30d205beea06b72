package schedule

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"time"
)

// zones lists the names of Go's copy of the IANA database, one a line, sorted.
// The test of this file says how it is made.
//
//go:embed zones.txt
var zones string

// Zone loads a zone by its IANA name; case does not count. Its errors are
// *commands.UserError and name the nearest zones. The program embeds
// time/tzdata, so that every name of the list loads on every machine.
func Zone(name string) (*time.Location, error) {
	known := ""
	for z := range strings.Lines(zones) {
		if z = strings.TrimSpace(z); strings.EqualFold(z, name) {
			known = z
			break
		}
	}
	if known == "" {
		return nil, unknownZone(name)
	}
	loc, err := time.LoadLocation(known)
	if err != nil {
		return nil, unknownZone(name)
	}
	return loc, nil
}

// Zones lists every zone name there is, sorted.
func Zones() []string { return strings.Fields(zones) }

func unknownZone(name string) error {
	near := NearZones(name, 3)
	if len(near) == 0 {
		return userError(
			"I do not know the time zone “%s”. Names look like Europe/Paris, Africa/Dakar or UTC.",
			"Je ne connais pas le fuseau horaire « %s ». Les noms ressemblent à Europe/Paris, Africa/Dakar ou UTC.", short(name))
	}
	return userError(
		"I do not know the time zone “%s”. Did you mean %s?",
		"Je ne connais pas le fuseau horaire « %s ». Vouliez-vous dire %s ?", short(name), strings.Join(near, ", "))
}

// NearZones returns up to limit zone names nearest to what was typed: those
// whose city begins with it, and those that differ by a few letters.
func NearZones(typed string, limit int) []string {
	want := foldZone(typed)
	if len(want) < 2 || len(want) > 40 {
		return nil
	}
	type scored struct {
		name  string
		score int
	}
	var near []scored
	for _, z := range Zones() {
		if s, ok := nearness(want, foldZone(z)); ok {
			near = append(near, scored{z, s})
		}
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
	var out []string
	for _, s := range near[:min(limit, len(near))] {
		out = append(out, s.name)
	}
	return out
}

// foldZone makes "New York" and "new_york" the same.
func foldZone(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(strings.TrimSpace(s)))
}

// nearness scores a zone for what was typed, 0 best.
func nearness(want, zone string) (int, bool) {
	city := zone[strings.LastIndexByte(zone, '/')+1:]
	switch {
	case want == zone, want == city:
		return 0, true
	case strings.HasPrefix(city, want), strings.HasPrefix(zone, want):
		return 2, true
	}
	d := distance(want, zone)
	if _, typedCity, ok := strings.Cut(want, "/"); ok {
		d = min(d, 1+distance(typedCity, city)) // the right city on the wrong continent
	} else {
		d = min(d, distance(want, city))
	}
	return 1 + d, d <= max(1, len(want)/5)
}

// distance is the Levenshtein distance of two short ASCII words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
