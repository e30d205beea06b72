package commands

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// BenchmarkAnswer asks of packs of several sizes; p99-µs is the time that 99
// answers in 100 do not exceed.
func BenchmarkAnswer(b *testing.B) {
	for _, n := range []int{300, 10_000, 100_000} {
		live := &briefings.Live{}
		x := briefings.NewIndex(briefingstest.Synthetic(n))
		x.Warm()
		live.Swap(x)
		c := New(Options{Live: live, Now: func() time.Time { return testNow }})
		topic := c.Table()[0]
		actor := live.Index().Pack().Actors[0].Slug
		for name, line := range map[string]string{
			"topic":    "/" + topic.Name,
			"timeline": "/timeline topic:" + topic.Topic + " from:2020 to:2024 country:XV",
			"all":      "/timeline",
			"latest":   "/latest since:2024",
			"search":   `/search query:"` + live.Index().Pack().Events[7].Title.EN + `"`,
			"typo":     "/search query:zzbagazobe",
			"who":      "/who " + actor,
			"near":     "/who name:bagazobe",
			"sources":  "/sources " + topic.Topic,
			"disputed": "/disputed",
			"help":     "/help",
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				r, err := ParseLine(c.Table(), line)
				if err != nil {
					b.Fatal(err)
				}
				r.Place, r.User, r.Now, r.Lang = inPrivate, "u1", testNow, briefings.EN
				var took []time.Duration
				for b.Loop() {
					start := time.Now()
					c.Answer(b.Context(), r)
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
			})
		}
	}
}
