package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
)

// applicationID marks an SQLite file as ours: "Grio" in ASCII.
// https://www.sqlite.org/pragma.html#pragma_application_id
const applicationID = 0x4772696f

// ErrForeign says that an SQLite file belongs to another program.
var ErrForeign = errors.New("the file is the database of another program, nothing was changed in it; name another file, which griot makes when it is not there")

// fileDSN is the address of a file for the driver.
func fileDSN(file string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}).String()
}

// checkOurs reads whose file it is, before anything is set in it. One that is
// not there, or empty, may become ours.
func checkOurs(ctx context.Context, file string) (err error) {
	if info, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	db, err := sql.Open("sqlite", fileDSN(file)+"?mode=rw&_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var id int64
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	ours, err := tablesOurs(ctx, db)
	if err == nil && (id != 0 || !ours) {
		err = ErrForeign
	}
	return err
}

// tablesOurs reports whether the tables are ours, as in a file of the time
// before it was marked, or there is none yet.
func tablesOurs(ctx context.Context, db *sql.DB) (bool, error) {
	tables := map[string]bool{}
	rows, err := db.QueryContext(ctx, sqlite.tables)
	if err != nil {
		return false, err
	}
	defer rows.Close() //nolint:errcheck // told by Err
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return false, err
		}
		if !strings.HasPrefix(name, "sqlite_") {
			tables[name] = true
		}
	}
	migrated := tables[versionTable]
	delete(tables, versionTable)
	return len(tables) == 0 || migrated && tables["subscription"], rows.Err()
}

// mark notes in the file that it is ours.
func (s *Store) mark(ctx context.Context) error {
	if s.path == "" {
		return nil
	}
	var id int64
	if err := s.write.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil || id == applicationID {
		return err
	}
	_, err := s.write.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID))
	return err
}
