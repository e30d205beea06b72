package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Types of callbacks.
const (
	pong            = 1
	answerMessage   = 4
	deferMessage    = 5
	deferUpdate     = 6
	updateMessage   = 7
	autocompletes   = 8
	opensModal      = 9
	ephemeral       = 64
	callbackSeconds = 3
	tokenMinutes    = 15
)

// callback takes the first answer to an interaction.
func (s *Server) callback(id, token string, c *Call) answer {
	var in struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(c.Body, &in) != nil {
		return invalid([]string{"type: This field is required"})
	}
	inner := &Call{Method: c.Method, Path: c.Path, Body: in.Data, Files: c.Files}
	if in.Type == answerMessage || in.Type == updateMessage {
		if a, bad := s.refuseBody(inner); bad {
			return a
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.interactions[token]
	switch {
	case i == nil || i.ID != id || s.now().Sub(i.at) > callbackSeconds*time.Second:
		return apiError(http.StatusNotFound, 10062, "Unknown interaction")
	case i.acked != 0:
		return apiError(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	}
	if a, bad := s.acknowledge(i, in.Type, inner); bad {
		return a
	}
	i.acked, i.ackedAt = in.Type, s.now()
	s.touch()
	if c.Query == "with_response=true" {
		out := map[string]any{"interaction": map[string]any{"id": i.ID, "type": i.Type}}
		if in.Type == answerMessage || in.Type == updateMessage {
			out["resource"] = map[string]any{"type": in.Type, "message": i.answer}
		}
		return ok(out)
	}
	return answer{status: http.StatusNoContent}
}

// acknowledge does what a callback says; s.mu is held.
func (s *Server) acknowledge(i *Interaction, kind int, c *Call) (answer, bool) {
	var data struct {
		Flags   int `json:"flags"`
		Choices []struct {
			Name, Value string
		} `json:"choices"`
	}
	_ = json.Unmarshal(c.Body, &data)
	if (kind == autocompletes) != (i.Type == 4) || ((kind == deferUpdate || kind == updateMessage) && i.Type != 3) {
		return invalid([]string{"type: not possible for this interaction"}), true
	}
	switch kind {
	case answerMessage:
		i.answer = s.post(i, c)
	case deferMessage:
		i.private = data.Flags&ephemeral != 0
	case deferUpdate:
		i.answer = i.message
	case updateMessage:
		if i.message == nil {
			return invalid([]string{"type: there is no message to update"}), true
		}
		s.edit(i.message, c)
		i.answer = i.message
	case autocompletes:
		if data.Choices == nil || len(data.Choices) > 25 {
			return invalid([]string{"data.choices: between 0 and 25"}), true
		}
		i.choices = []Option{}
		for _, ch := range data.Choices {
			if n := size(ch.Name); n < 1 || n > 100 || size(ch.Value) < 1 || size(ch.Value) > 100 {
				return invalid([]string{"data.choices: " + ch.Name + " = " + ch.Value}), true
			}
			i.choices = append(i.choices, Option{Label: ch.Name, Value: ch.Value})
		}
	case opensModal:
		var m Modal
		faults := m.read(c.Body)
		if i.Type == 5 {
			faults = append(faults, "type: no modal from a modal")
		}
		if len(faults) > 0 {
			return invalid(faults), true
		}
		i.modal = &m
	case pong:
	default:
		return invalid([]string{"type: unknown"}), true
	}
	return answer{}, false
}

// post puts an answer into the interaction's channel; s.mu is held.
func (s *Server) post(i *Interaction, c *Call) *Message {
	m := s.newMessage(i.Channel, c)
	ch := s.channels[i.Channel]
	ch.messages = append(ch.messages, m)
	return m
}

// webhook serves follow-ups and the message @original.
func (s *Server) webhook(app, token string, rest []string, c *Call) answer {
	if c.Method == "POST" || c.Method == "PATCH" {
		if a, bad := s.refuseBody(c); bad {
			return a
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.interactions[token]
	switch {
	case i == nil || app != AppID:
		return apiError(http.StatusNotFound, 10015, "Unknown Webhook")
	case s.now().Sub(i.at) > tokenMinutes*time.Minute:
		return apiError(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	case i.acked == 0:
		return apiError(http.StatusNotFound, 10015, "Unknown Webhook")
	}
	original := len(rest) == 2 && rest[0] == "messages" && rest[1] == "@original"
	switch {
	case c.Method == "POST" && len(rest) == 0:
		return s.followUp(i, c)
	case original && c.Method == "PATCH":
		if i.answer == nil { // the deferral's "thinking" turns into the answer
			i.answer = s.post(i, c)
			if i.private {
				i.answer.Flags |= ephemeral
			}
			s.touch()
		} else {
			s.edit(i.answer, c)
		}
		return ok(i.answer)
	case original && c.Method == "DELETE":
		if i.answer != nil {
			ch := s.channels[i.Channel]
			ch.messages = slices.DeleteFunc(ch.messages, func(m *Message) bool { return m == i.answer })
		}
		i.answer, i.acked = nil, answerMessage
		s.touch()
		return answer{status: http.StatusNoContent}
	case original && c.Method == "GET" && i.answer != nil:
		return ok(i.answer)
	}
	return apiError(http.StatusNotFound, 10008, "Unknown Message")
}

// followUp posts a further message; the first one after a deferral takes its place. s.mu is held.
func (s *Server) followUp(i *Interaction, c *Call) answer {
	if i.userOnly && len(i.followups) >= 5 {
		return apiError(http.StatusBadRequest, 40094, "This interaction has reached the maximum number of follow up messages.")
	}
	m := s.post(i, c)
	if i.acked == deferMessage && i.answer == nil {
		i.answer = m
		m.Flags &^= ephemeral
		if i.private {
			m.Flags |= ephemeral
		}
	} else {
		i.followups = append(i.followups, m)
	}
	s.touch()
	return ok(m)
}

// Acked is the type of the callback that arrived, or 0.
func (i *Interaction) Acked() int {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.acked
}

// Answer waits for the message that answers, after a deferral for its edit.
func (i *Interaction) Answer() Message {
	i.s.t.Helper()
	var got Message
	i.s.Wait("the answer to an interaction", func() bool {
		i.s.mu.Lock()
		defer i.s.mu.Unlock()
		if i.answer == nil || (i.acked == deferUpdate && i.answer.Edits == 0) {
			return false
		}
		got = *i.answer
		return true
	})
	return got
}

// FollowUps waits until n further messages followed the answer.
func (i *Interaction) FollowUps(n int) []Message {
	i.s.t.Helper()
	var got []Message
	i.s.Wait("follow-ups", func() bool {
		i.s.mu.Lock()
		defer i.s.mu.Unlock()
		got = nil
		for _, m := range i.followups {
			got = append(got, *m)
		}
		return len(got) >= n
	})
	return got
}
