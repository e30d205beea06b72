// Package briefings holds what we know: packs of curated items, each with its
// sources. It loads a pack from a folder (load.go), checks it the way an editor
// would (check.go), and answers look-ups from an immutable [Index] (index.go,
// search.go). It imports nothing else of this module and knows no region: all
// it knows comes from the pack.
package briefings
