// Package schedule says when a digest is due, on the clock that hangs on the
// wall of a reader's zone. robfig/cron parses expressions; the stepping is
// ours, because people expect the wall clock: a time that a clock change skips
// fires at the first instant after the gap, a time that comes twice fires once,
// and two wall times that fall on one instant are one fire.
package schedule
