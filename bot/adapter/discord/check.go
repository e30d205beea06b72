package discord

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"griot/bot/adapter"
)

// maxDrift is the difference of clocks beyond which due times are visibly wrong.
const maxDrift = 30 * time.Second

// Check asks Discord what `griot doctor` wants to know. It changes nothing.
func (a *Adapter) Check(ctx context.Context, core adapter.Core) []adapter.Finding {
	var app struct {
		ID       string         `json:"id"`
		Name     string         `json:"name"`
		Key      string         `json:"verify_key"`
		Installs map[string]any `json:"integration_types_config"`
	}
	header, err := a.inTurn(ctx, call{method: http.MethodGet, path: "applications/@me"}, &app)
	if notServed(err) || err == nil && app.ID == "" {
		header, err = a.inTurn(ctx, call{method: http.MethodGet, path: "users/@me"}, &app)
	}
	if err == nil && app.ID == "" {
		err = errors.New("the answer names no application")
	}
	if err != nil {
		return []adapter.Finding{unreached(err)}
	}
	a.app.Store(&app.ID)
	out := []adapter.Finding{
		{What: "discord token", OK: true, Note: "accepted"},
		{What: "discord application", OK: true, Note: strings.TrimSuffix(app.ID+", "+oneLine(app.Name), ", ")},
	}
	if f, ok := a.clock(header); ok {
		out = append(out, f)
	}
	out = append(out, a.checkKey(app.Key), installs(app.Installs), a.checkCommands(ctx, core, app.ID))
	if a.key == nil {
		out = append(out, a.checkGateway(ctx))
	}
	return out
}

// unreached says why Discord did not tell us anything.
func unreached(err error) adapter.Finding {
	f := adapter.Finding{What: "discord token", Note: err.Error()}
	switch {
	case tokenRefused(err):
		f.Note = "refused"
		f.Cure = "copy the token from the application's page under Bot, or reset it there, and set GRIOT_DISCORD_TOKEN"
	default:
		f.What = "discord connection"
		f.Cure = "check the network, the proxy and GRIOT_DISCORD_API_URL, then try again"
	}
	return f
}

// clock compares our clock with Discord's.
func (a *Adapter) clock(h http.Header) (adapter.Finding, bool) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return adapter.Finding{}, false
	}
	drift := a.now().Sub(theirs).Round(time.Second)
	f := adapter.Finding{What: "clock", OK: drift.Abs() <= maxDrift, Note: fmt.Sprintf("%s from Discord's", drift)}
	if !f.OK {
		f.Cure = "set this machine's clock, for example with an NTP service: digests would come at the wrong time"
	}
	return f, true
}

// checkKey compares the public key of the setting with the application's.
func (a *Adapter) checkKey(theirs string) adapter.Finding {
	f := adapter.Finding{What: "discord public key", OK: true, Note: "not set: interactions come over the gateway"}
	if a.key == nil {
		return f
	}
	f.Note = "interactions come over HTTP"
	if theirs != "" && !strings.EqualFold(theirs, hex.EncodeToString(a.key)) {
		f.OK, f.Note = false, "it is not this application's"
		f.Cure = "copy the public key from the application's page under General Information into GRIOT_DISCORD_PUBLIC_KEY"
	}
	return f
}

func installs(config map[string]any) adapter.Finding {
	f := adapter.Finding{What: "discord installation", OK: true, Note: "servers and users"}
	if config == nil {
		f.Note = "not told"
		return f
	}
	_, guild := config["0"]
	_, user := config["1"]
	if !guild || !user {
		f.OK, f.Note = false, "not both for servers and users"
		f.Cure = "on the application's page under Installation, tick both Guild Install and User Install"
	}
	return f
}

// checkCommands compares what Discord has with what the table wants.
func (a *Adapter) checkCommands(ctx context.Context, core adapter.Core, app string) adapter.Finding {
	f := adapter.Finding{What: "discord commands"}
	have, err := a.registered(ctx, app)
	if err != nil {
		f.Note, f.Cure = err.Error(), "try again in a minute"
		return f
	}
	want := wanted(core.Table())
	f.Note = fmt.Sprintf("%d registered, %d wanted", len(have), len(want))
	if f.OK = same(have, want); !f.OK {
		f.Note += ", they differ"
		f.Cure = "start the bot: it registers them within a minute; apps show the change after a restart of their own"
	}
	if n := len(core.Table().Offered()) - (len(want) - len(messageCommands(core.Table()))); n > 0 {
		f.OK, f.Note = false, f.Note+fmt.Sprintf("; %d of the table cannot be registered", n)
		f.Cure = fmt.Sprintf("Discord takes %d commands with names of letters, digits, - and _", maxCommands)
	}
	return f
}

// checkGateway asks whether a session may begin. Griot asks for no intents.
func (a *Adapter) checkGateway(ctx context.Context) adapter.Finding {
	f := adapter.Finding{What: "discord gateway"}
	g, err := a.gateway(ctx, 0)
	if err == nil {
		err = g.mayBegin()
	}
	if err == nil {
		_, err = gatewayURL(g.URL)
	}
	if err != nil {
		f.Note, f.Cure = err.Error(), "try again in a minute"
		if re, ok := errors.AsType[*adapter.RetryError](err); ok {
			f.Cure = fmt.Sprintf("wait %s before starting the bot", re.After.Round(time.Second))
		}
		return f
	}
	f.OK, f.Note = true, "can be reached; no intents are needed"
	return f
}
