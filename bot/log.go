package main

import (
	"io"
	"log/slog"
	"regexp"
	"strings"

	"griot/config"
)

// newLog makes the program's logger.
func newLog(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// scrubber passes on what is written to it without the secrets. Nothing should
// ever hold one; this is the last net, under log lines and errors alike.
type scrubber struct {
	w       io.Writer
	secrets *strings.Replacer
}

// telegramPath is how Telegram's token stands in the address of every call.
var telegramPath = regexp.MustCompile(`bot\d+:[\w-]+`)

func newScrubber(w io.Writer) *scrubber { return &scrubber{w, strings.NewReplacer()} }

// hide takes the secrets of c out from now on. It is called before anything
// runs beside it, as is through.
func (s *scrubber) hide(c config.Config) {
	var pairs []string
	for _, secret := range []config.Secret{c.Discord.Token, c.Telegram.Token} {
		if secret.IsSet() {
			pairs = append(pairs, secret.Reveal(), secret.String())
		}
	}
	s.secrets = strings.NewReplacer(pairs...)
}

// through puts a writer between the scrubber and what it writes to.
func (s *scrubber) through(wrap func(io.Writer) io.Writer) { s.w = wrap(s.w) }

// Write writes b, which holds whole lines. It reports b's own length.
func (s *scrubber) Write(b []byte) (int, error) {
	if _, err := io.WriteString(s.w, telegramPath.ReplaceAllString(s.secrets.Replace(string(b)), "bot***")); err != nil {
		return 0, err
	}
	return len(b), nil
}
