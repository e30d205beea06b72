// Package telegramtest is a small, strict Telegram: a Bot API server on
// loopback that refuses what the real one refuses, with its words, and lets
// tests play the people in the chats. [New] starts one; a program under test
// finds it by the address of its API alone.
//
// It is stricter than the real one where that one drops something silently:
// entities past the hundredth, entities it does not know, fields it does not know.
package telegramtest
