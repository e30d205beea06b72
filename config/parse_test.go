package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"griot/config"
)

func TestWrongKeysNameTheNearest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"discord:\n  tokn: x":        "did you mean discord.token?",
		"telegram:\n  webhok_url: x": "did you mean telegram.webhook_url?",
		"telegram:\n  tken_file: x":  "did you mean telegram.token_file?",
		"discrod:\n  token: x":       "did you mean discord?",
		"databse_url: x":             "did you mean database_url?",
		"Logg: x":                    "did you mean log?",
		"tokn: x":                    "did you mean discord.token or telegram.token?",
		"token: x":                   "write token below discord:",
		"discord_token: x":           "write token below discord:",
		"colour: blue":               "settings are discord.token",
		"discord:\n  " + strings.Repeat("x", 9999) + ": x": "settings are discord.token",
	} {
		path := filepath.Join(t.TempDir(), "griot.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := config.Load(path, func(string) (string, bool) { return "", false })
		faults, _ := errors.AsType[config.Faults](err)
		if len(faults) != 1 || !strings.HasPrefix(faults[0].Hint(), want) {
			t.Errorf("%.40q: %v, want the cure %q", text, faults, want)
		}
	}
}
