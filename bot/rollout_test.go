package main

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"griot/bot/store/storetest"
	"griot/briefings/briefingstest"
	"griot/commands"
	"griot/config"
)

// replicaOf is a replica of the bot over a folder of its own.
func replicaOf(t *testing.T, database, dir string, log *bytes.Buffer) *app {
	t.Helper()
	cfg := config.Config{Content: dir, DatabaseURL: config.NewSecret(database)}
	a, err := newApp(t.Context(), cfg, system{now: time.Now, env: func(string) (string, bool) { return "", false }}, slog.New(slog.NewTextHandler(log, nil)), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	a.content.rest = 0
	return a
}

// TestContentIsRolledOut to one replica before the other: the other one tells
// no digest of changes it does not have, and takes none of them back.
func TestContentIsRolledOut(t *testing.T) {
	t.Parallel()
	database := storetest.URL(t, "postgres")
	dirs := [2]string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
	for _, dir := range dirs {
		if err := os.CopyFS(dir, briefingstest.FS()); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	a, b := replicaOf(t, database, dirs[0], &log), replicaOf(t, database, dirs[1], &log)
	changes := func(want int) {
		t.Helper()
		got, err := a.store.Between(t.Context(), time.Now().AddDate(-1, 0, 0), time.Now().AddDate(1, 0, 0))
		if err != nil || len(got) != want {
			t.Errorf("changes %+v, %v, want %d", got, err, want)
		}
	}
	write := func(dir string) {
		t.Helper()
		name := filepath.Join(dir, "events", "2024.yaml")
		data, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, bytes.ReplaceAll(data, []byte("12 sold"), []byte("13 sold")), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	digest := func(a *app) error {
		s := commands.Subscription{Topics: []string{"velmora"}, Zone: "UTC", Lang: "en", WhenQuiet: "skip"}
		_, err := a.digests.Digest(t.Context(), s, commands.Window{From: time.Now().AddDate(-1, 0, 0), To: time.Now().AddDate(1, 0, 0)}, time.Now())
		return err
	}

	write(dirs[0])
	a.content.look(t.Context())
	changes(1)
	if err := digest(a); err != nil {
		t.Errorf("the one with the new content: %v", err)
	}
	if err := digest(b); !errors.Is(err, errOlder) {
		t.Errorf("the one with the old content tells of changes it does not have: %v", err)
	}
	again := replicaOf(t, database, dirs[1], &log) // the old one starts anew
	changes(1)
	if err := digest(again); !errors.Is(err, errOlder) || !strings.Contains(log.String(), "content older than what another replica uses") {
		t.Errorf("started with the old content: %v\n%s", err, &log)
	}
	again.content.tick(t.Context())
	changes(1)
	write(dirs[1])
	for _, old := range []*app{b, again} {
		old.content.look(t.Context())
		if err := digest(old); err != nil {
			t.Errorf("with the new content: %v", err)
		}
	}
	changes(1)
}
