package config

import (
	"fmt"
	"strings"
)

// Setting is a row of the table of settings.
type Setting struct {
	Key     string // in griot.yaml; a dot is one level deeper
	Default string
	Secret  bool // never printed; also read from a file
	Help    string
	take    func(c *Config, v string) error
}

// Env is the environment variable that sets it: discord.token is GRIOT_DISCORD_TOKEN.
func (s Setting) Env() string {
	return "GRIOT_" + strings.ToUpper(strings.ReplaceAll(s.Key, ".", "_"))
}

// Settings lists every setting there is.
func Settings() []Setting {
	return []Setting{
		{Key: "discord.token", Secret: true, Help: "bot token; joins Discord when set", take: takeToken(func(c *Config) *Secret { return &c.Discord.Token })},
		{Key: "discord.api_url", Default: "https://discord.com/api/v10", Help: "where Discord's API is, for proxies and tests", take: takeURL(func(c *Config) *string { return &c.Discord.APIURL })},
		{Key: "discord.public_key", Help: "the application's public key; set, interactions come over HTTP to /discord/interactions and not through the gateway", take: takePublicKey},
		{Key: "discord.per_second", Default: "45", Help: "calls a second over all channels; raise it only if Discord granted the bot more", take: takeRate(func(c *Config) *float64 { return &c.Discord.PerSecond })},
		{Key: "telegram.token", Secret: true, Help: "bot token; joins Telegram when set", take: takeToken(func(c *Config) *Secret { return &c.Telegram.Token })},
		{Key: "telegram.api_url", Default: "https://api.telegram.org", Help: "where Telegram's Bot API is, for a local server and tests", take: takeURL(func(c *Config) *string { return &c.Telegram.APIURL })},
		{Key: "telegram.webhook_url", Help: "public address of /telegram/webhook; set, updates come there and are not polled for", take: takeURL(func(c *Config) *string { return &c.Telegram.WebhookURL })},
		{Key: "telegram.per_second", Default: "28", Help: "calls a second over all chats; raise it only for a server of your own that takes more", take: takeRate(func(c *Config) *float64 { return &c.Telegram.PerSecond })},
		{Key: "delivery.deadline", Default: "12h", Help: "how late a digest may be sent, such as 12h or 90m; an older one is skipped, and /digest why says so", take: takeDeadline},
		{Key: "delivery.in_doubt", Default: "resend", Help: "a message that may have arrived, where the platform cannot tell: resend it once, or report it as unknown", take: takeInDoubt},
		{Key: "delivery.remember", Default: "2160h", Help: "for how long it is known which messages say what, so that corrections reach them: 2160h is 90 days; /privacy says so", take: takeRemember},
		{Key: "database_url", Default: "sqlite:griot.db", Secret: true, Help: "sqlite:FILE, sqlite::memory: to keep nothing, or postgres://USER:PASSWORD@HOST/DATABASE", take: takeDatabase},
		{Key: "content", Help: "folder of the content pack; empty: the one built in", take: func(c *Config, v string) error { c.Content = v; return nil }},
		{Key: "content_hold", Default: "auto", Help: "on: a changed pack that looks wrong, with a third of it gone or a number grown tenfold, waits until a person decides; off: nobody looks; auto: it waits where there is an editors' place, else it is taken with a warning", take: takeHold},
		{Key: "editors", Help: "where editors decide: discord:CHANNEL[/THREAD] or telegram:CHAT[/TOPIC]; empty: nowhere", take: takeEditors},
		{Key: "editors_first", Default: "off", Help: "how long before everybody else a digest is sent to the editors' place, such as 10m, so that it can be stopped there; off: not first", take: takeEditorsFirst},
		{Key: "http_addr", Help: "where to serve HTTP, such as 127.0.0.1:8080; empty: nowhere", take: takeAddr},
		{Key: "log", Default: "info", Help: "debug, info, warn or error, to standard error; the chat in a terminal begins with warn", take: takeLog},
	}
}

// Help is the table of settings for `griot --help`.
func Help() string {
	var b strings.Builder
	b.WriteString("Settings, from griot.yaml or the environment, which wins:\n")
	for _, s := range Settings() {
		fmt.Fprintf(&b, "  %s (%s)\n      %s.", s.Env(), s.Key, s.Help)
		if s.Default != "" {
			fmt.Fprintf(&b, " Default %s.", s.Default)
		}
		if s.Secret {
			fmt.Fprintf(&b, " Also %s_FILE.", s.Env())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Markdown is the table of settings for the README.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| environment | griot.yaml | default | what |\n| --- | --- | --- | --- |\n")
	for _, s := range Settings() {
		env := "`" + s.Env() + "`"
		if s.Secret {
			env += ", `" + s.Env() + "_FILE`"
		}
		def := ""
		if s.Default != "" {
			def = "`" + s.Default + "`"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", env, s.Key, def, s.Help)
	}
	return b.String()
}
