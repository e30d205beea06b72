// Command bot is Griot, a chat bot that answers slash commands from a pack of
// curated, sourced briefings and posts digests on schedule, on Discord, on
// Telegram and in the terminal.
//
// main adds the operating system to [run], which reads the command line and
// calls one function per subcommand. Which store, which adapters and which
// services there are is known in one place, app.go.
//
// # Goroutines
//
// A running bot has one goroutine for each of: an adapter's Run, the digests'
// Run, the HTTP server's Run, the watch over the content and, where several
// processes share the database, what hears the others. app.run starts
// them and waits for every one; what they start themselves they wait for
// themselves. They share the index (an atomic pointer to something immutable),
// the store (which is safe for all) and nothing else.
//
// # Stopping
//
// A signal, or the end of the chat in the terminal, stops the program in this
// order, in ten seconds at most:
//
//  1. Stop asking: adapters take no more requests, no more digests are claimed,
//     the HTTP server takes no more connections.
//  2. Finish what is in hand: answers being made and messages being sent. What
//     one process at a time does, such as polling, is another's as soon as that
//     of it is finished.
//  3. Close the store.
//
// What is not finished by then is cut off; the ledger of deliveries was made to
// be picked up from any point.
package main
