package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the database was made by a newer version of the program.
var ErrNewer = errors.New("the database was made by a newer version of griot; use that version, or restore a backup of this one")

// ErrEmpty says that the tables are not made yet.
var ErrEmpty = errors.New("the database is empty; start griot once, which makes its tables")

// ErrOlder says that the schema is of an older version of the program.
var ErrOlder = errors.New("the schema is older than this griot; start griot once, which brings it up to date")

func (e *engine) migrations(db *sql.DB) (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(e.dialect, db, sub, goose.WithDisableGlobalRegistry(true))
}

// version returns the schema's version, 0 for an empty database.
func (s *Store) version(ctx context.Context) (int64, error) {
	tables := map[string]bool{}
	rows, err := s.write.QueryContext(ctx, s.tables)
	if err := each(rows, err, func() error {
		var name string
		err := rows.Scan(&name)
		tables[name] = true
		return err
	}); err != nil {
		return 0, fmt.Errorf("read the names of tables: %w", err)
	}
	if !tables[versionTable] {
		return 0, nil
	}
	var v int64
	if err := s.write.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionTable).Scan(&v); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return v, nil
}

// versionTable is where goose notes which migrations were applied.
const versionTable = "goose_db_version"

// migrate brings the schema up to date. Of several processes that start at
// once one does it, while the others wait.
func (s *Store) migrate(ctx context.Context) error {
	if err := s.checkVersion(ctx); !errors.Is(err, ErrOlder) && !errors.Is(err, ErrEmpty) {
		return err
	}
	db, done, err := s.alone(ctx)
	if err != nil {
		return s.clear(err)
	}
	p, err := s.migrations(db)
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err = s.clear(err); err != nil && !errors.Is(err, ErrFull) {
		err = fmt.Errorf("migrate: %w", err)
	}
	return errors.Join(err, done())
}

// checkVersion compares the schema with the newest that the program knows.
func (s *Store) checkVersion(ctx context.Context) error {
	p, err := s.migrations(s.db)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	has, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case has == 0:
		return ErrEmpty
	case has < newest:
		return fmt.Errorf("schema version %d, this griot has %d: %w", has, newest, ErrOlder)
	case has > newest:
		return fmt.Errorf("schema version %d, newest known %d: %w", has, newest, ErrNewer)
	}
	return nil
}

// alone returns the database for migrations, while nobody else migrates it.
func (s *Store) alone(ctx context.Context) (*sql.DB, func() error, error) {
	switch {
	case s.pg != nil:
		return aloneOn(ctx, s.pg)
	case s.path != "":
		f, err := takeFileSoon(ctx, s.path)
		if err != nil {
			return nil, nil, err
		}
		return s.db, f.Close, nil
	}
	return s.db, func() error { return nil }, nil
}
