package telegram

import (
	"context"
	"slices"
	"sort"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

// Inline mode: https://core.telegram.org/bots/api#answerinlinequery
const (
	inlinePage  = 10
	inlineCache = 60 // seconds; an answer may change with the content
	maxOffset   = 1000
)

type inlineResult struct {
	Type        string    `json:"type"`
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Content     content   `json:"input_message_content"`
	Keyboard    *keyboard `json:"reply_markup,omitempty"`
}

type content struct {
	Text     string   `json:"message_text"`
	Entities []entity `json:"entities,omitempty"`
	Preview  *preview `json:"link_preview_options,omitempty"`
}

// inlineAsk is a request of somebody who types after our name in any chat.
func (a *Adapter) inlineAsk(ctx context.Context, core adapter.Core, from *user) commands.Request {
	place := commands.Place{Destination: commands.Destination{Platform: commands.Telegram}}
	base := a.ask(ctx, core, commands.Request{}, place, from, nil)
	base.TextOnly = true
	return base
}

// inline offers answers for words typed after our name in any chat.
func (a *Adapter) inline(ctx context.Context, core adapter.Core, q *inlineQuery) {
	base := a.inlineAsk(ctx, core, &q.From)
	offset, err := strconv.Atoi(q.Offset)
	if err != nil || offset < 0 || offset > maxOffset { // not one of ours
		offset = 0
	}
	found := core.Suggest(ctx, base, q.Query, offset, inlinePage)
	results := []inlineResult{}
	for _, s := range found {
		if res, ok := a.result(ctx, core, base, s); ok {
			results = append(results, res)
		}
	}
	raw, err := encode(results)
	if err != nil {
		a.log.Error("inline results not written", "err", err)
		return
	}
	p := tgbotapi.Params{
		"inline_query_id": q.ID, "results": string(raw), "cache_time": strconv.Itoa(inlineCache), "is_personal": "true",
	}
	if len(found) == inlinePage {
		p["next_offset"] = strconv.Itoa(offset + inlinePage)
	}
	if err := a.callNow(ctx, "answerInlineQuery", p, nil); err != nil {
		a.log.Warn("inline query not answered", "err", err)
	}
}

// chosen keeps track of a result that somebody sent, so that a correction finds
// it: the one with its id among those offered for the same words.
func (a *Adapter) chosen(ctx context.Context, core adapter.Core, c *chosen) {
	if c.Inline == "" || a.recorder == nil {
		return
	}
	base := a.inlineAsk(ctx, core, &c.From)
	for offset := 0; offset <= maxOffset; offset += inlinePage {
		found := core.Suggest(ctx, base, c.Query, offset, inlinePage)
		for _, s := range found {
			if resultID(s) != c.Result {
				continue
			}
			if r, reply, ok := suggested(ctx, core, base, s); ok {
				a.record(ctx, r, reply, []adapter.Posted{{Ref: adapter.MessageRef{To: inlineMessage(c.Inline), ID: c.Inline}}})
			}
			return
		}
		if len(found) < inlinePage {
			break
		}
	}
	a.log.Warn("inline answer not kept track of, it cannot be corrected", "reason", "not offered any more")
}

// resultID tells a suggestion from others.
func resultID(s commands.Suggestion) string { return lineKey(string(s.ID) + s.Line)[1:] }

// suggested is the answer of a suggestion's line, when anybody may read it.
func suggested(ctx context.Context, core adapter.Core, base commands.Request, s commands.Suggestion) (commands.Request, commands.Reply, bool) {
	r, err := commands.ParseLine(core.Table(), s.Line)
	if err != nil || s.Line == "" {
		return r, commands.Reply{}, false
	}
	r.Place, r.User, r.Admin, r.Lang, r.Now, r.Zone, r.TextOnly = base.Place, base.User, base.Admin, base.Lang, base.Now, base.Zone, true
	reply := core.Answer(ctx, r)
	return r, reply, !reply.Private
}

// result is the answer of a suggestion's line, as one message.
func (a *Adapter) result(ctx context.Context, core adapter.Core, base commands.Request, s commands.Suggestion) (inlineResult, bool) {
	title := oneLine(s.Title)
	if !visible(title) {
		return inlineResult{}, false
	}
	r, reply, ok := suggested(ctx, core, base, s)
	if !ok {
		return inlineResult{}, false
	}
	d, ok := a.single(r, reply)
	if !ok {
		return inlineResult{}, false
	}
	k, lines := d.Keyboard.shorten()
	if err := a.keep(ctx, lines); err != nil {
		a.log.Warn("inline buttons not kept", "err", err)
		return inlineResult{}, false
	}
	return inlineResult{
		Type: "article", ID: resultID(s), Title: title, Description: oneLine(s.Description),
		Content: content{Text: d.Text, Entities: d.Entities, Preview: d.Preview}, Keyboard: k,
	}, true
}

// single is an answer as one message: as many of its blocks as fit with the
// sources they cite, and then a button that leads to the rest.
func (a *Adapter) single(r commands.Request, reply commands.Reply) (draft, bool) {
	reply.Files = nil
	whole := len(reply.Blocks)
	try := func(n int) (draft, bool) {
		list, err := drafts(a.first(r, reply, n))
		if err != nil || len(list) != 1 || list[0].file != nil {
			return draft{}, false
		}
		return list[0], true
	}
	if d, ok := try(whole); ok {
		return d, true
	}
	over := sort.Search(whole, func(n int) bool { _, ok := try(n); return !ok })
	for n := over - 1; n >= 0; n-- {
		if d, ok := try(n); ok {
			return d, true
		}
	}
	return draft{}, false
}

// first is the reply's first n blocks.
func (a *Adapter) first(r commands.Request, reply commands.Reply, n int) commands.Reply {
	if n == len(reply.Blocks) {
		return reply
	}
	for n > 0 && reply.Blocks[n-1].Kind == commands.Heading {
		n--
	}
	reply.Blocks = reply.Blocks[:n]
	var cited []commands.Source
	for i, s := range reply.Sources {
		if slices.ContainsFunc(reply.Blocks, func(b commands.Block) bool { return cites(b, i+1) }) {
			cited = append(cited, s)
		}
	}
	reply.Sources = cited
	if p := payload(r.Line()); p != "" && a.username() != "" {
		reply.Buttons = append(slices.Clone(reply.Buttons), commands.Button{
			Label: readAll.In(reply.Lang), URL: "https://t.me/" + a.username() + "?start=" + p, Row: 1 << 20,
		})
	}
	return reply
}

func cites(b commands.Block, n int) bool {
	for _, spans := range append([][]commands.Span{b.Spans}, b.Entries...) {
		for _, s := range spans {
			if s.Kind == commands.Citation && s.Source == n {
				return true
			}
		}
	}
	return false
}
