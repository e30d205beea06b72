package telegram_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

func TestPins(t *testing.T) {
	t.Parallel()
	for kind, right := range map[string]string{"group": "can_pin_messages", "supergroup": "can_pin_messages", "channel": "can_edit_messages"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			adaptertest.Pins(t, func(t *testing.T) adaptertest.PinPlace {
				s, id := telegramtest.New(t), int64(-1002001)
				if kind == "group" {
					id = group
				} else {
					id = -1001000002001
				}
				s.AddChat(telegramtest.Chat{ID: id, Type: kind})
				number := func(id string) int64 { n, _ := strconv.ParseInt(id, 10, 64); return n }
				return adaptertest.PinPlace{
					Adapter: newBot(t, s).Adapter, To: commands.Destination{Platform: commands.Telegram, Chat: strconv.FormatInt(id, 10)},
					Pinned: func() (out []string) {
						for _, n := range s.Pinned(id) {
							out = append(out, strconv.FormatInt(n, 10))
						}
						return out
					},
					Unpin:  func(m string) { s.Unpin(id, number(m)) },
					Delete: func(m string) { s.Delete(id, number(m)) },
					Deny:   func() string { s.DenyPins(id, true); return right },
				}
			})
		})
	}
}

// Nobody is notified, calls wait their turn, a private chat needs no right, and
// what goes out is as the description says.
func TestPinIsQuiet(t *testing.T) {
	t.Parallel()
	s, p := telegramtest.New(t), &pacer{}
	s.AddChat(telegramtest.Chat{ID: 77, Type: "private"})
	s.DenyPins(77, true)
	a := newBot(t, s, func(o *telegram.Options) { o.Pacer = p }).Adapter
	to := commands.Destination{Platform: commands.Telegram, Chat: "user:77"}
	r := sayings("Pinned")
	r.Quiet = true
	ref, err := a.Send(t.Context(), to, rendered(t, a, r)[0], "")
	if err != nil {
		t.Fatal(err)
	}
	if m := s.Messages(77); len(m) != 1 || !m[0].Silent {
		t.Errorf("%+v is heard", m)
	}
	r.Title = "Pinned anew"
	if err := a.Edit(t.Context(), ref, rendered(t, a, r)[0]); err != nil || s.Calls("editMessageText")[0].Params["disable_notification"] != "" {
		t.Errorf("edited with %v, %v", s.Calls("editMessageText")[0].Params, err)
	}
	waited := p.waits
	if err := errors.Join(a.Pin(t.Context(), ref), a.Unpin(t.Context(), ref)); err != nil {
		t.Fatal(err)
	}
	if p.waits != waited+2 || p.urgent > 0 {
		t.Errorf("the pacer was asked %d times, %d urgently; want 2, 0", p.waits-waited, p.urgent)
	}
	spec, err := telegramtest.FindSpec()
	for method, want := range map[string]string{
		"pinChatMessage": `{"chat_id":77,"disable_notification":true,"message_id":` + ref.ID + `}`, "unpinChatMessage": `{"chat_id":77,"message_id":` + ref.ID + `}`,
	} {
		calls := s.Calls(method)
		if len(calls) != 1 {
			t.Fatalf("%d calls of %s", len(calls), method)
		}
		body := map[string]json.RawMessage{} // form values, as JSON has them
		for k, v := range calls[0].Params {
			body[k] = json.RawMessage(v)
		}
		raw, failed := json.Marshal(body)
		if failed != nil || string(raw) != want {
			t.Errorf("%s with %s, want %s", method, raw, want)
		}
		if err == nil {
			if err := spec.Check("/"+method, raw); err != nil {
				t.Error(err)
			}
		}
	}
	if err != nil {
		t.Skipf("not held against the description: %v", err)
	}
}

func TestPinErrors(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]error{
		"400 Bad Request: CHAT_NOT_MODIFIED":                                       nil,
		"400 Bad Request: message to pin not found":                                adapter.ErrLost,
		"400 Bad Request: not enough rights to manage pinned messages in the chat": adapter.ErrForbidden,
		"400 Bad Request: CHAT_ADMIN_REQUIRED":                                     adapter.ErrForbidden,
		"403 Forbidden: bot was kicked from the group chat":                        adapter.ErrGone,
		"400 Bad Request: chat not found":                                          adapter.ErrGone,
		"500 Internal Server Error":                                                adapter.ErrUnknown,
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
			a := newBot(t, s).Adapter
			status, text, _ := strings.Cut(words, " ")
			code, _ := strconv.Atoi(status)
			s.Fail("pinChatMessage", telegramtest.Fault{Status: code, Text: text})
			err := a.Pin(t.Context(), adapter.MessageRef{To: inGroup, ID: "7"})
			if !errors.Is(err, want) {
				t.Errorf("error %v, want %v", err, want)
			}
			if right, named := errors.AsType[*adapter.RightError](err); want == adapter.ErrForbidden && (!named || right.Right != "can_pin_messages") {
				t.Errorf("error %v does not name the right", err)
			}
			if n := len(s.Calls("pinChatMessage")); n != 1 {
				t.Errorf("%d calls, want one: retries belong to the caller", n)
			}
		})
	}
	t.Run("moved", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
		a := newBot(t, s).Adapter
		s.Upgrade(group, -1001000002001, false)
		if m, ok := errors.AsType[*adapter.MovedError](a.Pin(t.Context(), adapter.MessageRef{To: inGroup, ID: "7"})); !ok || m.To.Chat != "-1001000002001" {
			t.Errorf("%v, want moved", m)
		}
	})
}
