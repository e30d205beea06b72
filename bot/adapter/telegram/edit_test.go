package telegram_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

var inGroup = commands.Destination{Platform: commands.Telegram, Chat: strconv.FormatInt(group, 10)}

// rendered is a reply as parts.
func rendered(t *testing.T, a *telegram.Adapter, r commands.Reply) []adapter.Part {
	t.Helper()
	parts, err := a.Render(commands.Place{Destination: inGroup}, r)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func sayings(title string, files ...commands.File) commands.Reply {
	return commands.Reply{Title: title, Files: files, Buttons: []commands.Button{{Label: "Stop", Line: "/digest stop " + strings.Repeat("x", 90)}}}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
	p := &pacer{}
	b := newBot(t, s, func(o *telegram.Options) { o.Pacer = p })
	csv := commands.File{Name: "lake.csv", Type: "text/csv", Data: []byte("a,b\n"), Alt: "Figures"}
	var refs []adapter.MessageRef
	for _, part := range rendered(t, b.Adapter, sayings("Old", csv)) {
		ref, err := b.Send(t.Context(), inGroup, part, "")
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, ref)
	}
	csv.Data, csv.Alt = []byte("a,c\n"), "Corrected"
	for range 2 { // repeated it does no harm
		for i, part := range rendered(t, b.Adapter, sayings("New", csv)) {
			if err := b.Edit(t.Context(), refs[i], part); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := s.Messages(group)
	if len(got) != 2 || got[0].Text != "New" || got[0].Edits != 1 || len(got[0].Rows) != 1 || got[1].Text != "Corrected" || string(got[1].File.Data) != "a,c\n" {
		t.Errorf("the chat holds %+v", got)
	}
	if line, err := b.notes.Note(t.Context(), "line:"+strings.TrimPrefix(got[0].Data("Stop"), "#")); err != nil || line == "" {
		t.Errorf("the button's line is not kept: %q, %v", line, err)
	}
	if p.urgent > 0 {
		t.Errorf("%d urgent calls, want none", p.urgent)
	}
	// Buttons alone.
	r := sayings("New", csv)
	r.Buttons = nil
	if err := b.Edit(t.Context(), refs[0], rendered(t, b.Adapter, r)[0]); err != nil {
		t.Error(err)
	}
	if m := s.Messages(group)[0]; len(m.Rows) > 0 || m.Text != "New" {
		t.Errorf("stands as %+v, want no buttons", m)
	}
	// A text gives way to a file; a file stays, with other words.
	if err := b.Edit(t.Context(), refs[0], rendered(t, b.Adapter, sayings("New", csv))[1]); err != nil {
		t.Error(err)
	}
	if err := b.Edit(t.Context(), refs[1], rendered(t, b.Adapter, sayings("New"))[0]); err != nil {
		t.Error(err)
	}
	if m := s.Messages(group)[1]; m.Text != "New" || m.File == nil || len(m.Rows) != 1 {
		t.Errorf("stands as %+v, want the file with a new caption", m)
	}
	long := commands.Reply{Blocks: []commands.Block{{Kind: commands.Paragraph, Spans: []commands.Span{{Kind: commands.Plain, Text: strings.Repeat("The lake is calm. ", 100)}}}}}
	if err := b.Edit(t.Context(), refs[1], rendered(t, b.Adapter, long)[0]); !errors.Is(err, adapter.ErrPayload) {
		t.Errorf("more words than a caption holds: %v, want ErrPayload", err)
	}
}

func TestEditErrors(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]error{
		"400 Bad Request: message to edit not found":                                          adapter.ErrLost,
		"400 Bad Request: message can't be edited":                                            adapter.ErrLost,
		"400 Bad Request: MESSAGE_ID_INVALID":                                                 adapter.ErrLost,
		"400 Bad Request: MESSAGE_AUTHOR_REQUIRED":                                            adapter.ErrLost,
		"400 Bad Request: chat not found":                                                     adapter.ErrGone,
		"403 Forbidden: bot was kicked from the supergroup chat":                              adapter.ErrGone,
		"400 Bad Request: not enough rights to edit the message":                              adapter.ErrForbidden,
		"400 Bad Request: message is too long":                                                adapter.ErrPayload,
		"500 Internal Server Error":                                                           adapter.ErrUnknown,
		"400 Bad Request: message is not modified: specified new message content is the same": nil,
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
			a := newBot(t, s).Adapter
			status, text, _ := strings.Cut(words, " ")
			code, _ := strconv.Atoi(status)
			s.Fail("editMessageText", telegramtest.Fault{Status: code, Text: text})
			err := a.Edit(t.Context(), adapter.MessageRef{To: inGroup, ID: "7"}, rendered(t, a, sayings("New"))[0])
			if !errors.Is(err, want) {
				t.Errorf("error %v, want %v", err, want)
			}
			if n := len(s.Calls("editMessageText")); n != 1 {
				t.Errorf("%d calls, want one: retries belong to the caller", n)
			}
		})
	}
}

func TestEditWaitsAndMoves(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
	p := &pacer{}
	a := newBot(t, s, func(o *telegram.Options) { o.Pacer = p }).Adapter
	part := rendered(t, a, sayings("New"))[0]
	ref, err := a.Send(t.Context(), inGroup, part, "")
	if err != nil {
		t.Fatal(err)
	}
	s.Fail("editMessageText", telegramtest.Fault{Status: 429, Text: "Too Many Requests", RetryAfter: 7})
	if re, ok := errors.AsType[*adapter.RetryError](a.Edit(t.Context(), ref, part)); !ok || re.After != 7*time.Second || p.held != 7*time.Second {
		t.Errorf("%v, held %s; want a wait of 7s", re, p.held)
	}
	s.Upgrade(group, -1002001, false)
	if m, ok := errors.AsType[*adapter.MovedError](a.Edit(t.Context(), ref, part)); !ok || m.To.Chat != "-1002001" {
		t.Errorf("%v, want moved", m)
	}
	ref.To.Chat, ref.ID = "-1002001", strconv.FormatInt(group, 10)+"/"+ref.ID
	if err := a.Edit(t.Context(), ref, part); !errors.Is(err, adapter.ErrLost) {
		t.Errorf("a message of before the move: %v, want ErrLost", err)
	}
}
