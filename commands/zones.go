package commands

import (
	_ "embed"
	"strings"
	"time"

	"griot/briefings"
)

// zones are the time zones offered while typing: a city for every offset and
// region that people live in. Any other IANA name is understood as well.
var zones = strings.Fields(zoneList)

//go:embed zones.txt
var zoneList string

func completeZone(typed string) []Choice {
	var all []Choice
	for _, z := range zones {
		all = append(all, Choice{z, briefings.Same(z)})
	}
	return matching(all, typed)
}

// findZone reads an IANA name or, of the zones we offer, its city.
func findZone(r Request, s string) (string, error) {
	want := briefings.Fold(s)
	for _, z := range zones {
		if f := briefings.Fold(z); f == want || strings.HasSuffix(f, " "+want) {
			return z, nil
		}
	}
	// LoadLocation takes "Local" and "" too, which mean whatever machine this runs on.
	if len(s) < 64 && s != "" && !strings.EqualFold(s, "local") {
		if _, err := time.LoadLocation(s); err == nil {
			return s, nil
		}
	}
	e := wrong("I know no time zone “%s”. Names look like Europe/Paris or UTC.", "Je ne connais pas de fuseau horaire « %s ». Les noms ressemblent à Europe/Paris ou UTC.", clip(s))
	var names [][]string
	for _, z := range zones {
		_, city, _ := strings.Cut(z, "/")
		names = append(names, []string{z, z, city})
	}
	for _, z := range pick(s, names, 3) {
		e.offer(briefings.Same(z), r.again("zone", z))
	}
	return "", e
}
