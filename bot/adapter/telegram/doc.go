// Package telegram is the adapter for Telegram. telegram-bot-api is its
// transport alone: calls go through MakeRequest with our own parameters, on a
// client that bounds them and keeps the token out of every error, because the
// token is in every address.
//
// Goroutines: Run owns the poll loop and the one that keeps menus; each chat
// with updates in hand has one goroutine of the dispatcher, which answers them
// in order, at most [inHand] updates in all. Run returns when all have ended;
// a webhook's request ends when its update is handled.
//
// An update is confirmed to Telegram after it was handled. The offset is kept
// in Notes after each batch, so in normal running nothing is answered twice or
// lost; what a crash leaves between an answer and its confirmation is answered
// again at the next start. A webhook's update is confirmed the same way, by the
// status of its request.
package telegram
