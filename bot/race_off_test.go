//go:build !race

package main

// raced says that the race detector is on, which slows processes so much that
// what is timed in them cannot be told from what is wrong.
const raced = false
