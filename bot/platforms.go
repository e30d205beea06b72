package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/terminal"
	"griot/bot/delivery"
	"griot/commands"
)

// join makes the adapters that the settings have tokens for. A token that
// cannot be one does not keep the other platform away.
func (a *app) join() {
	if c := a.cfg.Discord; c.Token.IsSet() {
		ad, err := discord.New(discord.Options{
			Token: c.Token.Reveal(), APIURL: c.APIURL, PublicKey: c.PublicKey, Fleet: a.replicas(), Recorder: recorder{a},
			Notes: a.store, Pacer: a.pacer(commands.Discord, discord.BotID(c.Token.Reveal()), c.PerSecond), Log: a.log,
		})
		if a.joins(commands.Discord, ad, err) && c.PublicKey != "" {
			a.hooks["/discord/interactions"] = ad.Interactions
		}
	}
	if c := a.cfg.Telegram; c.Token.IsSet() {
		ad, err := telegram.New(telegram.Options{
			Token: c.Token.Reveal(), APIURL: c.APIURL, WebhookURL: c.WebhookURL, Mover: a.store, Fleet: a.replicas(), Recorder: recorder{a},
			Notes: a.store, Pacer: a.pacer(commands.Telegram, telegram.BotID(c.Token.Reveal()), c.PerSecond), Log: a.log,
		})
		if a.joins(commands.Telegram, ad, err) && c.WebhookURL != "" {
			a.hooks["/telegram/webhook"] = ad.Webhook
		}
	}
}

// recorder keeps track of answers; the adapters are made before who does it.
type recorder struct{ *app }

// Record is told of an answer that stands.
func (r recorder) Record(ctx context.Context, a adapter.Answered) error {
	return r.digests.Record(ctx, a)
}

// replicas are what adapters share with those of other processes, nil when
// there are none.
func (a *app) replicas() adapter.Fleet {
	if a.fleet == nil {
		return nil
	}
	return a.fleet
}

// pacer makes the pacer that a platform's adapter and its digests share. The
// bot is named by its public id.
func (a *app) pacer(p commands.Platform, bot string, perSecond float64) *delivery.Pacer {
	a.pacers[p] = delivery.NewPacer(delivery.PacerOptions{Platform: p, Bot: bot, PerSecond: perSecond, Limiter: a.store, Log: a.log})
	return a.pacers[p]
}

func (a *app) joins(p commands.Platform, ad adapter.Adapter, err error) bool {
	if err != nil {
		a.unmade[p] = err
		a.log.Error("adapter not made", "adapter", string(p), "err", err, "cure", cure(p, adapter.ErrToken))
		return false
	}
	a.adapters[p] = ad
	return true
}

// cure says what an operator can do about an adapter that gave up.
func cure(p commands.Platform, err error) string {
	if !errors.Is(err, adapter.ErrToken) {
		return "griot doctor looks into it"
	}
	switch p {
	case commands.Discord:
		return "reset the token on the application's Bot page and set GRIOT_DISCORD_TOKEN"
	case commands.Telegram:
		return "ask @BotFather for /token and set GRIOT_TELEGRAM_TOKEN"
	}
	return "griot doctor looks into it"
}

// explain tells which calls an answer would be sent with. No token is needed.
func explain(p commands.Platform, place commands.Place, r commands.Reply) ([]adapter.Call, error) {
	ad, err := renderer(p)
	if err != nil {
		return nil, err
	}
	return ad.(adapter.Explainer).Explain(place, r)
}

// renderer is an adapter that lays answers out and reaches nobody.
func renderer(p commands.Platform) (adapter.Adapter, error) {
	switch p {
	case commands.Discord:
		return discord.New(discord.Options{Token: "0"})
	case commands.Telegram:
		return telegram.New(telegram.Options{Token: "0:0"})
	}
	return nil, fmt.Errorf("%s has no calls to show", p)
}

// newTerminal makes the chat in this terminal.
func newTerminal(sys system) *terminal.Adapter {
	locale := ""
	for _, k := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, _ := sys.env(k); v != "" {
			locale, _, _ = strings.Cut(v, ".")
			break
		}
	}
	noColor, _ := sys.env("NO_COLOR")
	term, _ := sys.env("TERM")
	return terminal.New(terminal.Options{
		In: sys.stdin, Out: sys.stdout, Locale: strings.ReplaceAll(locale, "_", "-"),
		Plain: noColor != "" || term == "dumb", Now: sys.now,
		Greeting: "Griot " + version() + ". /help lists what to ask, Tab completes, Ctrl-D ends.",
	})
}
