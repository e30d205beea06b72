package briefings

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the thresholds anew")

// sample is what a question that was not refused gives to choose thresholds by.
type sample struct {
	q        labelled
	evidence evidence
	fixed    Band // where thresholds decide nothing
	right    bool
	removed  bool // what answers it was taken away
}

func (x *Index) sampled(q labelled, removed bool) sample {
	s := x.words()
	skip := func(*document) bool { return false }
	if removed {
		skip = q.holds
	}
	asked := q.asked(q.Text)
	u := x.understand(asked)
	out := sample{q: q, removed: removed}
	if x.refused(u, asked) != "" {
		out.fixed = BandNone
		return out
	}
	if pins := x.pins(u, testDay, skip); len(pins) > 0 {
		out.fixed, out.right = BandAnswer, q.right(s.docs[pins[0]].id)
		return out
	}
	top := s.rank(u, maxCandidates, testDay, skip)
	out.evidence = x.evidence(u, top)
	out.right = len(top) > 0 && q.right(s.docs[top[0].doc].id)
	return out
}

func (o sample) band(at bands) Band {
	if o.fixed != "" {
		return o.fixed
	}
	return at.band(o.evidence)
}

// figures says what thresholds do to samples.
func (at bands) figures(samples []sample) map[string]float64 {
	count := map[string][2]float64{}
	add := func(name string, yes bool) {
		n := count[name]
		if n[1]++; yes {
			n[0]++
		}
		count[name] = n
	}
	for _, o := range samples {
		band := o.band(at)
		switch {
		case o.removed:
			add("answer removed, answered nevertheless", band == BandAnswer)
		case o.q.Answer != nil:
			add("answerable, answered rightly", band == BandAnswer && o.right)
			add("answerable, answered with another entry", band == BandAnswer && !o.right)
			add("answerable, refused", band == BandNone)
		default:
			add("unanswerable, answered", band == BandAnswer)
			if o.q.Kind == "offtopic" || o.q.Kind == "region" {
				add("off the topic, refused", band == BandNone)
			}
		}
	}
	out := map[string]float64{}
	for name, n := range count {
		out[name] = float64(int(1000*n[0]/n[1]+0.5)) / 1000
	}
	return out
}

// TestCalibrate holds that the thresholds in use still do on the questions what
// their file says, within a few questions; with -update it chooses them anew.
// Chosen are those that answer most of the answerable questions of the first
// half while at most one in ten that have no answer and one in twenty-five that
// have another is answered.
func TestCalibrate(t *testing.T) {
	t.Parallel()
	x := embeddedIndex()
	halves := map[bool][]sample{}
	for _, q := range questions(t) {
		halves[q.calibrates] = append(halves[q.calibrates], x.sampled(q, false))
		if q.Answer != nil {
			halves[q.calibrates] = append(halves[q.calibrates], x.sampled(q, true))
		}
	}
	figures := func(at bands) map[string]map[string]float64 {
		return map[string]map[string]float64{"calibration": at.figures(halves[true]), "reported": at.figures(halves[false])}
	}
	if *update {
		best := chosen(halves[true])
		best.Figures = figures(best)
		out, err := json.MarshalIndent(best, "", "  ")
		if err == nil {
			err = os.WriteFile("bands.json", append(out, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	const few = 0.04
	if d := cmp.Diff(thresholds().Figures, figures(thresholds()), cmpopts.EquateApprox(0, few)); d != "" {
		t.Errorf("the questions give other figures than bands.json (-file +now):\n%s\ngo test ./briefings -run Calibrate -update chooses anew", d)
	}
}

func chosen(samples []sample) bands {
	best, most := bands{}, -1.0
	for answer := 60; answer <= 95; answer += 5 {
		for margin := 100; margin <= 140; margin += 5 {
			at := bands{Answer: float64(answer) / 100, Margin: float64(margin) / 100}
			f := at.figures(samples)
			good := f["answerable, answered rightly"] - f["answer removed, answered nevertheless"]/10
			if f["unanswerable, answered"] <= 0.1 && f["answerable, answered with another entry"] <= 0.04 && good > most {
				best, most = at, good
			}
		}
	}
	most = -1
	for closest := 30; closest <= 70; closest += 2 {
		for nameless := closest; nameless <= 90; nameless += 2 {
			at := best
			at.Closest, at.Nameless = float64(closest)/100, float64(nameless)/100
			f := at.figures(samples)
			if good := f["off the topic, refused"] - 3*f["answerable, refused"]; good >= most { // of equal ones the strictest
				best.Closest, best.Nameless, most = at.Closest, at.Nameless, good
			}
		}
	}
	return best
}
