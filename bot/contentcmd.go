package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
	"griot/config"
)

type contentCmd struct {
	Show    showContent    `cmd:"" default:"withargs" help:"Show which content is in use, and what is held."`
	Release releaseContent `cmd:"" help:"Let held content through, or say that content in use is right."`
	Drop    dropContent    `cmd:"" help:"Keep held content away."`
}

// Help is the same with and without show.
func (contentCmd) Help() string { return showContent{}.Help() }

type showContent struct {
	JSON bool `help:"One JSON object a line."`
}

func (showContent) Help() string {
	return `Changed content is held, and the old stays in use, when a third of it is gone, a number grew or shrank tenfold, a source is gone from under what rested on it,
or a day to come is told as past. A new correction explains the numbers and sources of its item. Without an editors' place, and unless content_hold is on, it is taken with a warning.
--json: hash, name, state (used, held, released, dropped), since, why (kind, id, file, line, what, cure, say in both languages).`
}

// packLine is a pack as --json prints it.
type packLine struct {
	Hash  string            `json:"hash"`
	Name  string            `json:"name"`
	State store.PackState   `json:"state"`
	Since string            `json:"since"`
	Why   []briefings.Doubt `json:"why"`
}

func (cmd *showContent) run(ctx context.Context, c call) error {
	return c.withDatabase(ctx, reading, func(_ config.Config, s *store.Store) error {
		packs, err := s.Packs(ctx)
		if err != nil {
			return err
		}
		if len(packs) == 0 && !cmd.JSON {
			_, err = fmt.Fprintln(c.stdout, "No content was in use yet.")
			return err
		}
		for _, p := range packs {
			if cmd.JSON {
				err = jsonLine(c.stdout, packLine{p.Hash, p.Name, p.State, p.Since.UTC().Format(time.RFC3339), append([]briefings.Doubt{}, p.Why...)})
			} else {
				_, err = fmt.Fprint(c.stdout, packText(p))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// packText is a pack for a person, with what to do about one that is held.
func packText(p store.Pack) string {
	var b strings.Builder
	since := p.Since.UTC().Format("2006-01-02 15:04 UTC")
	switch p.State {
	case store.PackUsed:
		fmt.Fprintf(&b, "In use since %s: %s %s\n", since, p.Name, shortHash(p.Hash))
		if len(p.Why) > 0 {
			fmt.Fprintf(&b, "It looked wrong when it was taken:\n%s\ngriot content release %s says that it is right. Mended files are looked at anew.\n", indented(p.Why), shortHash(p.Hash))
		}
	case store.PackReleased:
		fmt.Fprintf(&b, "Released at %s, and taken by a running bot within 30 seconds if its files hold it: %s %s\n", since, p.Name, shortHash(p.Hash))
	case store.PackDropped:
		fmt.Fprintf(&b, "Dropped at %s: %s %s\n", since, p.Name, shortHash(p.Hash))
	default:
		fmt.Fprintf(&b, "Held since %[2]s: %[3]s %[1]s\n%[4]s\ngriot content release %[1]s lets it through, griot content drop %[1]s keeps it away. Mended files are looked at anew.\n", shortHash(p.Hash), since, p.Name, indented(p.Why))
	}
	return b.String()
}

func indented(doubts []briefings.Doubt) string {
	return "  " + strings.ReplaceAll(listDoubts(doubts), "\n", "\n  ")
}

type decision struct {
	Hash string `arg:"" optional:"" help:"Hash of held content, or its beginning; not needed when one is held."`
}

type releaseContent struct{ decision }

func (cmd *releaseContent) run(ctx context.Context, c call) error {
	return cmd.decide(ctx, c, store.PackReleased, "%s is released: a running bot takes it within 30 seconds.\n")
}

type dropContent struct{ decision }

func (cmd *dropContent) run(ctx context.Context, c call) error {
	return cmd.decide(ctx, c, store.PackDropped, "%s is dropped: the old content stays until the files change.\n")
}

func (cmd *decision) decide(ctx context.Context, c call, state store.PackState, said string) error {
	return c.withDatabase(ctx, changing, func(_ config.Config, s *store.Store) error {
		packs, err := s.Packs(ctx)
		if err != nil {
			return err
		}
		p, err := cmd.choose(packs, state)
		if err != nil {
			return err
		}
		if p.State == store.PackUsed {
			if err = s.DoubtPack(ctx, p.Hash, nil); err == nil {
				_, err = fmt.Fprintf(c.stdout, "%s is right, you say: griot doctor warns of it no longer.\n", shortHash(p.Hash))
			}
			return err
		}
		ok, err := s.DecidePack(ctx, p.Hash, state, commands.Editor{}, c.now())
		if err == nil && !ok { // taken or forgotten a moment ago
			err = hinted{fmt.Errorf("content %s is held no longer", shortHash(p.Hash)), "griot content shows what is"}
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.stdout, said, shortHash(p.Hash))
		return err
	})
}

// choose finds the pack that is meant: by the beginning of its hash, or the one
// that waits for a decision.
func (cmd *decision) choose(packs []store.Pack, state store.PackState) (store.Pack, error) {
	var found, doubted []store.Pack
	for _, p := range packs {
		switch {
		case cmd.Hash != "" && !strings.HasPrefix(p.Hash, strings.ToLower(cmd.Hash)):
		case p.State == store.PackUsed:
			if len(p.Why) > 0 && state == store.PackReleased {
				doubted = append(doubted, p)
			}
		case cmd.Hash != "" || p.State == store.PackHeld:
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		found = doubted
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return store.Pack{}, hinted{fmt.Errorf("%d packs are meant", len(found)), "write more of a hash; griot content lists them"}
	case cmd.Hash != "":
		return store.Pack{}, hinted{fmt.Errorf("no held content begins with %q", cmd.Hash), "griot content lists what is held"}
	}
	return store.Pack{}, hinted{fmt.Errorf("no content is held"), "griot content shows which is in use"}
}

// heldFindings are what waits for a decision on content.
func heldFindings(ctx context.Context, s *store.Store) []adapter.Finding {
	packs, err := s.Packs(ctx)
	if err != nil {
		return []adapter.Finding{{What: "content hold", Note: err.Error(), Cure: "see database_url (GRIOT_DATABASE_URL)"}}
	}
	var out []adapter.Finding
	for _, p := range packs {
		if p.State != store.PackHeld && (p.State != store.PackUsed || len(p.Why) == 0) {
			continue
		}
		var why []string
		for _, d := range p.Why {
			why = append(why, d.String())
		}
		if p.State == store.PackUsed {
			out = append(out, adapter.Finding{
				What: "content hold", Note: fmt.Sprintf("content in use since %s looked wrong when it was taken: %s", p.Since.UTC().Format("2006-01-02 15:04 UTC"), strings.Join(why, "; ")),
				Cure: fmt.Sprintf("mend the files, or say that it is right: griot content release %s; with an editors' place (GRIOT_EDITORS) such content waits", shortHash(p.Hash)),
			})
			continue
		}
		out = append(out, adapter.Finding{
			What: "content hold", Note: fmt.Sprintf("changed content waits since %s: %s", p.Since.UTC().Format("2006-01-02 15:04 UTC"), strings.Join(why, "; ")),
			Cure: fmt.Sprintf("mend the files; or griot content release %[1]s, or griot content drop %[1]s", shortHash(p.Hash)),
		})
	}
	return out
}
