package briefings

import (
	"slices"
	"strings"
)

// didYouMean suggests the nearest of the known words, or lists them when none is near.
func didYouMean(word string, known []string) string {
	known = slices.Sorted(slices.Values(known)) // the caller keeps its own order, and may share it
	best, at := "", 3
	for _, k := range known {
		if d := distance(word, k); d < at || d == at && best == "" && strings.HasPrefix(k, word) {
			best, at = k, d
		}
	}
	if best != "" {
		return "Did you mean \"" + best + "\"?"
	}
	if len(known) > 20 {
		return "Correct it, or add what it names."
	}
	return "There are: " + strings.Join(known, ", ") + "."
}
