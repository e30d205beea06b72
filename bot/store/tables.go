package store

import (
	"context"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// bulkRows is how many rows one statement takes as a list: SQLite takes 32,766 arguments.
const bulkRows = 200

// tables hands statements rows of values to read as a table. It cuts the
// arguments, row by row, into what one statement takes, and yields the SQL that
// stands for them and its arguments. The types are those of the columns.
func (c conn) tables(types []string, args []any) iter.Seq2[string, []any] {
	if c.arrays {
		return func(yield func(string, []any) bool) {
			if len(args) > 0 {
				yield(unnest(types), arrays(len(types), args))
			}
		}
	}
	return func(yield func(string, []any) bool) {
		for some := range slices.Chunk(args, bulkRows*len(types)) {
			if !yield(values(some, types...), some) {
				return
			}
		}
	}
}

// values writes VALUES for rows of arguments, one type a column. The first row
// tells PostgreSQL the types, where they do not follow from a table.
func values(args []any, types ...string) string {
	var first, other []string
	for _, t := range types {
		mark := "?"
		if t != "" {
			mark = "CAST(? AS " + t + ")"
		}
		first, other = append(first, mark), append(other, "?")
	}
	rows := strings.Repeat(", ("+strings.Join(other, ", ")+")", len(args)/len(types)-1)
	return "VALUES (" + strings.Join(first, ", ") + ")" + rows
}

// unnest is a table of one array a column: its text is the same however many
// rows there are, so that it is read once, and it is sent in one message.
func unnest(types []string) string {
	return "SELECT * FROM unnest(CAST(? AS " + strings.Join(types, "[]), CAST(? AS ") + "[]))"
}

// arrays turns n values a row into one array a column.
func arrays(n int, args []any) []any {
	out := make([]any, n)
	for i := range out {
		if v := reflect.ValueOf(args[i]); v.Kind() == reflect.String {
			out[i] = every(n, args[i:], func(v reflect.Value) string { return v.String() })
		} else {
			out[i] = every(n, args[i:], reflect.Value.Int)
		}
	}
	return out
}

// every is each nth value.
func every[T any](n int, args []any, of func(reflect.Value) T) []T {
	out := make([]T, 0, len(args)/n+1)
	for i := 0; i < len(args); i += n {
		out = append(out, of(reflect.ValueOf(args[i])))
	}
	return out
}

// byKey has the statements of a transaction look up by its key each row they
// are given. PostgreSQL knows nothing of a table that has grown since it looked
// last, and would rather read all of it past what it was given.
func (c conn) byKey(ctx context.Context) error {
	if !c.arrays {
		return nil // see connectSQLite
	}
	_, err := c.ExecContext(ctx, `SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`)
	return err
}
