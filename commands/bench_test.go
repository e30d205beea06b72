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
			"filtered": `/search query:"` + live.Index().Pack().Events[7].Title.EN + `" topic:` + topic.Topic + " from:2020",
			"ask":      `/ask question:"what happened when ` + live.Index().Pack().Events[7].Title.EN + `"`,
			"asktypo":  `/ask question:"how many zzbagazobe in 2020 ` + live.Index().Pack().Events[9].Title.EN[1:] + `"`,
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
				timed(b, func() { c.Answer(b.Context(), r) })
			})
		}
	}
}

// timed runs a function again and again; p50-µs and p99-µs are the times that
// half and 99 in 100 of its runs do not exceed.
func timed(b *testing.B, run func()) {
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		run()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
}

// BenchmarkTyping completes an option and an inline query at every letter of a
// title, as people type it.
func BenchmarkTyping(b *testing.B) {
	for _, n := range []int{300, 10_000, 100_000} {
		live := &briefings.Live{}
		x := briefings.NewIndex(briefingstest.Synthetic(n))
		x.Warm()
		live.Swap(x)
		c := New(Options{Live: live, Now: func() time.Time { return testNow }})
		title := x.Pack().Events[7].Title.EN
		i := 0
		next := func() string {
			i = i%min(len(title), 40) + 1
			return title[:i]
		}
		r := Request{Command: "search", Lang: briefings.EN, Now: testNow}
		b.Run(fmt.Sprintf("complete/%d", n), func(b *testing.B) {
			timed(b, func() { c.Complete(b.Context(), r, "query", next()) })
		})
		b.Run(fmt.Sprintf("suggest/%d", n), func(b *testing.B) {
			timed(b, func() { c.Suggest(b.Context(), r, next(), 0, 10) })
		})
	}
}
