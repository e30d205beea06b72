package config_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"griot/config"
)

const deploy = "../bot/deploy"

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDeployNamesSettingsThatExist: a setting that was renamed or is misspelt
// would be left out in silence.
func TestDeployNamesSettingsThatExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, s := range config.Settings() {
		known[s.Env()] = true
		if s.Secret {
			known[s.Env()+"_FILE"] = true
		}
	}
	files, err := os.ReadDir(deploy)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, f := range files {
		for _, name := range regexp.MustCompile(`\bGRIOT_[A-Z_]+`).FindAllString(read(t, deploy, f.Name()), -1) {
			if named[name] = true; !known[name] {
				t.Errorf("%s names %s, which is no setting", f.Name(), name)
			}
		}
	}
	for _, name := range []string{"GRIOT_DATABASE_URL", "GRIOT_DISCORD_TOKEN", "GRIOT_TELEGRAM_TOKEN"} {
		if !named[name] {
			t.Errorf("nothing names %s", name)
		}
	}
}

// service is what compose.yaml says of a container.
type service struct {
	Image       string
	Build       struct{ Context, Dockerfile string }
	Deploy      struct{ Replicas int }
	Environment map[string]string
	Volumes     []string
	Ports       []string
}

type composition struct {
	Services map[string]service
	Volumes  map[string]any
}

func composed(t *testing.T) (c composition) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, deploy, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompose(t *testing.T) {
	t.Parallel()
	c := composed(t)
	griot := c.Services["griot"]
	if griot.Deploy.Replicas < 2 || len(griot.Ports) > 0 {
		t.Errorf("%d replicas with ports %v, want several, which cannot have one port of the machine", griot.Deploy.Replicas, griot.Ports)
	}
	if file := filepath.Join(deploy, griot.Build.Context, griot.Build.Dockerfile); griot.Build.Dockerfile == "" {
		t.Error("no Dockerfile")
	} else if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	for name, s := range c.Services {
		if s.Image != "" && !regexp.MustCompile(`:[0-9]`).MatchString(s.Image) {
			t.Errorf("%s: image %s without a version", name, s.Image)
		}
		for _, v := range s.Volumes {
			source, _, _ := strings.Cut(v, ":")
			_, named := c.Volumes[source]
			_, err := os.Stat(filepath.Join(deploy, source))
			if strings.HasPrefix(source, ".") && err != nil || !strings.HasPrefix(source, ".") && !named {
				t.Errorf("%s: volume %s is nowhere", name, v)
			}
		}
	}
}

// TestComposeStarts: what compose gives the program is taken, with the values
// that people fill in.
func TestComposeStarts(t *testing.T) {
	t.Parallel()
	env := maps.Clone(composed(t).Services["griot"].Environment)
	for line := range strings.Lines(read(t, deploy, "example.env")) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "# ")
		if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, "GRIOT_") && env[name] == "" {
			env[name] = value
		}
	}
	env["GRIOT_DISCORD_TOKEN"], env["GRIOT_TELEGRAM_TOKEN"] = "abc", "1:abc"
	env["GRIOT_DISCORD_PUBLIC_KEY"] = strings.Repeat("ab", 32)
	env["GRIOT_DATABASE_URL"] = regexp.MustCompile(`\$\{POSTGRES_PASSWORD:[^}]*\}`).ReplaceAllString(env["GRIOT_DATABASE_URL"], "password")
	got, err := config.Load(file(t, "griot.yaml", ""), func(k string) (string, bool) { v, ok := env[k]; return v, ok })
	if err != nil {
		t.Error(err)
	}
	if url := got.DatabaseURL.Reveal(); !strings.HasPrefix(url, "postgres://griot:password@postgres:") || strings.Contains(url, "$") {
		t.Errorf("database %q", url)
	}
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	text := read(t, deploy, "Dockerfile")
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))[1]
	for _, want := range []string{"FROM golang:" + version + " AS build", "CGO_ENABLED=0", "FROM scratch", "ca-certificates.crt", "USER 65532", `ENTRYPOINT ["/griot"]`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	var copied []string
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-\n][^\n]*) \S+$`).FindAllStringSubmatch(text, -1) {
		copied = append(copied, strings.Fields(m[1])...)
	}
	for _, path := range copied {
		if _, err := os.Stat(filepath.Join("..", path)); err != nil {
			t.Error(err)
		}
	}
	if !slices.Contains(copied, "go.sum") {
		t.Errorf("copies %v", copied)
	}
}

func TestUnit(t *testing.T) {
	t.Parallel()
	sections := map[string]map[string]string{}
	in := ""
	for line := range strings.Lines(read(t, deploy, "griot.service")) {
		line = strings.TrimSpace(line)
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			in = strings.Trim(line, "[]")
			sections[in] = map[string]string{}
		case ok && in != "":
			sections[in][key] = value
		default:
			t.Errorf("line %q is no setting of a section", line)
		}
	}
	for key, want := range map[string]string{
		"ExecStart": "/usr/local/bin/griot run", "DynamicUser": "yes", "StateDirectory": "griot", "WorkingDirectory": "%S/griot", "ExecReload": "/bin/kill -HUP $MAINPID",
	} {
		if got := sections["Service"][key]; got != want {
			t.Errorf("%s=%s, want %s", key, got, want)
		}
	}
	if sections["Install"]["WantedBy"] == "" || sections["Unit"]["Description"] == "" {
		t.Errorf("sections %v", sections)
	}
}
