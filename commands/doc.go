// Package commands is what we say: it turns a [Request] into a [Reply]. Every
// command is a row of one table ([Core.Table]); help texts, Discord's
// registration and Telegram's menus are made from that table. A reply is plain
// data: no markup and no platform's limit appears in this package. A digest is
// a command on a timer: the scheduler asks for it here too ([Core.Digest]).
//
// Where to look: core.go runs a command and turns faults into kind sentences
// (refusal.go); line.go reads and writes command lines, which buttons carry as
// well; view.go is the content as readers see it now; compose.go puts an answer
// together and numbers its sources; words.go has the words all answers share.
// Each command has a file of its own, with its words in every language.
//
// What holds for every answer, by laws_test.go: each sentence of content ends
// with a citation, a claim names who makes it, what rests on weak sources alone
// is marked, the list of sources has exactly those cited, the age is said, and
// every button's line can be read.
package commands
