// Package telegram is the adapter for Telegram. telegram-bot-api is its
// transport alone: calls go through MakeRequest with our own parameters, on a
// client that bounds them and keeps the token out of every error, because the
// token is in every address.
//
// Goroutines: Run owns the poll loop, the one that keeps menus, the one that
// keeps the note of updates and the one that waits for the loss of the lease; each chat
// with updates in hand has one goroutine of the dispatcher, which answers them
// in order, at most [inHand] chats in all with [inLine] updates each behind the
// one being answered; more of one chat are skipped. Run returns when all have
// ended; a webhook's request ends when its update is handled.
//
// An update is confirmed to Telegram when it is handled, or when it is kept in
// Notes as being in hand; a note holds the offset and what is in hand. So in
// normal running nothing is answered twice or lost, and what was in hand at a
// crash is handled at the next start: what a crash leaves between an answer and
// the note of it, some 25 ms, is answered again. A webhook's update is confirmed
// by the status of its request, once it is handled; one behind several of its
// chat is confirmed before.
//
// Of several processes one polls, sets menus and says where updates go: the one
// that has the lease "telegram:BOT". When it is lost, by a broken connection or
// because the process stood still, polling ends and what is in hand is broken
// off, as at a crash. The note carries the mark of who polls, so that one who
// does not know that its time is over cannot write it.
package telegram
