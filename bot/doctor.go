package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
	"griot/config"
)

// platformGrace is how long the platforms have to answer the doctor.
const platformGrace = 20 * time.Second

type doctorCmd struct {
	JSON bool `help:"One JSON object a line."`
}

// findingLine is a finding as --json prints it.
type findingLine struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Note string `json:"note"`
	Cure string `json:"cure"`
}

func (cmd *doctorCmd) run(ctx context.Context, c call) error {
	sick := false
	for f := range c.examine(ctx) {
		sick = sick || !f.OK
		if err := cmd.print(c, f); err != nil {
			return err
		}
	}
	if sick {
		return errSaid
	}
	return nil
}

func (cmd *doctorCmd) print(c call, f adapter.Finding) error {
	if cmd.JSON {
		return jsonLine(c.stdout, findingLine(f))
	}
	mark := "ok   "
	if !f.OK {
		mark = "FAULT"
	}
	if _, err := fmt.Fprintf(c.stdout, "%s  %s: %s\n", mark, f.What, f.Note); err != nil || f.Cure == "" {
		return err
	}
	_, err := fmt.Fprintf(c.stdout, "       %s\n", f.Cure)
	return err
}

// examine looks at everything, one finding after the other.
func (c call) examine(ctx context.Context) iter.Seq[adapter.Finding] {
	return func(yield func(adapter.Finding) bool) {
		cfg, err := c.load()
		for _, look := range []func(context.Context, config.Config) []adapter.Finding{
			func(context.Context, config.Config) []adapter.Finding { return settingsFindings(err) },
			c.zonesFindings, c.contentFindings, httpFindings, func(ctx context.Context, cfg config.Config) []adapter.Finding {
				if err != nil { // a setting that is wrong is empty in cfg: what needs it would be told wrongly
					return []adapter.Finding{{What: "database and platforms", Note: "not looked at, as settings are wrong", Cure: "mend the settings, then ask again"}}
				}
				return append(databaseFindings(ctx, cfg), c.platformFindings(ctx, cfg)...)
			},
		} {
			for _, f := range look(ctx, cfg) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

func settingsFindings(err error) []adapter.Finding {
	if err == nil {
		return []adapter.Finding{{What: "settings", OK: true, Note: "every one is valid"}}
	}
	faults, ok := errors.AsType[config.Faults](err)
	if !ok {
		return []adapter.Finding{{What: "settings", Note: err.Error(), Cure: "see griot --help"}}
	}
	var out []adapter.Finding
	for _, f := range faults {
		out = append(out, adapter.Finding{What: "settings", Note: f.Error(), Cure: f.Cure})
	}
	return out
}

func (call) zonesFindings(context.Context, config.Config) []adapter.Finding {
	for _, zone := range []string{"Europe/Paris", "America/Santiago"} {
		if _, err := time.LoadLocation(zone); err != nil {
			return []adapter.Finding{{What: "time zones", Note: err.Error(), Cure: "unset ZONEINFO; the program holds the zones itself"}}
		}
	}
	return []adapter.Finding{{What: "time zones", OK: true, Note: "known by name"}}
}

func (c call) contentFindings(_ context.Context, cfg config.Config) []adapter.Finding {
	fsys, err := packFS(cfg)
	if err != nil {
		return []adapter.Finding{{What: "content", Note: strings.TrimPrefix(err.Error(), "content: "), Cure: "name a folder that holds a pack.yaml"}}
	}
	pack, faults := briefings.Load(fsys, c.now(), commands.Reserved()...)
	if n := briefings.Errors(faults); len(n) > 0 {
		return []adapter.Finding{{
			What: "content", Note: fmt.Sprintf("%s in %s, the first at %s; a bot that runs keeps the content it has", count(len(n), "fault"), place(cfg.Content), headline(n[0])),
			Cure: "griot check lists them",
		}}
	}
	return []adapter.Finding{{What: "content", OK: true, Note: fmt.Sprintf("%s: %s, %s", pack.Name, count(len(pack.Topics), "topic"), count(len(pack.Events), "event"))}}
}

// databaseFindings opens the database, if there is one: the doctor makes none
// and changes none.
func databaseFindings(ctx context.Context, cfg config.Config) []adapter.Finding {
	const what = "database"
	address := cfg.DatabaseURL.Reveal()
	file, isFile := strings.CutPrefix(address, "sqlite:")
	if isFile && file == ":memory:" {
		return []adapter.Finding{{What: what, OK: true, Note: "in memory: what is subscribed is gone when the bot stops"}}
	}
	s, err := store.Look(ctx, address, slog.New(slog.DiscardHandler))
	var held []adapter.Finding
	if err == nil {
		held = heldFindings(ctx, s)
		err = s.Close()
	}
	switch {
	case err == nil:
	case isFile && errors.Is(err, fs.ErrNotExist):
		return []adapter.Finding{newDatabase(file)}
	case errors.Is(err, store.ErrEmpty):
		return []adapter.Finding{{What: what, OK: true, Note: "empty; the first run makes its tables"}}
	case errors.Is(err, store.ErrOlder):
		return []adapter.Finding{{What: what, Note: err.Error(), Cure: "keep a copy first, for the way back"}}
	default:
		return []adapter.Finding{{What: what, Note: err.Error(), Cure: "see database_url (GRIOT_DATABASE_URL), and who owns the file"}}
	}
	return append([]adapter.Finding{{What: what, OK: true, Note: "opens, and its schema is up to date"}}, held...)
}

// headline is where a fault is and what, in one line.
func headline(f briefings.Fault) string { return f.At.String() + ": " + f.What }

// newDatabase looks whether the first run can make the file.
func newDatabase(file string) adapter.Finding {
	f := adapter.Finding{What: "database"}
	dir := filepath.Dir(file)
	if _, err := os.Stat(dir); err != nil {
		f.Note = fmt.Sprintf("there is no folder %s to make %s in", dir, filepath.Base(file))
		f.Cure = "make the folder, or name another file with database_url (GRIOT_DATABASE_URL)"
		return f
	}
	probe, err := os.CreateTemp(dir, "griot-doctor-*")
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err
	}
	if err != nil {
		f.Note = fmt.Sprintf("the first run cannot make %s: %s: %s", filepath.Base(file), dir, err)
		f.Cure = "let this user write into the folder, or name another file with database_url (GRIOT_DATABASE_URL)"
		return f
	}
	f.OK, f.Note = true, file+" is not there yet; the first run makes it"
	return f
}

// httpFindings looks whether the address to serve at is free, or has a running bot.
func httpFindings(ctx context.Context, cfg config.Config) []adapter.Finding {
	if cfg.HTTPAddr == "" {
		return nil
	}
	f := adapter.Finding{What: "http", OK: true, Note: cfg.HTTPAddr + " is free"}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.HTTPAddr)
	switch {
	case err == nil:
		_ = l.Close() // nobody was told of it
	case answersHealth(ctx, cfg.HTTPAddr):
		f.Note = "a bot answers on " + cfg.HTTPAddr
	default:
		f.OK, f.Note = false, err.Error()
		f.Cure = "set http_addr (GRIOT_HTTP_ADDR) to an address of this machine that is free"
	}
	return []adapter.Finding{f}
}

// answersHealth reports whether what serves at addr says that it is well.
func answersHealth(ctx context.Context, addr string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	host, port, _ := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 16))
	return err == nil && resp.StatusCode == http.StatusOK && string(text) == "ok\n"
}

// platformFindings asks each platform that there is a token for.
func (c call) platformFindings(ctx context.Context, cfg config.Config) []adapter.Finding {
	cfg.DatabaseURL = config.NewSecret("sqlite::memory:") // a running bot's is left alone
	a, err := newApp(ctx, cfg, c.system, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return nil // told of by what looked before
	}
	ctx, cancel := context.WithTimeout(ctx, platformGrace)
	defer cancel()
	var out []adapter.Finding
	for _, p := range []commands.Platform{commands.Discord, commands.Telegram} {
		if err := a.unmade[p]; err != nil {
			out = append(out, adapter.Finding{What: string(p) + " token", Note: strings.TrimPrefix(err.Error(), string(p)+" token: "), Cure: cure(p, adapter.ErrToken)})
			continue
		}
		checker, ok := a.adapters[p].(adapter.Checker)
		if !ok {
			out = append(out, adapter.Finding{What: string(p), OK: true, Note: "not set up; no token"})
			continue
		}
		out = append(out, checker.Check(ctx, a.core)...)
	}
	out = append(out, a.editorsFinding(ctx)...)
	if err := a.close(); err != nil {
		out = append(out, adapter.Finding{What: "database", Note: err.Error(), Cure: "look at the disk"})
	}
	return out
}
