package briefings_test

import (
	"testing"
	"unsafe"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// TestHashOf: every item has the hash of its revision, and it is made once,
// however often it is asked for.
func TestHashOf(t *testing.T) {
	t.Parallel()
	pack, _ := briefings.Load(briefings.Embedded(), briefingstest.Now)
	x := briefings.NewIndex(pack)
	revisions := pack.Revisions()
	if len(revisions) < 100 {
		t.Fatalf("%d revisions, want those of a whole pack", len(revisions))
	}
	for id, rev := range revisions {
		first := x.HashOf(id)
		if again := x.HashOf(id); first != rev.Hash || again != first || unsafe.StringData(again) != unsafe.StringData(first) {
			t.Errorf("%s has hash %q, then %q; want %q, the same", id, first, again, rev.Hash)
		}
	}
	if got := x.HashOf("topic:nowhere"); got != "" {
		t.Errorf("what is not there has hash %q", got)
	}
}
