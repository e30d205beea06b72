package telegram

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/briefings"
	"griot/commands"
)

const (
	// handleTime bounds the handling of one update, waits for limits included.
	handleTime = 90 * time.Second
	// staleAfter is the age from which what was said in a shared chat is left:
	// people there have moved on.
	staleAfter = 10 * time.Minute
)

// handle handles one update, whatever is in it.
func (a *Adapter) handle(ctx context.Context, core adapter.Core, u update) {
	ctx, cancel := context.WithTimeout(ctx, handleTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			what := fmt.Sprintf("%T", p) // its text may hold what somebody wrote; a runtime error's does not
			if e, ok := p.(runtime.Error); ok {
				what = e.Error()
			}
			a.log.Error("update not handled", "update", u.ID, "err", what, "stack", string(debug.Stack()))
			a.apologize(ctx, u)
		}
	}()
	switch {
	case u.Message != nil:
		a.message(ctx, core, u.Message)
	case u.Post != nil:
		if u.Post.Sender == nil { // nobody but the channel itself posts there
			u.Post.Sender = &u.Post.Chat
		}
		a.message(ctx, core, u.Post)
	case u.Callback != nil:
		a.press(ctx, core, u.Callback)
	case u.Inline != nil:
		a.inline(ctx, core, u.Inline)
	case u.Chosen != nil:
		a.chosen(ctx, core, u.Chosen)
	case u.Member != nil:
		a.log.Info("the bot's place changed", "chat", u.Member.Chat.ID, "status", u.Member.New.Status)
	}
}

// apologize says that something went wrong to whoever wrote to us. A press was
// answered by then.
func (a *Adapter) apologize(ctx context.Context, u update) {
	m := u.Message
	if m == nil || m.Text == "" || !m.Chat.private() && !strings.HasPrefix(m.Text, "/") {
		return
	}
	lang := briefings.EN
	if m.From != nil && strings.HasPrefix(m.From.Lang, "fr") {
		lang = briefings.FR
	}
	to := m.place().Destination
	d := draft{body: body{Text: commands.Words(lang).Apology}}
	if _, err := a.send(ctx, to, d, true); err != nil {
		a.log.Warn("apology not sent", "chat", to.Chat, "err", err)
	}
}

// message answers what was written to us.
func (a *Adapter) message(ctx context.Context, core adapter.Core, m *message) {
	if m.MigrateTo != 0 || m.MigrateOut != 0 {
		a.migrated(ctx, m)
		return
	}
	text, forwarded := m.Text, m.Chat.private() && m.forwarded()
	if forwarded {
		text = m.words()
	}
	switch {
	case text == "", m.Auto, m.Via != nil && !forwarded, m.From != nil && m.From.Bot && m.Sender == nil:
		return
	case !m.Chat.private() && a.stale(m):
		a.log.Info("message left, it waited too long", "chat", m.Chat.ID)
		return
	}
	line, addressed, ours := ourLine(text, a.username())
	asked, option, reply := a.asked(m)
	if !reply && !forwarded && (!ours || !strings.HasPrefix(line, "/") && !m.Chat.private()) {
		return
	}
	table := core.Table()
	r, err := parse(table, line)
	if reply {
		r, err = given(table, asked, option, m.Text)
	}
	if passed, ok := handed(table, text); forwarded && ok {
		r, err = passed, nil
	} else if err == nil {
		r = m.pointed(table, r)
	}
	if errors.Is(err, commands.ErrNoCommand) && !m.Chat.private() && !addressed {
		return // meant for another bot
	}
	r = a.ask(ctx, core, r, m.place(), m.From, m.Sender)
	answer := commands.Reply{}
	if err != nil {
		answer = commands.Refusal(table, r.Lang, err)
	} else {
		answer = core.Answer(ctx, r)
	}
	if !m.Chat.private() && whispers(table, r, answer) && r.User != "" {
		a.whisper(ctx, m, r, answer)
		return
	}
	var to *replyTo
	if m.Chat.Type == "group" || m.Chat.Type == "supergroup" {
		to = &replyTo{Message: m.ID, Anyway: true}
	}
	posted, _ := a.post(ctx, m.place().Destination, answer, to) // logged
	a.record(ctx, r, answer, posted)
}

// stale reports whether a message waited for us too long, by Telegram's clock
// where it told the time.
func (a *Adapter) stale(m *message) bool {
	if m.awaited || m.Date == 0 {
		return false
	}
	return time.Since(time.Unix(m.Date, 0))-time.Duration(a.skew.Load())*time.Second > staleAfter
}

// ourLine takes our name off a command and says whether it was there and
// whether the text may be for us at all.
func ourLine(text, me string) (line string, addressed, ours bool) {
	if !strings.HasPrefix(text, "/") {
		return text, false, true
	}
	end := strings.IndexAny(text, " \n\t\u00a0")
	if end < 0 {
		end = len(text)
	}
	command, name, found := strings.Cut(text[:end], "@")
	if !found {
		return text, false, true
	}
	return command + text[end:], true, strings.EqualFold(name, me)
}

