package storetest

import (
	"strings"
	"testing"
)

func TestEach(t *testing.T) {
	t.Parallel()
	seen := make(chan string, len(kinds))
	t.Run("all", func(t *testing.T) {
		Each(t, func(t *testing.T, url string) { seen <- url })
	})
	close(seen)
	schemes := map[string]int{}
	for url := range seen {
		scheme, _, _ := strings.Cut(url, ":")
		schemes[scheme]++
	}
	if schemes["sqlite"] != 2 {
		t.Errorf("databases %v, want SQLite in a file and in memory", schemes)
	}
}
