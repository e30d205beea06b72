// Package discordtest is a small strict Discord on loopback, for tests. It
// speaks the REST API and the gateway over real HTTP and websockets, refuses
// what Discord refuses, and fails the test for what Discord would let pass but
// must never happen: a message without allowed_mentions that forbids pings.
//
//	d := discordtest.New(t)
//	// start the bot with d.URL() as its API URL and d.Token() as its token
//	d.WaitReady()
//	answer := d.Slash(discordtest.Ask{Command: "help"}).Answer()
//
// Everything waits for the thing itself, ten seconds at most; nothing sleeps.
package discordtest