func (a *Adapter) username() string {
	if me := a.self.Load(); me != nil {
		return me.Username
	}
	return ""
}

// parse reads a line as Telegram's people write it: with /start and its
// payload, and words that name no command are a question.
func parse(t commands.Table, line string) (commands.Request, error) {
	if word, payload, _ := strings.Cut(line, " "); word == "/start" {
		if r, ok := started(t, strings.TrimSpace(payload)); ok {
			return r, nil
		}
	}
	r, err := commands.ParseLine(t, line)
	if err == nil || strings.HasPrefix(line, "/") || !errors.Is(err, commands.ErrNoCommand) {
		return r, err
	}
	for _, name := range []string{"ask", "search", "help"} {
		c := t.Find(name)
		switch {
		case c == nil:
		case name == "help":
			return commands.Request{Command: c.Name, Options: map[string]string{}}, nil
		case len(c.Options) > 0:
			return commands.Request{Command: c.Name, Options: map[string]string{c.Options[0].Name: line}}, nil
		}
	}
	return r, err
}

// started is what a deep link asks for: the name of a command, the slug of a
// topic, or a line in base64url. Any other start is /start, or /help where
// there is none.
func started(t commands.Table, payload string) (commands.Request, bool) {
	if c := t.Find(strings.ToLower(payload)); c != nil && c.Name != "start" {
		return commands.Request{Command: c.Name, Options: map[string]string{}}, true
	}
	for _, c := range t {
		if c.Topic != "" && strings.EqualFold(c.Topic, payload) {
			return commands.Request{Command: c.Name, Options: map[string]string{}}, true
		}
	}
	if raw, err := base64.RawURLEncoding.DecodeString(payload); err == nil && strings.HasPrefix(string(raw), "/") && utf8.Valid(raw) {
		if r, err := commands.ParseLine(t, string(raw)); err == nil {
			return r, true
		}
	}
	for _, name := range []string{"start", "help"} {
		if c := t.Find(name); c != nil {
			return commands.Request{Command: c.Name, Options: map[string]string{}}, true
		}
	}
	return commands.Request{}, false
}

// payload is what [started] reads back, or "" when it is too long for a link:
// https://core.telegram.org/bots/features#deep-linking
func payload(line string) string {
	p := strings.TrimPrefix(line, "/")
	if !bareCommand.MatchString(line) {
		p = base64.RawURLEncoding.EncodeToString([]byte(line))
	}
	if len(p) > 64 {
		return ""
	}
	return p
}

// ask fills in who asks and where.
func (a *Adapter) ask(ctx context.Context, core adapter.Core, r commands.Request, place commands.Place, from *user, as *chat) commands.Request {
	r.Place, r.Now = place, time.Now()
	locale := ""
	if from != nil && as == nil {
		r.User, r.Name, locale = strconv.FormatInt(from.ID, 10), strings.TrimSpace(from.First+" "+from.Last), from.Lang
	}
	r.Admin = func(ctx context.Context) (bool, error) { return a.isAdmin(ctx, place, r.User, as) }
	r = core.Settle(ctx, r, locale)
	if r.Lang == "" {
		r.Lang = briefings.EN
	}
	return r
}

// isAdmin asks Telegram each time: rights change, and it matters at use.
func (a *Adapter) isAdmin(ctx context.Context, place commands.Place, user string, as *chat) (bool, error) {
	switch {
	case place.Private:
		return true, nil
	case place.Chat == "":
		return false, nil
	case as != nil && strconv.FormatInt(as.ID, 10) == place.Chat: // an anonymous administrator, a channel in itself
		return true, nil
	case as != nil:
		var c chat
		err := a.callNow(ctx, "getChat", tgbotapi.Params{"chat_id": place.Chat}, &c)
		return err == nil && c.Linked == as.ID, refused(err)
	case user == "":
		return false, nil
	}
	var m struct {
		Status string `json:"status"`
	}
	err := a.callNow(ctx, "getChatMember", tgbotapi.Params{"chat_id": place.Chat, "user_id": user}, &m)
	return err == nil && (m.Status == "creator" || m.Status == "administrator"), refused(err)
}

// refused is nil for an answer that means no.
func refused(err error) error {
	if errors.Is(err, adapter.ErrPayload) || errors.Is(err, adapter.ErrGone) || errors.Is(err, adapter.ErrForbidden) {
		return nil
	}
	return err
}

func (a *Adapter) migrated(ctx context.Context, m *message) {
	here := m.place().Destination
	there := here
	if m.MigrateTo != 0 {
		there.Chat = strconv.FormatInt(m.MigrateTo, 10)
		a.moved(ctx, here, there)
		return
	}
	there.Chat = strconv.FormatInt(m.MigrateOut, 10)
	a.moved(ctx, there, here)
}

func (a *Adapter) moved(ctx context.Context, from, to commands.Destination) {
	a.log.Info("group became a supergroup", "chat", from.Chat, "to", to.Chat)
	if a.mover == nil {
		return
	}
	if err := a.mover.Moved(ctx, from, to); err != nil {
		a.log.Error("move of a group not kept", "chat", from.Chat, "to", to.Chat, "err", err)
	}
}
