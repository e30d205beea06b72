package config_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"griot/config"
)

const secret = "123456:SECRET-value"

func env(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) (string, bool) { v, ok := m[k]; return v, ok }
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := config.Load(file(t, "griot.yaml", "# nothing\n"), env())
	if err != nil {
		t.Fatal(err)
	}
	if c.Discord.Token.IsSet() || c.Telegram.Token.IsSet() {
		t.Error("a token without one given")
	}
	got := []string{c.Discord.APIURL, c.Telegram.APIURL, c.DatabaseURL.Reveal(), c.Content, c.HTTPAddr, c.Log.String()}
	want := []string{"https://discord.com/api/v10", "https://api.telegram.org", "sqlite:griot.db", "", "", "INFO"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFileIsOptionalUnlessNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := config.Load("", env()); err != nil {
		t.Errorf("error %v, want none: griot.yaml need not exist", err)
	}
	if _, err := config.Load("other.yaml", env()); err == nil || !strings.Contains(err.Error(), "other.yaml: no such file") {
		t.Errorf("error %v, want it to name the file", err)
	}
	if err := os.WriteFile("griot.yaml", []byte("log: debug"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := config.Load("", env()); err != nil || c.Log != slog.LevelDebug {
		t.Errorf("log %v, error %v, want debug from griot.yaml", c.Log, err)
	}
}

func TestEnvironmentWins(t *testing.T) {
	t.Parallel()
	path := file(t, "griot.yaml", "log: debug\nhttp_addr: 127.0.0.1:1\ndiscord:\n  token: from-file\n")
	c, err := config.Load(path, env("GRIOT_LOG", "warn", "GRIOT_DISCORD_TOKEN", "from-env", "GRIOT_HTTP_ADDR", ""))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Log.String(), c.Discord.Token.Reveal(), c.HTTPAddr}
	if diff := cmp.Diff([]string{"WARN", "from-env", "127.0.0.1:1"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	token := file(t, "token", secret+"\n")
	for name, load := range map[string]func() (config.Config, error){
		"environment": func() (config.Config, error) {
			return config.Load(file(t, "griot.yaml", ""), env("GRIOT_TELEGRAM_TOKEN_FILE", token))
		},
		"settings file": func() (config.Config, error) {
			return config.Load(file(t, "griot.yaml", "telegram:\n  token_file: "+token), env())
		},
	} {
		if c, err := load(); err != nil || c.Telegram.Token.Reveal() != secret {
			t.Errorf("%s: token %q, error %v", name, c.Telegram.Token.Reveal(), err)
		}
	}
}

func TestFaultsAreListedAtOnceWithCures(t *testing.T) {
	t.Parallel()
	path := file(t, "griot.yaml", strings.Join([]string{
		"tokn: x",
		"discord:",
		"  tokem: " + secret,
		"  token: Bot " + secret,
		"  api_url: example.org",
		"telegram_token: " + secret,
		"telegram: 7",
		"log: [loud]",
	}, "\n"))
	_, err := config.Load(path, env(
		"GRIOT_DISCORD_PUBLIC_KEY", "abc", "GRIOT_DATABASE_URL", "mysql:"+secret, "GRIOT_LOG", "loud", "GRIOT_HTTP_ADDR", "8080",
		"GRIOT_TELEGRAM_TOKEN", "1:x", "GRIOT_TELEGRAM_TOKEN_FILE", "also", "GRIOT_TELEGRAM_WEBHOOK_URL", "ftp://x",
	))
	faults, ok := errors.AsType[config.Faults](err)
	if !ok {
		t.Fatalf("error %v, want Faults", err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, strings.TrimPrefix(f.Error(), path+":"))
		if f.Hint() == "" {
			t.Errorf("%q has no cure", f)
		}
		if strings.Contains(f.Error()+f.Hint(), "SECRET") {
			t.Errorf("%q holds the secret", f)
		}
	}
	want := []string{
		`1:1: unknown setting "tokn"`,
		`3:3: unknown setting "discord.tokem"`,
		`6:1: unknown setting "telegram_token"`,
		`7:11: telegram is not a list of settings`,
		`8:6: log is not a single value`,
		`telegram.token: GRIOT_TELEGRAM_TOKEN and GRIOT_TELEGRAM_TOKEN_FILE are both set`,
		`discord.token: holds a character that no token has (from ` + path + `:4:3)`,
		`discord.api_url: not an http or https address (from ` + path + `:5:3)`,
		`discord.public_key: not 64 hexadecimal digits (from GRIOT_DISCORD_PUBLIC_KEY)`,
		`telegram.webhook_url: not an http or https address (from GRIOT_TELEGRAM_WEBHOOK_URL)`,
		`database_url: not a database address (from GRIOT_DATABASE_URL)`,
		`http_addr: "8080" is not an address to serve at (from GRIOT_HTTP_ADDR)`,
		`log: "loud" is not a level (from GRIOT_LOG)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestSettingsThatNeedOthers(t *testing.T) {
	t.Parallel()
	_, err := config.Load(file(t, "griot.yaml", ""), env(
		"GRIOT_DISCORD_PUBLIC_KEY", strings.Repeat("ab", 32), "GRIOT_TELEGRAM_WEBHOOK_URL", "https://bot.example.org/telegram/webhook"))
	faults, _ := errors.AsType[config.Faults](err)
	if len(faults) != 4 {
		t.Errorf("faults %v, want a server and a token missed for each", faults)
	}
}

func TestBrokenFileDoesNotShowItsLines(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"discord:\n  token: \"" + secret + "\n",
		"discord:\n  token: " + secret + "\n  token: " + secret + "\n",
		"discord:\n\ttoken: " + secret + "\n",
		"- " + secret,
		secret,
		"discord: {token: [" + secret,
		"a: 1\n---\ntoken: " + secret,
	} {
		_, err := config.Load(file(t, "griot.yaml", text), env())
		if err == nil {
			t.Errorf("%q loads, want a fault", text)
			continue
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "SECRET") {
			t.Errorf("%q: the error holds the secret: %v", text, err)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	c, err := config.Load(file(t, "griot.yaml", ""), env("GRIOT_DISCORD_TOKEN", secret, "GRIOT_TELEGRAM_TOKEN", secret, "GRIOT_DATABASE_URL", "postgres://u:"+secret+"@h/db"))
	if err != nil {
		t.Fatal(err)
	}
	hidden := struct{ c config.Config }{c} // printers cannot call methods on what they reach by reflection
	var out strings.Builder
	for _, v := range []any{c, &c, hidden, &hidden, c.Discord.Token, &c.Discord.Token, []config.Secret{c.Discord.Token}, map[string]any{"c": c}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%p", "%T", "%10.3v", "%U"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
	}
	js, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	ym, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(js)
	out.Write(ym)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "config", c, "token", c.Discord.Token, "hidden", hidden)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "config", c, "token", c.Discord.Token, "hidden", hidden)
	out.WriteString(fmt.Errorf("wrapped: %w, %v", errors.New("x"), c.Discord.Token).Error())
	out.WriteString(cmp.Diff(c.Discord.Token.String(), "x"))
	for _, form := range []string{secret, "SECRET", fmt.Sprintf("%x", secret), fmt.Sprintf("%X", "SECRET")} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret shows as %q", form)
		}
	}
	if !strings.Contains(string(js), `"Token":"***"`) {
		t.Errorf("JSON %s, want *** for a token that is set", js)
	}
}

func TestExampleHoldsEverySettingAndLoads(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("griot.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load("griot.example.yaml", env()); err != nil {
		t.Error(err)
	}
	var plain []string // as a reader uncomments it
	for line := range strings.Lines(string(data)) {
		if i := strings.Index(line, "# "); i >= 0 && strings.Contains(line[i:], ": ") && !strings.HasPrefix(line, "# Settings") {
			line = line[:i] + line[i+2:]
		}
		plain = append(plain, line)
	}
	text := strings.Join(plain, "")
	for _, s := range config.Settings() {
		if _, name, _ := strings.Cut("."+s.Key, "."); !strings.Contains(text, name[strings.LastIndexByte(name, '.')+1:]+":") {
			t.Errorf("%s is not in the example", s.Key)
		}
		if s.Default != "" && !strings.Contains(text, s.Default) {
			t.Errorf("%s: the example does not show its default %s", s.Key, s.Default)
		}
	}
}

func TestChatLogsLessUnlessAsked(t *testing.T) {
	t.Parallel()
	path := file(t, "griot.yaml", "")
	silent, err := config.Load(path, env())
	if err != nil {
		t.Fatal(err)
	}
	asked, err := config.Load(path, env("GRIOT_LOG", "info"))
	if err != nil {
		t.Fatal(err)
	}
	got := []slog.Level{silent.LogLevel(true), silent.LogLevel(false), asked.LogLevel(true), asked.LogLevel(false)}
	if diff := cmp.Diff([]slog.Level{slog.LevelWarn, slog.LevelInfo, slog.LevelInfo, slog.LevelInfo}, got); diff != "" {
		t.Error(diff)
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	t.Parallel()
	for _, s := range config.Settings() {
		for _, text := range []string{config.Help(), config.Markdown()} {
			if !strings.Contains(text, s.Env()) || !strings.Contains(text, s.Help) {
				t.Errorf("%s is not told of in %s", s.Key, text)
			}
		}
	}
}

var update = flag.Bool("update", false, "rewrite the table of settings in the README")

func TestREADMEHasTheTableOfSettings(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../README.md", "<!-- settings -->\n", "<!-- /settings -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	table, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the table: %s … %s", path, begin, end)
	}
	if table == config.Markdown() {
		return
	}
	if !*update {
		t.Fatalf("%s has another table of settings\nif intended: go test ./config -update", path)
	}
	if err := os.WriteFile(path, []byte(before+begin+config.Markdown()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
