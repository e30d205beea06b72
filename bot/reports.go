package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
	"griot/config"
)

type reportsCmd struct {
	List   listReports  `cmd:"" default:"withargs" help:"List what readers reported and nobody is done with, newest first."`
	Show   showReport   `cmd:"" help:"Show one in full."`
	Answer answerReport `cmd:"" help:"Answer one, once; it goes to who wrote it, in private."`
	Close  closeReport  `cmd:"" help:"Be done with one without an answer."`
}

// Help is the same with and without list.
func (reportsCmd) Help() string { return listReports{}.Help() }

type listReports struct {
	All  bool `help:"Also those that are answered or closed."`
	JSON bool `help:"One JSON object a line."`
}

func (listReports) Help() string {
	return `Readers report with /report, or with the button under an answer. Where there is an editors' place it is shown there, too, with Answer and Close.
--json: id, state (open, answered, closed), made, reader (the same for the same person, and nothing more), platform, place, lang, item, version, changed_since, text, wants_answer, answer, by, decided.`
}

// reportLine is a report as JSON.
type reportLine struct {
	ID      string               `json:"id"`
	State   commands.RemarkState `json:"state"`
	Made    string               `json:"made"`
	Reader  string               `json:"reader"`
	On      commands.Platform    `json:"platform"`
	Place   string               `json:"place"`
	Lang    briefings.Lang       `json:"lang"`
	Item    briefings.ID         `json:"item"`
	Version int                  `json:"version"`
	Since   int                  `json:"changed_since"`
	Text    string               `json:"text"`
	Wants   bool                 `json:"wants_answer"`
	Answer  string               `json:"answer"`
	By      string               `json:"by"`
	Decided string               `json:"decided"`
}

func reportLineOf(k commands.Remark) reportLine {
	return reportLine{
		k.ID, k.State, rfc3339(k.Made), pseudonym(k.Who), k.Who.Platform, k.Place.String(), k.Lang, k.Item, k.N, k.Since, k.Text, k.Wants, k.Answer, k.By.Name, rfc3339(k.Decided),
	}
}

// pseudonym tells the same person from others, and nothing more.
func pseudonym(who commands.Destination) string {
	sum := sha256.Sum256([]byte("reader|" + who.String()))
	return hex.EncodeToString(sum[:4])
}

func (cmd *listReports) run(ctx context.Context, c call) error {
	return c.withDatabase(ctx, reading, func(_ config.Config, s *store.Store) error {
		list, err := s.Remarks(ctx, "", !cmd.All)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(c.stdout)
		if len(list) == 0 && !cmd.JSON {
			fmt.Fprintln(out, "No report is open. --all lists those that were.")
		}
		for _, k := range list {
			if cmd.JSON {
				err = errors.Join(err, jsonLine(out, reportLineOf(k)))
			} else {
				fmt.Fprintf(out, "%s  %s  %s\n  %s\n", k.ID, k.Made.UTC().Format("2 Jan 2006 15:04 UTC"), reportState(k), shorten(plainText(k.Text), 100))
			}
		}
		return errors.Join(err, out.Flush())
	})
}

// reportState is where a report stands, in words.
func reportState(k commands.Remark) string {
	words := []string{string(k.State)}
	if k.State == commands.RemarkOpen && k.Wants {
		words = append(words, "wants an answer")
	}
	if k.Item != "" {
		words = append(words, string(k.Item))
	}
	return strings.Join(words, ", ")
}

// plainText is what somebody wrote, in one line that no terminal takes for commands.
func plainText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)), " ")
}

func shorten(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return s
}

type showReport struct {
	ID   string `arg:"" help:"Id of a report, or its beginning."`
	JSON bool   `help:"One JSON object."`
}

func (cmd *showReport) run(ctx context.Context, c call) error {
	return c.withDatabase(ctx, reading, func(_ config.Config, s *store.Store) error {
		k, err := reportNamed(ctx, s, cmd.ID)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return jsonLine(c.stdout, reportLineOf(k))
		}
		return printReport(c.stdout, k)
	})
}

