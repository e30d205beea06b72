package briefings_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
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
	p, faults := briefings.Check(briefings.Embedded(), time.Now())
	for i, f := range faults { // warnings too: it is to be clean with every rule on
		if i < 20 {
			t.Errorf("%v", f)
		}
	}
	if len(faults) > 0 {
		t.Errorf("%d faults in all", len(faults))
	}
	if len(p.Events) == 0 || len(p.Sources) == 0 {
		t.Errorf("%d events, %d sources", len(p.Events), len(p.Sources))
	}
}

// TestSkeletonIsAPack that an editor can begin with: it breaks no rule, and
// holds one of everything that a guide can point to.
func TestSkeletonIsAPack(t *testing.T) {
	t.Parallel()
	p, faults := briefings.Load(briefings.Skeleton(), briefingstest.Now)
	if len(faults) > 0 {
		t.Errorf("faults %v", faults)
	}
	for what, n := range map[string]int{
		"topics": len(p.Topics), "events": len(p.Events), "claims": len(p.Events[0].Claims), "actors": len(p.Actors), "terms": len(p.Terms),
		"places": len(p.Places), "sources": len(p.Sources), "words to avoid": len(p.Style.Avoid), "voices": len(p.Voices),
	} {
		if n == 0 {
			t.Errorf("it has no %s", what)
		}
	}
}

// Volumes that are mounted into containers show files and folders as links.
func TestLoadFollowsLinks(t *testing.T) {
	t.Parallel()
	data, shown := t.TempDir(), t.TempDir()
	if err := os.CopyFS(data, briefingstest.FS()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pack.yaml", "sources.yaml", "actors.yaml", "terms.yaml", "places.yaml", "events", "topics"} {
		if err := os.Symlink(filepath.Join(data, name), filepath.Join(shown, name)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	p, faults := briefings.Load(os.DirFS(shown), briefingstest.Now)
	if len(faults) > 0 || p.Hash != briefingstest.Pack(t).Hash {
		t.Errorf("faults %v", faults)
	}
}

func TestLoadSaysWhatIsNoPack(t *testing.T) {
	t.Parallel()
	for name, fsys := range map[string]fs.FS{
		"an empty folder":   os.DirFS(t.TempDir()),
		"no folder":         os.DirFS(filepath.Join(t.TempDir(), "none")),
		"a file for a list": fstest.MapFS{"events": {Data: []byte("x")}, "pack.yaml": {Data: []byte("name: x")}},
	} {
		if _, faults := briefings.Load(fsys, briefingstest.Now); len(briefings.Errors(faults)) == 0 {
			t.Errorf("%s: faults %v", name, faults)
		}
	}
}
