// Package store keeps what must survive: subscriptions, the delivery ledger,
// settings, notes and revisions of the content. It holds every SQL statement of
// the program. Migrations only grow.
//
// Statements are written once, for SQLite: with ? and with types and forms that
// PostgreSQL takes too. What stands in a comment of a statement is PostgreSQL's
// alone, such as /* FOR UPDATE SKIP LOCKED */. PostgreSQL must know the type of
// every argument: one that is compared with a number that stands in the
// statement needs a CAST, or it is taken for 32 bits.
//
// SQLite has one process that runs on the file, and one writer: a pool of one
// connection with immediate transactions, beside a pool of readers. (Several
// writers that read first fail with SQLITE_BUSY at once, whatever the
// time-out.) PostgreSQL has many processes at READ COMMITTED: every statement
// sees what was committed before it, so a decision is taken by the statement
// that writes, or under a lock.
package store
