package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// cured is an error with what to do about it.
type cured struct{ what, cure string }

func (c cured) Error() string { return c.what }

// build puts the values into a Config, defaults where there is none.
func build(values map[string]given) (Config, Faults) {
	var c Config
	var faults Faults
	for _, s := range Settings() {
		v, ok := values[s.Key]
		if !ok || v.value == "" {
			v = given{value: s.Default}
		}
		if v.value == "" {
			continue
		}
		if err := s.take(&c, v.value); err != nil {
			f := Fault{Key: s.Key, What: err.Error()}
			if ce, ok := errors.AsType[cured](err); ok {
				f.Cure = ce.cure
			}
			if v.from != "" {
				f.What += " (from " + v.from + ")"
			}
			faults = append(faults, f)
		}
	}
	c.logGiven = values["log"].value != ""
	return c, append(faults, together(c)...)
}

// together checks what no setting can know of the others.
func together(c Config) Faults {
	var faults Faults
	add := func(key, what, cure string) { faults = append(faults, Fault{key, what, cure}) }
	if c.Discord.PublicKey != "" && c.HTTPAddr == "" {
		add("discord.public_key", "interactions over HTTP need an HTTP server", "set http_addr (GRIOT_HTTP_ADDR), or leave the public key away to use the gateway")
	}
	if c.Discord.PublicKey != "" && !c.Discord.Token.IsSet() {
		add("discord.public_key", "set without discord.token", "set GRIOT_DISCORD_TOKEN too")
	}
	if c.Editors.Platform == "discord" && !c.Discord.Token.IsSet() || c.Editors.Platform == "telegram" && !c.Telegram.Token.IsSet() {
		add("editors", "the bot has no token for "+c.Editors.Platform, "set "+c.Editors.Platform+".token too, or name a place where the bot is")
	}
	if c.EditorsFirst > 0 && c.Editors == (Place{}) {
		add("editors_first", "there is no editors' place", "set editors (GRIOT_EDITORS) too, or leave editors_first away")
	}
	if c.EditorsFirst > 0 && c.EditorsFirst >= c.Delivery.Deadline {
		add("editors_first", "digests would be too late for everybody else", "write less than delivery.deadline")
	}
	if c.Telegram.WebhookURL != "" && c.HTTPAddr == "" {
		add("telegram.webhook_url", "updates over HTTP need an HTTP server", "set http_addr (GRIOT_HTTP_ADDR), or leave the webhook away to poll")
	}
	if c.Telegram.WebhookURL != "" && !c.Telegram.Token.IsSet() {
		add("telegram.webhook_url", "set without telegram.token", "set GRIOT_TELEGRAM_TOKEN too")
	}
	return faults
}

func takeToken(at func(*Config) *Secret) func(*Config, string) error {
	return func(c *Config, v string) error {
		odd := func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("/?#%\"'", r)
		}
		if strings.ContainsFunc(v, odd) {
			return cured{"holds a character that no token has", "paste the token alone: no quotes, spaces or word before it"}
		}
		*at(c) = NewSecret(v)
		return nil
	}
}

func takeURL(at func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		u, err := url.Parse(v)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return cured{"not an http or https address", "write it like https://example.org/path"}
		}
		*at(c) = strings.TrimRight(v, "/")
		return nil
	}
}

func takePublicKey(c *Config, v string) error {
	if b, err := hex.DecodeString(v); err != nil || len(b) != 32 {
		return cured{"not 64 hexadecimal digits", "copy Public Key from the application's General Information page"}
	}
	c.Discord.PublicKey = strings.ToLower(v)
	return nil
}

func takeDatabase(c *Config, v string) error {
	scheme, rest, _ := strings.Cut(v, ":")
	if (scheme != "sqlite" && scheme != "postgres" && scheme != "postgresql") || rest == "" {
		return cured{"not a database address", "write sqlite:griot.db, sqlite::memory: or postgres://USER:PASSWORD@HOST:5432/DATABASE"}
	}
	c.DatabaseURL = NewSecret(v)
	return nil
}

func takeAddr(c *Config, v string) error {
	_, port, err := net.SplitHostPort(v)
	if n, errPort := strconv.Atoi(port); err != nil || errPort != nil || n < 0 || n > 65535 {
		return cured{fmt.Sprintf("%q is not an address to serve at", v), "write HOST:PORT such as 127.0.0.1:8080, or :8080 for every interface"}
	}
	c.HTTPAddr = v
	return nil
}

func takeLog(c *Config, v string) error {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	l, ok := levels[strings.ToLower(v)]
	if !ok {
		return cured{fmt.Sprintf("%q is not a level", v), "write debug, info, warn or error"}
	}
	c.Log = l
	return nil
}

func takeRate(at func(*Config) *float64) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || !(n >= 0.1 && n <= 10000) {
			return cured{fmt.Sprintf("%q is not a number of calls a second", v), "write a number from 0.1 to 10000, or leave it away"}
		}
		*at(c) = n
		return nil
	}
}

func takeDeadline(c *Config, v string) error {
	d, err := time.ParseDuration(v)
	if err != nil || d < time.Minute || d > 30*24*time.Hour {
		return cured{fmt.Sprintf("%q is not a deadline", v), "write hours or minutes, such as 12h or 90m, from 1m to 720h"}
	}
	c.Delivery.Deadline = d
	return nil
}

func takeRemember(c *Config, v string) error {
	d, err := time.ParseDuration(v)
	if err != nil || d < 24*time.Hour || d > 10*365*24*time.Hour {
		return cured{fmt.Sprintf("%q is not a time to remember for", v), "write hours, such as 2160h for 90 days, from 24h to 87600h"}
	}
	c.Delivery.Remember = d
	return nil
}

func takeHold(c *Config, v string) error {
	if v = strings.ToLower(v); v != "auto" && v != "on" && v != "off" {
		return cured{fmt.Sprintf("%q is not a choice", v), "write auto, on or off"}
	}
	c.ContentHold = v
	return nil
}

// placeForm is how a place is written.
var placeForm = regexp.MustCompile(`^(?:(discord):([0-9]+)|(telegram):(-?[0-9]+))(?:/([0-9]+))?$`)

func takeEditors(c *Config, v string) error {
	m := placeForm.FindStringSubmatch(strings.TrimSpace(v))
	if m == nil {
		return cured{fmt.Sprintf("%q is not a place", v), "write discord:CHANNEL, discord:CHANNEL/THREAD, telegram:CHAT or telegram:CHAT/TOPIC with their numbers"}
	}
	c.Editors = Place{Platform: m[1] + m[3], Chat: m[2] + m[4], Thread: m[5]}
	return nil
}

func takeEditorsFirst(c *Config, v string) error {
	d, err := time.ParseDuration(v)
	if v == "off" {
		d, err = 0, nil
	} else if d < time.Minute || d > 12*time.Hour {
		err = errors.New("out of bounds")
	}
	if err != nil {
		return cured{fmt.Sprintf("%q is not a time to go first by", v), "write minutes or hours, such as 10m, from 1m to 12h, or off"}
	}
	c.EditorsFirst = d
	return nil
}

func takeInDoubt(c *Config, v string) error {
	if v = strings.ToLower(v); v != "resend" && v != "report" {
		return cured{fmt.Sprintf("%q is not a choice", v), "write resend or report"}
	}
	c.Delivery.InDoubt = v
	return nil
}
