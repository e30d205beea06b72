package briefings

import (
	_ "embed" // for the thresholds
	"encoding/json"
	"sync"
)

//go:embed bands.json
var bandsFile []byte

// bands are the thresholds of coverage between the bands, and what they were
// found to do on the labelled questions. The file is written by
//
//	go test ./briefings -run Calibrate -update
type bands struct {
	Answer   float64 `json:"answer"`   // answered: coverage of at least this,
	Margin   float64 `json:"margin"`   // and so many times the score of the next
	Closest  float64 `json:"closest"`  // the closest entries: coverage of at least this,
	Nameless float64 `json:"nameless"` // or this where the question names no actor, place or briefing
	// Figures are shares of the labelled questions, from 0 to 1, by their half.
	Figures map[string]map[string]float64 `json:"figures"`
}

// thresholds returns what the file says. It panics when that is no JSON.
var thresholds = sync.OnceValue(func() bands {
	var b bands
	if err := json.Unmarshal(bandsFile, &b); err != nil {
		panic(err) // a file of ours, embedded
	}
	return b
})

// band says how well evidence answers.
func (at bands) band(e evidence) Band {
	least := at.Closest
	if !e.named {
		least = at.Nameless
	}
	switch {
	case e.coverage == 0 || e.coverage < least:
		return BandNone
	case !e.sure || !e.named || e.coverage < at.Answer || e.margin < at.Margin:
		return BandClosest
	}
	return BandAnswer
}
