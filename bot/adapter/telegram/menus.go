package telegram

import (
	"context"
	"errors"
	"slices"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/briefings"
	"griot/commands"
)

// menuTime is how often the table is compared with the menus.
const menuTime = 30 * time.Second

// menuEntry is https://core.telegram.org/bots/api#botcommand
type menuEntry struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// menu is one list of commands: those of a scope in a language.
type menu struct {
	scope, lang string // lang "" serves every language without a menu of its own
	entries     []menuEntry
}

// words name a menu to the operator.
func (m menu) words() string {
	where := map[string]string{
		"default": "the menu where no other one is set", "all_private_chats": "the menu of private chats",
		"all_group_chats": "the menu of groups", "all_chat_administrators": "the menu of groups’ administrators",
	}[m.scope]
	if m.lang != "" {
		return where + ", language " + m.lang + ","
	}
	return where
}

// A menu takes a hundred commands: https://core.telegram.org/bots/api#setmycommands
const maxMenu = 100

// menus are made from the table: everything in private chats and for
// administrators, where it may be used; in groups what is for all to see.
func menus(t commands.Table) []menu {
	var out []menu
	for _, scope := range []string{"default", "all_private_chats", "all_group_chats", "all_chat_administrators"} {
		all := scope == "all_private_chats" || scope == "all_chat_administrators"
		for _, lang := range []briefings.Lang{briefings.EN, briefings.FR} {
			m := menu{scope: scope}
			if lang != briefings.EN {
				m.lang = string(lang)
			}
			for i := range t {
				if c := &t[i]; len(m.entries) < maxMenu && c.Name != "start" && !c.Hidden && (all || !c.Private && !c.Admin) {
					m.entries = append(m.entries, entry(c, lang))
				}
			}
			out = append(out, m)
		}
	}
	return out
}

// entry is a command's name and summary, in the language where Telegram takes it.
func entry(c *commands.Command, lang briefings.Lang) menuEntry {
	name := c.Names.In(lang)
	if !bareCommand.MatchString("/" + name) {
		name = c.Name
	}
	about := oneLine(c.Summary.In(lang))
	if about == "" {
		about = "/" + name
	}
	return menuEntry{name, about}
}

func (m menu) params() tgbotapi.Params {
	p := tgbotapi.Params{"scope": `{"type":"` + m.scope + `"}`}
	p.AddNonEmpty("language_code", m.lang)
	return p
}

// differs asks whether Telegram has another menu than this.
func (a *Adapter) differs(ctx context.Context, m menu) (bool, error) {
	var have []menuEntry
	if err := a.call(ctx, "getMyCommands", m.params(), &have); err != nil {
		return false, err
	}
	return !slices.Equal(have, m.entries), nil
}

// setMenu sets a menu unless Telegram has it. When it does not say, it is set.
func (a *Adapter) setMenu(ctx context.Context, m menu) error {
	differs, err := a.differs(ctx, m)
	if err == nil && !differs || ctx.Err() != nil || waits(err) > 0 {
		return err
	}
	p := m.params()
	raw, err := encode(m.entries)
	if err != nil {
		return err
	}
	if p["commands"] = string(raw); len(m.entries) == 0 {
		delete(p, "commands")
		return a.call(ctx, "deleteMyCommands", p, nil)
	}
	return a.call(ctx, "setMyCommands", p, nil)
}

// keepMenus sets the menus that differ from the table, now and whenever the
// table changes, until ctx is done.
func (a *Adapter) keepMenus(ctx context.Context, core adapter.Core) {
	var set []menu
	var notBefore time.Time
	pause := menuTime // after a failure, longer each time
	for {
		if want := menus(core.Table()); !slices.EqualFunc(want, set, sameMenu) && !time.Now().Before(notBefore) {
			err := a.setMenus(ctx, want)
			switch {
			case err == nil:
				set, pause = want, menuTime
			case ctx.Err() == nil:
				wait := max(pause, waits(err))
				notBefore, pause = time.Now().Add(wait), min(2*pause, time.Hour)
				a.log.Warn("menus not set, trying again", "after", wait, "err", err)
			}
		}
		if !sleep(ctx, menuTime) {
			return
		}
	}
}

func sameMenu(a, b menu) bool {
	return a.scope == b.scope && a.lang == b.lang && slices.Equal(a.entries, b.entries)
}

func (a *Adapter) setMenus(ctx context.Context, list []menu) error {
	var errs []error
	for _, m := range list {
		if err := a.setMenu(ctx, m); err != nil {
			errs = append(errs, err)
		}
		if waits(errors.Join(errs...)) > 0 {
			break
		}
	}
	return errors.Join(errs...)
}

// waits is how long an error asks to wait.
func waits(err error) time.Duration {
	if re, ok := errors.AsType[*adapter.RetryError](err); ok {
		return re.After
	}
	return 0
}
