package briefings_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// sizes are the packs that the budgets speak of.
var sizes = [...]int{300, 10_000, 100_000}

func BenchmarkLoadEmbedded(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		briefings.Load(briefings.Embedded(), time.Now())
	}
}

func BenchmarkIndexEmbedded(b *testing.B) {
	p, _ := briefings.Load(briefings.Embedded(), time.Now())
	for b.Loop() {
		briefings.NewIndex(p).Warm()
	}
}

func BenchmarkIndex(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := briefingstest.Synthetic(n)
			var x *briefings.Index
			before := heap()
			for b.Loop() {
				x = briefings.NewIndex(p)
				x.Warm()
			}
			b.ReportMetric(float64(heap()-before)/float64(n), "B/item")
			runtime.KeepAlive(x)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkLookups measures what answers are made of, at each size.
func BenchmarkLookups(b *testing.B) {
	for _, n := range sizes {
		x := briefings.NewIndex(briefingstest.Synthetic(n))
		x.Warm()
		e := x.Events()[n/3]
		name := x.Actor(e.Actors[0]).Name.EN
		title := e.Title.EN
		typo := "x" + title[1:]
		from, to := briefings.Date{Year: 2018}, briefings.Date{Year: 2019, Month: 6}
		for _, bm := range []struct {
			name string
			run  func()
		}{
			{"search", func() { x.Search(title, briefings.EN, 10) }},
			{"search-typo", func() { x.Search(typo, briefings.EN, 10) }},
			{"find", func() { x.Find(name) }},
			{"near-prefix", func() { x.Near(name[:2], 25) }},
			{"near-typo", func() { x.Near(name[:3]+"x"+name[4:], 25) }},
			{"near-nothing", func() { x.Near("qqqqqqqqqqqq", 25) }},
			{"near-kind", func() { x.Near("a", 25, briefings.KindTopic) }},
			{"mentions", func() { x.Mentions(title + " " + name) }},
			{"select-topic", func() { x.Select(briefings.Filter{Topic: e.Topics[0], From: from, To: to}) }},
			{"select-actor", func() { x.Select(briefings.Filter{Actor: e.Actors[0]}) }},
			{"select-country-kind", func() { x.Select(briefings.Filter{Country: "XO", Kind: e.Kind}) }},
			{"disputed", func() { x.Disputed(e.Topics[0]) }},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, bm.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					bm.run()
				}
			})
		}
	}
}
