// Package delivery brings digests to their readers, each once. A planner turns
// due subscriptions into runs: what several places are due alike is rendered
// once, kept in the ledger, and sent to each by workers. Every step is
// committed before the next one, so a process may end anywhere: what certainly
// was not sent is sent, what may have been is sent again as [Judge] says.
//
// Goroutines of [Service.Run]: one planner, and for each adapter one that
// claims deliveries and some workers that send them. All end before Run does.
package delivery
