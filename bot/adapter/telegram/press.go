package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

// press answers a button: its line as if it had been typed, in the place of the
// message it stands under. Every press is answered, so that no client waits.
func (a *Adapter) press(ctx context.Context, core adapter.Core, q *callback) {
	place := commands.Place{Destination: commands.Destination{Platform: commands.Telegram}}
	if q.Message != nil {
		place = q.Message.place()
	}
	r := a.ask(ctx, core, commands.Request{}, place, &q.From, nil)
	words := commands.Words(r.Lang)
	alert := words.Apology // unless all goes well
	defer func() { a.answerQuery(ctx, q.ID, alert) }()

	line, err := a.lineOf(ctx, q.Data)
	if err != nil {
		a.log.Error("button not looked up", "err", err)
		return
	}
	if line == "" {
		alert = words.TooLate
		return
	}
	table := core.Table()
	line, inPlace := adapter.Pressed(line)
	asked, err := commands.ParseLine(table, line)
	if err != nil {
		alert = briefly(commands.Refusal(table, r.Lang, err))
		return
	}
	r.Command, r.Sub, r.Options = asked.Command, asked.Sub, asked.Options
	r.TextOnly = r.TextOnly || q.Inline != ""
	reply := core.Answer(ctx, r)
	inPlace = inPlace && reply.Prompt == nil // words are asked for in a message of its own
	switch c := row(table, r); {
	case reply.Refused && !place.Private: // anybody can press, and what stands is everybody's
		alert = briefly(reply)
	case reply.Private && c != nil && !c.Private && !table.Find(r.Command).Private: // a refusal does not replace what stands
		alert = briefly(reply)
	case !place.Private && whispers(table, r, reply):
		alert = a.whisperPress(ctx, r, reply)
	case q.Inline != "":
		alert = a.editInline(ctx, q, r, reply, alert)
	case a.turn(ctx, q.Message, r, reply, inPlace) == nil:
		alert = ""
	}
}

// briefly is a refusal in the words an alert can hold.
func briefly(r commands.Reply) string {
	text := r.Title
	for _, b := range r.Blocks {
		if s := commands.Join(b.Spans); s != "" {
			text = s
			break
		}
	}
	text = oneLine(text)
	for units(text) > 200 {
		cut := []rune(text)
		text = strings.TrimRight(string(cut[:len(cut)-2]), " ") + "…"
	}
	return text
}

func (a *Adapter) answerQuery(ctx context.Context, id, alert string) {
	p := tgbotapi.Params{"callback_query_id": id}
	p.AddNonEmpty("text", alert)
	p.AddBool("show_alert", alert != "")
	err := a.callNow(ctx, "answerCallbackQuery", p, nil)
	switch {
	case errors.Is(err, errLate):
		a.log.Debug("press answered too late for its spinner", "err", err)
	case err != nil:
		a.log.Warn("press not answered", "err", err)
	}
}

// whisperPress answers in the presser's private chat; the result is the alert.
func (a *Adapter) whisperPress(ctx context.Context, r commands.Request, reply commands.Reply) string {
	to := commands.Destination{Platform: commands.Telegram, Chat: r.User}
	switch _, err := a.post(ctx, to, reply, nil); {
	case err == nil:
		return whispered.In(r.Lang)
	case errors.Is(err, adapter.ErrGone):
		return startFirst.In(r.Lang)
	}
	return commands.Words(r.Lang).Apology
}

// turn puts an answer in the place of a message, or beside it: its first text
// by an edit, what more there is as new messages.
func (a *Adapter) turn(ctx context.Context, m *message, r commands.Request, reply commands.Reply, inPlace bool) error {
	if m == nil {
		return adapter.ErrLost
	}
	list := a.layOut(reply)
	to := r.Place.Destination
	var posted []adapter.Posted
	first := slices.IndexFunc(list, func(d draft) bool { return d.file == nil })
	if inPlace && m.Date != 0 && first >= 0 { // or no longer accessible
		var err error
		if !m.shows(list[first]) {
			err = a.persist(ctx, &to, func() error { return a.edit(ctx, to, m.ID, list[first]) })
		}
		switch {
		case err == nil, errors.Is(err, errSame):
			posted = append(posted, adapter.Posted{Ref: adapter.MessageRef{To: to, ID: strconv.FormatInt(m.ID, 10)}})
			list = slices.Delete(list, first, first+1)
		case !errors.Is(err, adapter.ErrLost):
			a.log.Warn("answer not put in place", "chat", to.Chat, "err", err)
			return err
		}
	}
	more, err := a.postAll(ctx, &to, list)
	a.record(ctx, r, reply, append(posted, more...))
	return err
}

// shows reports whether the message stands as d would make it.
func (m *message) shows(d draft) bool {
	if m.Text != d.Text || len(m.Markup) == 0 != (d.Keyboard == nil) {
		return false
	}
	links := func(list []entity) (out []string) {
		for _, e := range list {
			if e.Type == textLink {
				out = append(out, e.URL)
			}
		}
		return out
	}
	if !slices.Equal(links(m.Entities), links(d.Entities)) {
		return false
	}
	if d.Keyboard == nil {
		return true
	}
	var k keyboard
	if json.Unmarshal(m.Markup, &k) != nil {
		return false
	}
	short, _ := d.Keyboard.shorten()
	was, err1 := encode(k)
	is, err2 := encode(short)
	return err1 == nil && err2 == nil && bytes.Equal(was, is)
}

func (a *Adapter) edit(ctx context.Context, to commands.Destination, id int64, d draft) error {
	return a.change(ctx, to, tgbotapi.Params{"chat_id": to.Chat, "message_id": strconv.FormatInt(id, 10)}, d, true)
}

// editInline turns a message that was sent through inline mode; it is one
// message, so the answer is cut to one. The result is the alert.
func (a *Adapter) editInline(ctx context.Context, q *callback, r commands.Request, reply commands.Reply, sorry string) string {
	d, ok := a.single(r, reply)
	if !ok {
		return sorry
	}
	to := inlineMessage(q.Inline)
	err := a.persist(ctx, &to, func() error {
		return a.change(ctx, to, tgbotapi.Params{"inline_message_id": q.Inline}, d, true)
	})
	if err != nil && !errors.Is(err, errSame) {
		a.log.Warn("inline answer not put in place", "err", err)
		return sorry
	}
	a.record(ctx, r, reply, []adapter.Posted{{Ref: adapter.MessageRef{To: to, ID: q.Inline}}})
	return ""
}
