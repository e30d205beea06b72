package store

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"griot/bot/store/storetest"
)

// TestPasswordStaysSecret looks for parts of passwords in every error of opening.
func TestPasswordStaysSecret(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://u:hunter2@nowhere.invalid/db",
		"postgresql://u:hunter2@127.0.0.1:1/db",
		"postgres://u:hunter2@127.0.0.1:1/db?sslmode=disable&connect_timeout=3",
		"postgres://127.0.0.1:1/db?user=u&password=hunter2",
		"postgres://u:hunter2@h:port/db",
		"postgres://u:hunter2@h:99999/db",
		"postgres://u:hunter2@127.0.0.1/db?sslmode=hunter2x",
		"postgres://u:%zzhunter2@h/db",
		"postgres://u:hunter2/more@h/db",
		"postgres://u:7777/hunter2@h/db",
		"postgres://u:7777#hunter2@h/db",
		"postgres://u:7777?hunter2@h/db",
		"postgres://hunter2:7777#x/db",
		"postgres://u:a@hunter2@h/db?sslmode=bad",
		"postgres:u:hunter2@h/db",
		"postgres:hunter2",
	} {
		s, err := Open(t.Context(), url, nil)
		if err == nil || s != nil {
			t.Errorf("open %q: %v", url, err)
		} else if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "7777") {
			t.Errorf("open %q: %v", url, err)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	address := storetest.NewCluster(t).URL(t) // one that asks for a password
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "hunter2")
	_, err = Open(t.Context(), u.String(), nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "password authentication failed") {
		t.Errorf("open with a wrong password: %v", err)
	}
	u, err = url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/nothing"
	if _, err = Open(t.Context(), u.String(), nil); err == nil || !strings.Contains(err.Error(), `"nothing" does not exist`) {
		t.Errorf("open a database that is not there: %v", err)
	}
}

// TestSchemas: two bots in schemas of one database share nothing.
func TestSchemas(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, "postgres")
	var bots []*Store
	for _, schema := range []string{"one", "two"} {
		if _, err := openTest(t, address).write.ExecContext(t.Context(), `CREATE SCHEMA `+schema); err != nil {
			t.Fatal(err)
		}
		bots = append(bots, openTest(t, address+"&search_path="+schema))
	}
	for i, s := range bots {
		if lease(t, s, "telegram:1") == nil {
			t.Error("a lease is the other bot's")
		}
		if err := s.SetNote(t.Context(), "n", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range bots {
		if got, err := s.Note(t.Context(), "n"); err != nil || got != fmt.Sprint(i) {
			t.Errorf("note %q, %v, want %d", got, err, i)
		}
	}
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	got := numbered(`SELECT a FROM b WHERE c = ? AND d IN (?, ?) /* FOR UPDATE */`)
	if want := `SELECT a FROM b WHERE c = $1 AND d IN ($2, $3) FOR UPDATE`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestSessions: the server's time-outs are set, unless the address sets them.
func TestSessions(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "postgres")
	for _, tc := range []struct{ more, name, want string }{
		{"", "application_name", "griot"},
		{"", "synchronous_commit", "on"}, // the server's is off
		{"&synchronous_commit=remote_write", "synchronous_commit", "remote_write"},
		{"", "statement_timeout", "30s"},
		{"", "lock_timeout", "20s"},
		{"", "idle_in_transaction_session_timeout", "1min"},
		{"&application_name=other", "application_name", "other"},
		{"&statement_timeout=7s", "statement_timeout", "7s"},
	} {
		s := openTest(t, url+tc.more)
		var got string
		if err := s.read.QueryRowContext(t.Context(), `SELECT current_setting(?)`, tc.name).Scan(&got); err != nil || got != tc.want {
			t.Errorf("%s is %q, %v, want %q", tc.name, got, err, tc.want)
		}
	}
}

// TestLostRaces: what one process has to wait for or to run again is not an error.
func TestLostRaces(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "postgres")
	p := [2]*Store{openTest(t, url), openTest(t, url)}
	for _, name := range []string{"0", "1"} {
		if err := p[0].SetNote(t.Context(), name, "0"); err != nil {
			t.Fatal(err)
		}
	}
	const rounds = 10
	meet := make(chan struct{})
	tries := [2]int{}
	both(t, p, rounds, func(s *Store, who, _ int) error { // locks two rows crosswise: a deadlock
		first := true
		return s.tx(t.Context(), func(tx conn) error {
			tries[who]++
			for i, name := range [2]string{fmt.Sprint(who), fmt.Sprint(1 - who)} {
				if i == 1 && first {
					first = false
					select {
					case meet <- struct{}{}:
					case <-meet:
					}
				}
				if _, err := tx.ExecContext(t.Context(), `UPDATE note SET value = CAST(CAST(value AS bigint) + 1 AS text) WHERE name = ?`, name); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if tries[0]+tries[1] <= 2*rounds {
		t.Error("no race was lost: this test tests nothing")
	}
	for _, name := range []string{"0", "1"} {
		if got, err := p[0].Note(t.Context(), name); err != nil || got != fmt.Sprint(2*rounds) {
			t.Errorf("counted %s, %v, want %d", got, err, 2*rounds)
		}
	}
}

// TestMovesOntoOneBeingAdded: somebody adds at the new id what moves there.
func TestMovesOntoOneBeingAdded(t *testing.T) {
	t.Parallel()
	s := openTest(t, storetest.URL(t, "postgres"))
	old, moved := testSub("-1"), testSub("-1001")
	if _, _, err := s.AddSubscription(t.Context(), old, noon); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	if err := s.tx(t.Context(), func(tx conn) error {
		if _, err := addSubscription(t.Context(), tx, "new", moved, noon); err != nil {
			return err
		}
		go func() { done <- s.Moved(t.Context(), old.To, moved.To) }()
		for waits := false; !waits; { // until the other waits for this transaction
			if err := s.read.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("move: %v", err)
	}
	if list, err := s.Subscriptions(t.Context(), moved.To); err != nil || len(list) != 1 {
		t.Errorf("%v at the new id, %v, want one", list, err)
	}
}

// TestConnectionsBreak: a statement on a connection that the server ended is an
// error that says so, or is run on another; the next one works.
func TestConnectionsBreak(t *testing.T) {
	t.Parallel()
	s := openTest(t, storetest.URL(t, "postgres"))
	for range 3 {
		err := s.tx(t.Context(), func(tx conn) error {
			if _, err := s.write.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`); err != nil {
				return err
			}
			_, err := tx.ExecContext(t.Context(), `UPDATE note SET value = '' WHERE name = ''`)
			return err
		})
		if !errors.Is(err, ErrUnreachable) {
			t.Errorf("a broken connection: %v", err)
		}
		if _, err := s.Note(t.Context(), "x"); err != nil {
			t.Errorf("the next statement: %v", err)
		}
	}
}
