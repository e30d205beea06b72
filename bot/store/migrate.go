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
	p, err := s.migrations(s.db)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	switch has, err := s.version(ctx); {
	case err != nil || has == newest:
		return err
	case has > newest:
		return fmt.Errorf("schema version %d, newest known %d: %w", has, newest, ErrNewer)
	}
	db, done, err := s.alone(ctx)
	if err != nil {
		return s.clear(err)
	}
	if p, err = s.migrations(db); err == nil {
		_, err = p.Up(ctx)
	}
	if err != nil {
		err = fmt.Errorf("migrate: %w", s.clear(err))
	}
	return errors.Join(err, done())
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
