package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
)

// compareEvery is how often the table is compared with what was registered last.
const compareEvery = 30 * time.Second

// keepRegistered registers the commands, and again whenever the table changes.
// It returns early only when the token is refused.
func (a *Adapter) keepRegistered(ctx context.Context, core adapter.Core) error {
	last, try, trouble := "", 0, outage{}
	for ctx.Err() == nil {
		want := wanted(core.Table())
		key, err := fingerprint(want)
		if err == nil && key != last {
			err = a.register(ctx, want)
		}
		wait := a.compare
		switch {
		case err == nil:
			last, try, trouble = key, 0, outage{}
		case ctx.Err() != nil:
			return nil
		case tokenRefused(err):
			return adapter.ErrToken
		default:
			try++
			wait = a.backoff(try)
			if re, ok := errors.AsType[*adapter.RetryError](err); ok {
				wait = max(wait, re.After)
			}
			if errors.Is(err, adapter.ErrPayload) { // it will be refused until the content changes
				wait, last = max(wait, a.compare), key
			}
			a.log.Log(ctx, trouble.level(a.now(), err, a.key != nil), "commands not registered", "err", err, "wait", wait.Round(time.Millisecond))
		}
		pause(ctx, wait)
	}
	return nil
}

// register overwrites the commands Discord has, if they differ.
func (a *Adapter) register(ctx context.Context, want []*discordgo.ApplicationCommand) error {
	app, err := a.application(ctx)
	if err != nil {
		return err
	}
	path := "applications/" + escapeID(app) + "/commands"
	have, err := a.registered(ctx, app)
	if err != nil {
		return err
	}
	if same(have, want) {
		a.log.Debug("commands are registered already", "count", len(want))
		return nil
	}
	body, err := encode(want)
	if err != nil {
		return err
	}
	if _, err := a.inTurn(ctx, call{method: http.MethodPut, path: path, body: body}, nil); err != nil {
		return fmt.Errorf("register commands: %w", meaning(err))
	}
	a.log.Info("commands registered", "count", len(want))
	return nil
}

// registered asks which commands Discord has. A proxy that does not know the
// question has none.
func (a *Adapter) registered(ctx context.Context, app string) ([]*discordgo.ApplicationCommand, error) {
	var have []*discordgo.ApplicationCommand
	_, err := a.inTurn(ctx, call{method: http.MethodGet, path: "applications/" + escapeID(app) + "/commands?with_localizations=true"}, &have)
	if notServed(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the commands: %w", meaning(err))
	}
	return have, nil
}

// meaning is a call's error as one of the seam's kinds.
func meaning(err error) error {
	if f, ok := errors.AsType[*fault](err); ok {
		return classify(f, false)
	}
	return err
}

// application returns the application's id, asking for it once.
func (a *Adapter) application(ctx context.Context) (string, error) {
	if id := a.app.Load(); id != nil && *id != "" {
		return *id, nil
	}
	var out struct {
		ID string `json:"id"`
	}
	_, err := a.inTurn(ctx, call{method: http.MethodGet, path: "applications/@me"}, &out)
	if notServed(err) || err == nil && out.ID == "" {
		_, err = a.inTurn(ctx, call{method: http.MethodGet, path: "users/@me"}, &out)
	}
	if err != nil {
		return "", fmt.Errorf("ask for the application: %w", meaning(err))
	}
	if out.ID == "" {
		return "", errors.New("ask for the application: the answer names none")
	}
	a.app.Store(&out.ID)
	return out.ID, nil
}

// same reports whether Discord has exactly what we want. What it returns has
// ids and defaults added, and empty values left out, so both are put in one form.
func same(have, want []*discordgo.ApplicationCommand) bool {
	return len(have) == len(want) && reflect.DeepEqual(plainForm(have), plainForm(want))
}

func plainForm(list []*discordgo.ApplicationCommand) map[string]any {
	out := map[string]any{}
	for _, c := range list {
		if c == nil {
			continue
		}
		kind := max(c.Type, discordgo.ChatApplicationCommand)
		form := map[string]any{"description": c.Description, "options": plainOptions(c.Options)}
		if c.NameLocalizations != nil && len(*c.NameLocalizations) > 0 {
			form["names"] = *c.NameLocalizations
		}
		if c.DescriptionLocalizations != nil && len(*c.DescriptionLocalizations) > 0 {
			form["descriptions"] = *c.DescriptionLocalizations
		}
		if c.IntegrationTypes != nil {
			form["installs"] = slices.Sorted(slices.Values(*c.IntegrationTypes))
		}
		if c.Contexts != nil {
			form["contexts"] = slices.Sorted(slices.Values(*c.Contexts))
		}
		if c.DefaultMemberPermissions != nil {
			form["permissions"] = *c.DefaultMemberPermissions
		}
		out[fmt.Sprint(kind, " ", c.Name)] = form
	}
	return out
}

func plainOptions(list []*discordgo.ApplicationCommandOption) []any {
	out := []any{}
	for _, o := range list {
		if o == nil {
			continue
		}
		form := map[string]any{
			"type": o.Type, "name": o.Name, "description": o.Description, "required": o.Required,
			"autocomplete": o.Autocomplete, "options": plainOptions(o.Options),
		}
		if len(o.NameLocalizations) > 0 {
			form["names"] = o.NameLocalizations
		}
		if len(o.DescriptionLocalizations) > 0 {
			form["descriptions"] = o.DescriptionLocalizations
		}
		var choices []any
		for _, c := range o.Choices {
			one := []any{c.Name, fmt.Sprint(c.Value)}
			if len(c.NameLocalizations) > 0 {
				one = append(one, c.NameLocalizations)
			}
			choices = append(choices, one)
		}
		form["choices"] = choices
		out = append(out, form)
	}
	return out
}

// fingerprint tells one list of commands from another.
func fingerprint(list []*discordgo.ApplicationCommand) (string, error) {
	b, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("write commands: %w", err)
	}
	return string(b), nil
}
