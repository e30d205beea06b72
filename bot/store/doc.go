// Package store keeps what must survive: subscriptions, the delivery ledger,
// settings, notes and revisions of the content. It holds every SQL statement of
// the program. Statements are written with ? and with types that SQLite and
// PostgreSQL both take; migrations only grow.
//
// SQLite has one writer: a pool of one connection with immediate transactions,
// beside a pool of readers. (Several writers that read first fail with
// SQLITE_BUSY at once, whatever the time-out.)
package store
