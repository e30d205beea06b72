package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Modal is a form that somebody is shown, with one field.
type Modal struct {
	CustomID string
	Title    string
	Field    string // custom id of the field
	Label    string
	Hint     string
	Most     int
	on       *Message
}

// read checks and takes over a modal: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
func (m *Modal) read(raw []byte) (faults []string) {
	var in struct {
		CustomID   string `json:"custom_id"`
		Title      string `json:"title"`
		Components []struct {
			Type       int `json:"type"`
			Components []struct {
				Type     int    `json:"type"`
				CustomID string `json:"custom_id"`
				Style    int    `json:"style"`
				Label    string `json:"label"`
				Hint     string `json:"placeholder"`
				Most     int    `json:"max_length"`
				Required bool   `json:"required"`
			} `json:"components"`
		} `json:"components"`
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return []string{"data: " + err.Error()}
	}
	within := func(what, s string, least, most int) {
		if n := size(s); n < least || n > most {
			faults = append(faults, fmt.Sprintf("data.%s: must be between %d and %d in length, is %d", what, least, most, n))
		}
	}
	within("custom_id", in.CustomID, 1, 100)
	within("title", in.Title, 1, 45)
	if len(in.Components) != 1 || in.Components[0].Type != 1 || len(in.Components[0].Components) != 1 {
		return append(faults, "data.components: the fake takes one row with one field")
	}
	f := in.Components[0].Components[0]
	if f.Type != 4 || f.Style != 1 && f.Style != 2 || f.Most < 1 || f.Most > 4000 {
		faults = append(faults, "data.components: not a text input")
	}
	within("label", f.Label, 1, 45)
	within("placeholder", f.Hint, 0, 100)
	within("field custom_id", f.CustomID, 1, 100)
	*m = Modal{CustomID: in.CustomID, Title: in.Title, Field: f.CustomID, Label: f.Label, Hint: f.Hint, Most: f.Most}
	return faults
}

// CheckModal says what Discord would refuse of a modal.
func CheckModal(raw []byte) (faults []string) { return new(Modal).read(raw) }

// Modal waits for the form that answers an interaction.
func (i *Interaction) Modal() Modal {
	i.s.t.Helper()
	var got Modal
	i.s.Wait("a form", func() bool {
		i.s.mu.Lock()
		defer i.s.mu.Unlock()
		if i.modal == nil {
			return false
		}
		got = *i.modal
		got.on = i.message
		return true
	})
	return got
}

// Submit sends a form that somebody filled. Of a only the person and place count.
func (s *Server) Submit(a Ask, m Modal, text string) *Interaction {
	s.t.Helper()
	if m.on != nil && a.Channel == "" && !a.DM {
		a.Channel = m.on.Channel
	}
	return s.interact(5, a, map[string]any{"custom_id": m.CustomID, "components": []any{
		map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": m.Field, "value": text}}},
	}}, m.on)
}
