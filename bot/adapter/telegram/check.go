package telegram

import (
	"context"
	"errors"
	"fmt"
	"time"

	"griot/bot/adapter"
)

// Check asks Telegram what `griot doctor` wants to know. It changes nothing.
func (a *Adapter) Check(ctx context.Context, core adapter.Core) []adapter.Finding {
	var me user
	if err := a.call(ctx, "getMe", nil, &me); err != nil {
		f := adapter.Finding{What: "telegram connection", Note: err.Error(), Cure: "see that telegram.api_url is reachable from here"}
		if errors.Is(err, adapter.ErrToken) {
			f.What, f.Cure = "telegram token", "copy the token anew from @BotFather (/mybots, API Token) into telegram.token"
		}
		return []adapter.Finding{f}
	}
	out := []adapter.Finding{{What: "telegram token", OK: true, Note: "@" + me.Username}}
	note := "on: in groups the bot sees commands alone, which is all it needs"
	if me.ReadsAll {
		note = "off: the bot is sent all that is written in groups; it needs commands alone"
	}
	out = append(out, adapter.Finding{What: "telegram privacy mode", OK: true, Note: note})
	inline := adapter.Finding{What: "telegram inline mode", OK: me.Inline, Note: "on"}
	if !me.Inline {
		inline.Note, inline.Cure = "off", "turn it on with /setinline at @BotFather"
	}
	out = append(out, inline, a.checkClock(), a.checkWebhook(ctx))
	return append(out, a.checkMenus(ctx, core))
}

func (a *Adapter) checkClock() adapter.Finding {
	skew := time.Duration(a.skew.Load()) * time.Second
	f := adapter.Finding{What: "telegram clock", OK: skew.Abs() < 30*time.Second, Note: fmt.Sprintf("%s from Telegram's", skew)}
	if !f.OK {
		f.Cure = "set this machine's clock, for example by turning on NTP"
	}
	return f
}

func (a *Adapter) checkWebhook(ctx context.Context) adapter.Finding {
	f := adapter.Finding{What: "telegram updates"}
	var info struct {
		URL     string `json:"url"`
		Pending int    `json:"pending_update_count"`
		Error   string `json:"last_error_message"`
	}
	if err := a.call(ctx, "getWebhookInfo", nil, &info); err != nil {
		f.Note, f.Cure = err.Error(), "try again later"
		return f
	}
	switch {
	case a.webhook == "" && info.URL != "":
		f.Note = "a webhook is set, so polling is refused"
		f.Cure = "start the bot, which removes it, or set telegram.webhook_url to use it"
	case a.webhook != info.URL:
		f.Note = "the webhook set is not the one of telegram.webhook_url"
		f.Cure = "start the bot, which sets it"
	case info.Error != "" && info.Pending > 0:
		f.Note = fmt.Sprintf("%d updates wait; Telegram's last attempt: %s", info.Pending, info.Error)
		f.Cure = "see that telegram.webhook_url leads from outside to griot.http_addr with a valid certificate"
	default:
		f.OK, f.Note = true, fmt.Sprintf("%d updates wait", info.Pending)
	}
	return f
}

func (a *Adapter) checkMenus(ctx context.Context, core adapter.Core) adapter.Finding {
	f := adapter.Finding{What: "telegram menus", OK: true, Note: "as the table of commands"}
	for _, m := range menus(core.Table()) {
		differs, err := a.differs(ctx, m)
		if err != nil {
			return adapter.Finding{What: f.What, Note: err.Error(), Cure: "try again later"}
		}
		if differs {
			return adapter.Finding{What: f.What, Note: m.words() + " differs from the table of commands", Cure: "start the bot, which sets it"}
		}
	}
	return f
}
