// Package storetest gives tests a database of every kind the store knows.
//
// PostgreSQL is the machine's own: a cluster in a temporary folder, made when
// the first test asks and gone with the test binary, however that ends. The
// environment variable GRIOT_TEST_POSTGRES_URL names another server, whose user
// may create databases. Where there is neither, such tests are skipped aloud.
package storetest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// kinds are the kinds of databases: SQLite in a file and in memory, and PostgreSQL.
var kinds = [...]string{"file", "memory", "postgres"}

// Each runs f as a parallel subtest with the address of an empty database of
// every kind.
func Each(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f(t, URL(t, kind))
		})
	}
}

// URL returns the address of a new, empty database of a kind: "file", "memory"
// or "postgres". It is gone after the test.
func URL(t testing.TB, kind string) string {
	t.Helper()
	switch kind {
	case "file":
		return "sqlite:" + filepath.Join(t.TempDir(), "a b%c?d#e.db")
	case "memory":
		return "sqlite::memory:"
	case "postgres":
		if server := os.Getenv("GRIOT_TEST_POSTGRES_URL"); server != "" {
			return database(t, server)
		}
		return shared(t).URL(t)
	}
	t.Fatalf("no database of kind %q", kind)
	return ""
}

// common is the cluster of the test binary.
var common struct {
	sync.Mutex
	cluster *Cluster
}

func shared(t testing.TB) *Cluster {
	t.Helper()
	common.Lock()
	defer common.Unlock()
	if common.cluster == nil {
		c, err := start()
		if err != nil {
			missing(t, err)
		}
		common.cluster = c
	}
	return common.cluster
}

// missing skips a test aloud when there is no PostgreSQL, and fails it when
// there is one that does not run.
func missing(t testing.TB, err error) {
	t.Helper()
	if err == errNone {
		t.Skipf("NOT TESTED: %v", err)
	}
	t.Fatal(err)
}

// database makes a database on a server and returns its address.
func database(t testing.TB, server string) string {
	t.Helper()
	name := "griot_test_" + strings.ToLower(rand.Text()[:12])
	admin(t, server, `CREATE DATABASE `+name)
	t.Cleanup(func() { admin(t, server, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("the address of the test server cannot be read")
	}
	u.Path = "/" + name
	return u.String()
}

// admin runs a statement on a server.
func admin(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background() // the test's own is done when it cleans up
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("reach the test server: %v", err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
