package config

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"
)

// Config is every setting, checked.
type Config struct {
	Discord     Discord
	Telegram    Telegram
	Delivery    Delivery
	DatabaseURL Secret // it may hold a password
	Content     string // folder of the pack; empty: the embedded one
	ContentHold string // what becomes of changed content that looks wrong: auto, on (it waits for a person) or off (it is taken)
	Editors     Place  // where editors decide; zero: nowhere
	// EditorsFirst is how long before everybody else editors are sent a digest; 0: they are not.
	EditorsFirst time.Duration
	HTTPAddr     string // empty: no HTTP server
	Log          slog.Level
	logGiven     bool
}

// HoldsContent reports whether changed content that looks wrong waits for a
// person; if it does not, it is taken.
func (c Config) HoldsContent() bool {
	return c.ContentHold == "on" || c.ContentHold == "auto" && c.Editors != Place{}
}

// DoubtsContent reports whether changed content is looked at for what is
// implausible at all.
func (c Config) DoubtsContent() bool { return c.ContentHold == "on" || c.ContentHold == "auto" }

// LogLevel is what to log: in a chat at the terminal only what needs a person,
// unless a level was asked for.
func (c Config) LogLevel(chat bool) slog.Level {
	if chat && !c.logGiven {
		return slog.LevelWarn
	}
	return c.Log
}

// Place is a channel, chat, thread or topic of a platform.
type Place struct {
	Platform string // discord or telegram
	Chat     string // Discord: the channel's id; Telegram: the signed id of the chat
	Thread   string // of it, or a forum's topic; empty for none
}

// Discord is how to reach Discord; without a token, not at all.
type Discord struct {
	Token     Secret
	APIURL    string
	PublicKey string // set: interactions come over HTTP instead of the gateway
	PerSecond float64
}

// Telegram is how to reach Telegram; without a token, not at all.
type Telegram struct {
	Token      Secret
	APIURL     string
	WebhookURL string // set: updates come over HTTP instead of polling
	PerSecond  float64
}

// Delivery is how digests are sent.
type Delivery struct {
	Deadline time.Duration // how late one may be sent
	InDoubt  string        // resend or report
	Remember time.Duration // for how long it is known what was sent
}

// DefaultPath is the settings file that is read when no other is named.
const DefaultPath = "griot.yaml"

// Load reads the settings: defaults, over them the file at path, over that the
// environment. An empty path means [DefaultPath], which need not exist. The
// error is a [Faults] with every fault there is; the Config is then as good as
// the settings without a fault make it.
func Load(path string, env func(string) (string, bool)) (Config, error) {
	values, faults := readFile(path)
	for _, s := range Settings() {
		v, f := fromEnv(s, env)
		faults = append(faults, f...)
		if v != "" {
			values[s.Key] = given{v, s.Env()}
		}
	}
	c, wrong := build(values)
	if faults = append(faults, wrong...); len(faults) > 0 {
		return c, faults
	}
	return c, nil
}

// given is a value with where it was found, for messages.
type given struct{ value, from string }

// readFile returns the values of the settings file by key, secret files read.
func readFile(path string) (map[string]given, Faults) {
	named := path != ""
	if !named {
		path = DefaultPath
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist) && !named:
		return map[string]given{}, nil
	case err != nil:
		return map[string]given{}, Faults{{Key: path, What: reason(err), Cure: "name a settings file that can be read, or leave --config away"}}
	}
	values, faults := parse(path, data)
	for _, s := range Settings() {
		file, ok := values[s.Key+"_file"]
		if !s.Secret || !ok || file.value == "" {
			continue
		}
		delete(values, s.Key+"_file")
		if values[s.Key].value != "" {
			faults = append(faults, twice(s.Key, s.Key, s.Key+"_file"))
			continue
		}
		v, f := readSecret(s.Key+"_file", file.value)
		faults = append(faults, f...)
		values[s.Key] = given{v, file.from}
	}
	return values, faults
}

// fromEnv returns the value the environment gives, or "". An empty variable
// counts as absent, as compose files set them.
func fromEnv(s Setting, env func(string) (string, bool)) (string, Faults) {
	v, _ := env(s.Env())
	if !s.Secret {
		return v, nil
	}
	file, _ := env(s.Env() + "_FILE")
	switch {
	case file == "":
		return strings.TrimSpace(v), nil
	case v != "":
		return "", Faults{twice(s.Key, s.Env(), s.Env()+"_FILE")}
	}
	return readSecret(s.Env()+"_FILE", file)
}

func twice(key, one, other string) Fault {
	return Fault{Key: key, What: one + " and " + other + " are both set", Cure: "set one of the two"}
}

// readSecret reads a secret from a file, without the line end editors add.
func readSecret(key, path string) (string, Faults) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", Faults{{Key: key, What: fmt.Sprintf("%s: %s", path, reason(err)), Cure: "name a file that holds the secret and that this user can read"}}
	}
	v := strings.TrimSpace(string(data))
	if v == "" {
		return "", Faults{{Key: key, What: path + " is empty", Cure: "write the secret into it, or leave the setting away"}}
	}
	return v, nil
}

// reason is why a file could not be read, without its path, which stands before.
func reason(err error) string {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}
