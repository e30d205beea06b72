// Package adapter is the seam between what we say and the platforms it is said
// on. An [Adapter] receives requests, has the [Core] answer them, and lays the
// replies out; what only one platform can do is a further small interface.
// adaptertest.Run holds every promise made here; each adapter's test calls it.
package adapter
