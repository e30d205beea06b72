// Package briefingstest has packs for tests: a small invented one with every
// kind of item, and synthetic ones of any size.
package briefingstest

import (
	"embed"
	"io/fs"
	"testing"
	"time"

	"griot/briefings"
)

//go:embed pack
var files embed.FS

// Now is the moment the invented pack is loaded at; nothing in it is later.
var Now = time.Date(2026, time.May, 1, 8, 0, 0, 0, time.UTC)

// FS returns the files of the invented pack.
func FS() fs.FS {
	sub, err := fs.Sub(files, "pack")
	if err != nil {
		panic(err) // the embedded folder has this name
	}
	return sub
}

// Pack returns the invented pack: the Three Lakes, with the published topics
// velmora and lakes-union (command union) and the draft fog.
func Pack(t testing.TB) *briefings.Pack {
	t.Helper()
	p, faults := briefings.Load(FS(), Now)
	for _, f := range faults {
		t.Errorf("%v", f)
	}
	if t.Failed() {
		t.FailNow()
	}
	return p
}

// Index returns the index of the invented pack.
func Index(t testing.TB) *briefings.Index {
	t.Helper()
	return briefings.NewIndex(Pack(t))
}
