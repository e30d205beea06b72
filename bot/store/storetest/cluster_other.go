//go:build !unix

package storetest

import (
	"errors"
	"testing"
)

// errNone says that there is no PostgreSQL to test with.
var errNone = errors.New("tests start no PostgreSQL on this system: name a server with GRIOT_TEST_POSTGRES_URL")

// Cluster is a PostgreSQL server of the tests' own; there is none on this system.
type Cluster struct{}

// NewCluster skips the test aloud.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	missing(t, errNone)
	return nil
}

func start() (*Cluster, error) { return nil, errNone }

// URL is for systems that have clusters.
func (*Cluster) URL(testing.TB) string { return "" }

// WaitForDisk is for systems that have clusters.
func (*Cluster) WaitForDisk(testing.TB) {}

// Stop is for systems that have clusters.
func (*Cluster) Stop(testing.TB, string) {}

// Start is for systems that have clusters.
func (*Cluster) Start(testing.TB) {}
