package briefings_test

import (
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

func TestInventedPackLoads(t *testing.T) {
	t.Parallel()
	p := briefingstest.Pack(t)
	if len(p.Events) != 11 || len(p.Topics) != 3 || len(p.Sources) != 11 {
		t.Errorf("%d events, %d topics, %d sources", len(p.Events), len(p.Topics), len(p.Sources))
	}
	x := briefings.NewIndex(p)
	s := x.Topic("velmora").Section(briefings.EN, briefings.Summary)
	if s == nil || len(s.Blocks) != 1 || len(s.Blocks[0].Spans) != 8 {
		t.Fatalf("summary is %+v", s)
	}
}

func TestEmbeddedPackLoads(t *testing.T) {
	t.Parallel()
	p, faults := briefings.Load(briefings.Embedded(), time.Now())
	errors := 0
	for _, f := range faults {
		if f.Severity != briefings.Error {
			continue
		}
		if errors++; errors <= 20 {
			t.Errorf("%v", f)
		}
	}
	if errors > 0 {
		t.Errorf("%d errors in all", errors)
	}
	if len(p.Events) == 0 || len(p.Sources) == 0 {
		t.Errorf("%d events, %d sources", len(p.Events), len(p.Sources))
	}
}