func printReport(out io.Writer, k commands.Remark) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", k.ID, reportState(k))
	if k.N > 0 {
		fmt.Fprintf(&b, "version %d of it was read, it changed %s since\n", k.N, times(k.Since))
	}
	fmt.Fprintf(&b, "written %s by reader %s in %s, on %s\n\n%s\n", k.Made.UTC().Format("2 Jan 2006 15:04 UTC"), pseudonym(k.Who), k.Lang, k.Place, plainText(k.Text))
	if k.State != commands.RemarkOpen {
		by := ""
		if k.By.Name != "" {
			by = " by " + plainText(k.By.Name)
		}
		fmt.Fprintf(&b, "\n%s %s%s\n%s", k.State, k.Decided.UTC().Format("2 Jan 2006 15:04 UTC"), by, k.Answer)
	} else if k.Wants {
		fmt.Fprintf(&b, "\ngriot reports answer %[1]s \"...\" answers it, griot reports close %[1]s does without.", k.ID)
	} else {
		fmt.Fprintf(&b, "\nNo answer is wanted. griot reports close %s is done with it.", k.ID)
	}
	_, err := fmt.Fprintln(out, strings.TrimRight(b.String(), "\n"))
	return err
}

func times(n int) string {
	switch n {
	case 0:
		return "not"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// reportNamed finds a report by its id or the beginning of it.
func reportNamed(ctx context.Context, s *store.Store, id string) (commands.Remark, error) {
	list, err := s.Remarks(ctx, id, false)
	switch {
	case err != nil:
		return commands.Remark{}, err
	case len(list) == 0 || id == "":
		return commands.Remark{}, hinted{fmt.Errorf("there is no report %q", id), "griot reports --all lists them"}
	case len(list) > 1:
		return commands.Remark{}, hinted{fmt.Errorf("several reports begin with %q", id), "write more of its id; griot reports --all lists them"}
	}
	return list[0], nil
}

type answerReport struct {
	ID   string   `arg:"" help:"Id of a report, or its beginning."`
	Text []string `arg:"" help:"The answer, at most 1000 characters."`
}

func (cmd *answerReport) run(ctx context.Context, c call) error {
	text := strings.TrimSpace(strings.Join(cmd.Text, " "))
	if n := len([]rune(text)); n == 0 || n > 1000 {
		return misuse{hinted{fmt.Errorf("the answer has %d characters", n), "write 1 to 1000"}}
	}
	return decideReport(ctx, c, cmd.ID, text, "Answered: it goes out within 15 seconds of a running bot.\n")
}

type closeReport struct {
	ID string `arg:"" help:"Id of a report, or its beginning."`
}

func (cmd *closeReport) run(ctx context.Context, c call) error {
	return decideReport(ctx, c, cmd.ID, "", "Closed.\n")
}

// decideReport answers a report, or closes it when there is no answer.
func decideReport(ctx context.Context, c call, id, answer, said string) error {
	return c.withDatabase(ctx, changing, func(_ config.Config, s *store.Store) error {
		k, err := reportNamed(ctx, s, id)
		if err != nil {
			return err
		}
		if answer != "" && k.State == commands.RemarkOpen && !k.Wants {
			return hinted{fmt.Errorf("who wrote report %s wants no answer", k.ID), "griot reports close " + k.ID}
		}
		ok, err := s.Answer(ctx, k.ID, answer, commands.Editor{}, c.now())
		if err == nil && !ok {
			by := ""
			if k.By.Name != "" {
				by = " by " + plainText(k.By.Name)
			}
			err = hinted{fmt.Errorf("report %s was %s already%s", k.ID, orOpen(k.State), by), "one answer is enough; griot reports show " + k.ID}
		}
		if err != nil {
			return err
		}
		_, err = io.WriteString(c.stdout, said)
		return err
	})
}

// orOpen is what was done with a report that was open a moment ago.
func orOpen(s commands.RemarkState) string {
	if s == commands.RemarkOpen {
		return "answered or closed"
	}
	return string(s)
}
