//go:build unix

package storetest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// errNone says that this machine has no PostgreSQL.
var errNone = errors.New("no PostgreSQL here: install it, or name a server with GRIOT_TEST_POSTGRES_URL")

// Cluster is a PostgreSQL server of the tests' own.
type Cluster struct {
	dir, bin string
	port     int
	as       *syscall.SysProcAttr
	alive    io.Closer // open as long as the server is to run
}

const (
	clusterUser     = "griot"
	clusterPassword = "p@ss/w#rd?"
)

// NewCluster starts a server that this test may stop and start. It is gone
// after the test.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c, err := start()
	if err != nil {
		missing(t, err)
	}
	t.Cleanup(func() { c.alive.Close() })
	return c
}

// URL returns the address of a new, empty database on the server.
func (c *Cluster) URL(t testing.TB) string {
	t.Helper()
	return database(t, c.server())
}

// server is the address of the server.
func (c *Cluster) server() string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(clusterUser, clusterPassword),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)), Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return u.String()
}

// WaitForDisk has the server wait for the disk, as one does that keeps what it
// says it kept: for benchmarks.
func (c *Cluster) WaitForDisk(t testing.TB) {
	t.Helper()
	u := c.server()
	for _, statement := range []string{`ALTER SYSTEM SET fsync = on`, `ALTER SYSTEM SET full_page_writes = on`, `SELECT pg_reload_conf()`} {
		admin(t, u, statement)
	}
}

// Stop ends the server: in mode "fast" it ends its connections first, in mode
// "immediate" it is as good as a crash.
func (c *Cluster) Stop(t testing.TB, mode string) {
	t.Helper()
	if out, err := c.command("pg_ctl", "stop", "-w", "-m", mode, "-D", c.data()).CombinedOutput(); err != nil {
		t.Fatalf("stop PostgreSQL: %v\n%s", err, out)
	}
}

// Start starts the server after Stop, on the same port.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	if out, err := c.command("pg_ctl", "start", "-w", "-D", c.data(), "-l", c.log()).CombinedOutput(); err != nil {
		t.Fatalf("start PostgreSQL: %v\n%s", err, out)
	}
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *Cluster) log() string  { return filepath.Join(c.dir, "log") }

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.as
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	return cmd
}

// keeper starts the server and tells so, then stops it and removes the folder
// when its standard input ends, as it does when the test binary is gone.
const keeper = `"$1/pg_ctl" start -w -s -D "$2/data" -l "$2/log" || exit 1
echo ready
read -r _
"$1/pg_ctl" stop -w -s -m immediate -D "$2/data"
cd / && rm -rf "$2"`

// start makes a cluster and starts its server.
func start() (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, as: &syscall.SysProcAttr{Setpgid: true}} // an interrupt of the tests is not the server's
	// Short: the path of a socket has about 100 characters.
	if c.dir, err = os.MkdirTemp("", "griot-pg"); err != nil {
		return nil, err
	}
	if err = c.make(); err == nil {
		err = c.keep()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start PostgreSQL of %s: %w", bin, err), os.RemoveAll(c.dir))
	}
	return c, nil
}

// make makes the cluster's files.
func (c *Cluster) make() error {
	if os.Getuid() == 0 { // the server refuses to run as root
		uid, gid, err := other()
		if err != nil {
			return err
		}
		if err := os.Chown(c.dir, uid, gid); err != nil {
			return err
		}
		c.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	password := filepath.Join(c.dir, "password")
	if err := os.WriteFile(password, []byte(clusterPassword), 0o644); err != nil { //nolint:gosec // of a test
		return err
	}
	if out, err := c.command("initdb", "-D", c.data(), "-U", clusterUser, "--pwfile", password, "--auth-local=trust", "--auth-host=scram-sha-256",
		"-E", "UTF8", "--no-locale", "--no-sync").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.port = l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	// It keeps nothing beyond the tests, so it need not wait for the disk.
	_, err = fmt.Fprintf(f, "\nlisten_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\nmax_connections = 300\n"+
		"fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 32MB\njit = off\ndeadlock_timeout = 50ms\n", c.port, c.dir)
	return errors.Join(err, f.Close())
}

// keep starts the keeper and waits until the server takes connections.
func (c *Cluster) keep() error {
	cmd := c.command("sh", "-c", keeper, "keeper", c.bin, c.dir)
	sh, err := exec.LookPath("sh")
	if err != nil {
		return err
	}
	cmd.Path = sh
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.alive = stdin
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		log, _ := os.ReadFile(c.log())
		return fmt.Errorf("it is not ready: %w\n%s", errors.Join(err, stdin.Close(), cmd.Wait()), log)
	}
	return nil
}

// other is a user that is not root.
func other() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, lookup := user.Lookup(name)
		if lookup != nil {
			err = lookup
			continue
		}
		uid, err = strconv.Atoi(u.Uid)
		if err == nil {
			gid, err = strconv.Atoi(u.Gid)
		}
		return uid, gid, err
	}
	return 0, 0, err
}

// binaries is the folder of the newest PostgreSQL here.
func binaries() (string, error) {
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/usr/local/pgsql/bin/initdb", "/opt/homebrew/opt/postgresql@*/bin/initdb"} {
		some, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, some...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	if len(found) == 0 {
		return "", errNone
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// version is the number in the path of a PostgreSQL, 0 when it has none.
func version(path string) int {
	digits := strings.TrimFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
