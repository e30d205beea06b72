package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Ask is a slash command typed by somebody. Its zero fields mean: the fake's
// server, channel and user, English, no rights, the app installed in the server.
type Ask struct {
	Command, Sub string
	Options      map[string]string
	Focused      string // the option being typed, for Complete
	User         string
	Channel      string
	DM           bool // alone with the bot
	UserInstall  bool // in a server or chat that does not have the app
	Permissions  int64
	Locale       string
	Message      map[string]any // what is pointed at, for Menu
	Raw          map[string]any // fields that replace those of the interaction; nil values delete
}

// Interaction is one use of the bot, with its answers.
type Interaction struct {
	ID, Token string
	Channel   string
	Type      int // 2 slash, 3 component, 4 autocomplete, 5 modal

	s         *Server
	at        time.Time
	userOnly  bool
	acked     int // type of the callback, 0 before it
	private   bool
	answer    *Message // what the asker sees
	message   *Message // the message pressed
	choices   []Option
	modal     *Modal
	followups []*Message
	ackedAt   time.Time
}

// SendOverHTTP makes further interactions arrive at url, signed, instead of over the gateway.
func (s *Server) SendOverHTTP(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interactURL = url
}

// Slash sends a slash command.
func (s *Server) Slash(a Ask) *Interaction {
	s.t.Helper()
	return s.interact(2, a, commandData(a), nil)
}

// Menu chooses the command in the menu of a message, whose content comes along.
func (s *Server) Menu(a Ask) *Interaction {
	s.t.Helper()
	const id = "900000000000000077"
	message := map[string]any{
		"id": id, "type": 0, "content": "", "channel_id": orElse(a.Channel, Channel), "embeds": []any{}, "components": []any{}, "attachments": []any{}, "flags": 0,
		"author": map[string]any{"id": "5", "username": "somebody", "discriminator": "0"}, "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": nil,
		"mentions": []any{}, "mention_roles": []any{}, "mention_everyone": false, "pinned": false, "tts": false,
	}
	maps.Copy(message, a.Message)
	return s.interact(2, a, map[string]any{"id": "2", "name": a.Command, "type": 3, "target_id": id, "resolved": map[string]any{"messages": map[string]any{id: message}}}, nil)
}

// Complete sends what is typed so far in the option a.Focused and waits for suggestions.
func (s *Server) Complete(a Ask) []Option {
	s.t.Helper()
	i := s.interact(4, a, commandData(a), nil)
	s.Wait("suggestions", func() bool { return i.Acked() != 0 })
	s.mu.Lock()
	defer s.mu.Unlock()
	return i.choices
}

// Press presses a button, or picks the value of a select. Of a only the person and place count.
func (s *Server) Press(a Ask, on Message, customID string, values ...string) *Interaction {
	s.t.Helper()
	data := map[string]any{"component_type": 2, "custom_id": customID}
	if len(values) > 0 {
		data["component_type"], data["values"] = 3, values
	}
	if a.Channel == "" && !a.DM {
		a.Channel = on.Channel
	}
	return s.interact(3, a, data, &on)
}

func commandData(a Ask) map[string]any {
	opts := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(a.Options)) {
		o := map[string]any{"name": name, "type": 3, "value": a.Options[name]}
		if name == a.Focused {
			o["focused"] = true
		}
		opts = append(opts, o)
	}
	if a.Sub != "" {
		opts = []map[string]any{{"name": a.Sub, "type": 1, "options": opts}}
	}
	return map[string]any{"id": "1", "name": a.Command, "type": 1, "options": opts}
}

func (s *Server) interact(kind int, a Ask, data map[string]any, on *Message) *Interaction {
	s.t.Helper()
	s.mu.Lock()
	user := orElse(a.User, User)
	chID := orElse(a.Channel, Channel)
	if a.DM {
		chID = DM(user)
		s.channel(chID, "")
	}
	ch := s.channel(chID, Guild)
	i := &Interaction{ID: s.id(), Channel: chID, Type: kind, s: s, at: s.now(), userOnly: a.UserInstall}
	i.Token = "token-" + i.ID
	s.interactions[i.Token] = i
	event := map[string]any{
		"id": i.ID, "application_id": AppID, "token": i.Token, "type": kind, "version": 1,
		"channel_id": chID, "channel": ch.object(chID), "locale": orElse(a.Locale, "en-US"),
		"entitlements": []any{}, "attachment_size_limit": 10485760, "app_permissions": "2251799813685248", "data": data,
	}
	who := map[string]any{"id": user, "username": "someone", "discriminator": "0"}
	owners := map[string]any{"0": orElse(ch.guild, "0")}
	if a.UserInstall {
		owners = map[string]any{"1": user}
	}
	event["authorizing_integration_owners"] = owners
	if ch.guild != "" {
		event["guild_id"], event["guild_locale"], event["context"] = ch.guild, "en-US", 0
		event["member"] = map[string]any{
			"user": who, "permissions": strconv.FormatInt(a.Permissions, 10),
			"roles": []any{}, "joined_at": "2020-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0,
		}
	} else {
		event["user"], event["context"] = who, 1
		if a.UserInstall {
			event["context"] = 2
		}
	}
	if on != nil {
		for _, m := range ch.messages {
			if m.ID == on.ID {
				i.message = m
			}
		}
		event["message"] = on
	}
	for k, v := range a.Raw {
		event[k] = v
		if v == nil {
			delete(event, k)
		}
	}
	url := s.interactURL
	s.mu.Unlock()
	if url != "" {
		go s.deliver(url, i, event)
		return i
	}
	s.Dispatch("INTERACTION_CREATE", event)
	return i
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// Sign makes the request with which Discord delivers an interaction over HTTP.
func (s *Server) Sign(url string, body []byte, at time.Time) *http.Request {
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	sig := ed25519.Sign(s.key, append([]byte(stamp), body...))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(sig))
	return r
}

func (s *Server) deliver(url string, i *Interaction, event map[string]any) {
	b, _ := json.Marshal(event)
	resp, err := s.http.Client().Do(s.Sign(url, b, time.Now()))
	if err != nil {
		s.complain("interaction over HTTP: %v", err)
		return
	}
	defer resp.Body.Close()
	out, _ := io.ReadAll(resp.Body)
	if resp.StatusCode == http.StatusAccepted {
		return // it answers by a callback
	}
	if resp.StatusCode != http.StatusOK {
		s.complain("interaction over HTTP: %s %s", resp.Status, out)
		return
	}
	c := &Call{Method: "POST", Path: "/interactions/" + i.ID + "/" + i.Token + "/callback", Body: out}
	if a := s.callback(i.ID, i.Token, c); a.status >= 300 {
		s.complain("answer to an interaction over HTTP: %v", a.body)
	}
}
