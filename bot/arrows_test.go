package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which rooms a room may import. It is policy: don't change it to
// make a build pass.
var arrows = map[string][]string{
	"config":       {},
	"briefings":    {},
	"commands":     {"briefings"},
	"bot/adapter":  {"bot/adapter", "commands", "briefings"},
	"bot/schedule": {"commands", "briefings"},
	"bot/roster":   {"bot/schedule", "bot/adapter", "commands", "briefings"},
	"bot/store":    {"bot/store", "bot/adapter", "commands", "briefings"},
	"bot/delivery": {"bot/delivery", "bot/store", "bot/schedule", "bot/adapter", "commands", "briefings"},
	"bot/fleet":    {"bot/store", "bot/adapter", "commands", "briefings"},
	"bot/web":      {"bot/web", "bot/adapter", "commands", "briefings"},
	"bot":          {"bot/adapter", "bot/schedule", "bot/roster", "bot/store", "bot/delivery", "bot/fleet", "bot/web", "commands", "briefings", "config"},
}

// homes says which rooms may import a library; one that is not named here may
// be imported everywhere.
var homes = map[string][]string{
	"github.com/alecthomas/kong":      {"bot"},
	"github.com/bwmarrin/discordgo":   {"bot/adapter/discord"},
	"github.com/go-telegram-bot-api":  {"bot/adapter/telegram"},
	"github.com/goccy/go-yaml":        {"config", "briefings"},
	"github.com/jackc/pgx":            {"bot/store"},
	"github.com/pressly/goose":        {"bot/store"},
	"github.com/prometheus":           {"bot/web"},
	"github.com/robfig/cron":          {"bot/schedule"},
	"github.com/yuin/goldmark":        {"briefings"},
	"database/sql":                    {"bot/store"},
	"golang.org/x/term":               {"bot/adapter/terminal"},
	"modernc.org/sqlite":              {"bot/store"},
	"github.com/google/go-cmp":        {"bot/adapter/adaptertest"},
	"github.com/rogpeppe/go-internal": {},
	"pgregory.net/rapid":              {"bot/adapter/adaptertest"},
	"github.com/kljensen/snowball":    {"briefings"},
	"github.com/gorilla/websocket":    {"bot/adapter/discord"},
}

func TestArrows(t *testing.T) {
	t.Parallel()
	files := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") {
			return err
		}
		files++
		checkFile(t, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("looked at %d files, want the whole module", files)
	}
}

func checkFile(t *testing.T, p string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", p), nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case mayImport(p, imported):
		case strings.HasSuffix(p, "_test.go") && testMayImport(p, imported):
		default:
			t.Errorf("%s imports %s, which the arrows do not allow", p, imported)
		}
	}
}

// room is the longest name in arrows that the folder is or lies in.
func room(dir string) string {
	for dir != "." {
		if _, ok := arrows[dir]; ok {
			return dir
		}
		dir = path.Dir(dir)
	}
	return ""
}

func mayImport(file, imported string) bool {
	dir := path.Dir(file)
	if ours, ok := strings.CutPrefix(imported, "griot/"); ok {
		from, to := room(dir), room(ours)
		return from == to && dir != "bot" || slices.Contains(arrows[from], to)
	}
	for lib, rooms := range homes {
		if imported != lib && !strings.HasPrefix(imported, lib+"/") {
			continue
		}
		return slices.ContainsFunc(rooms, func(r string) bool { return dir == r || strings.HasPrefix(dir, r+"/") && r != "bot" })
	}
	return true
}

// testMayImport: tests may use any library, and what lies below or beside them,
// but import no more upward than what they test.
func testMayImport(file, imported string) bool {
	ours, ok := strings.CutPrefix(imported, "griot/")
	if !ok {
		return true
	}
	return room(ours) == room(path.Dir(file)) || slices.Contains(arrows[room(path.Dir(file))], room(ours))
}
