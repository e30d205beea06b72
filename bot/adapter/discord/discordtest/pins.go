package discordtest

import (
	"net/http"
	"slices"
)

// LimitPins has every channel take only so many pins; 0 is no limit. Discord's
// own number changed already and may again.
func (s *Server) LimitPins(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pinLimit = n
}

// DenyPins takes the right to pin in a channel from the bot, or gives it back.
func (s *Server) DenyPins(id string, denied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel(id, Guild).noPins = denied
}

// Pinned lists the ids of a channel's pinned messages, the oldest pin first.
func (s *Server) Pinned(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.channel(id, Guild).pinned)
}

// Unpin takes a message off the pins, as a person would.
func (s *Server) Unpin(id, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel(id, Guild).unpin(message)
	s.touch()
}

// Delete removes a message, as a person would.
func (s *Server) Delete(id, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(s.channel(id, Guild), message)
}

// remove takes a message away, from the pins too; s.mu is held.
func (s *Server) remove(ch *channel, message string) {
	ch.messages = slices.DeleteFunc(ch.messages, func(m *Message) bool { return m.ID == message })
	ch.unpin(message)
	s.touch()
}

func (ch *channel) unpin(message string) {
	ch.pinned = slices.DeleteFunc(ch.pinned, func(id string) bool { return id == message })
}

// channelPins serves /channels/{id}/messages/pins and /channels/{id}/messages/pins/{id}:
// https://docs.discord.com/developers/resources/message#get-channel-pins
func (s *Server) channelPins(id, message string, c *Call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[id]
	switch {
	case ch == nil:
		return apiError(http.StatusNotFound, 10003, "Unknown Channel")
	case ch.status != 0:
		return apiError(ch.status, ch.code, "refused")
	case message == "" && c.Method == "GET":
		return ok(map[string]any{"items": ch.pins(), "has_more": false})
	case !slices.ContainsFunc(ch.messages, func(m *Message) bool { return m.ID == message && !m.Private() }):
		return apiError(http.StatusNotFound, 10008, "Unknown Message")
	case ch.noPins && ch.guild != "":
		return apiError(http.StatusForbidden, 50013, "Missing Permissions")
	case c.Method == "DELETE":
		ch.unpin(message)
	case c.Method == "PUT" && slices.Contains(ch.pinned, message):
	case c.Method == "PUT" && s.pinLimit > 0 && len(ch.pinned) >= s.pinLimit:
		return apiError(http.StatusBadRequest, 30003, "Maximum number of pins reached")
	case c.Method == "PUT":
		ch.pinned = append(ch.pinned, message)
		ch.messages = append(ch.messages, &Message{ID: s.id(), Type: 6, Channel: id, Author: author{AppID, true}, at: s.now()})
	default:
		return apiError(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
	}
	s.touch()
	return answer{status: http.StatusNoContent}
}

// pins lists the pinned messages, the newest pin first.
func (ch *channel) pins() []any {
	out := []any{}
	for _, id := range slices.Backward(ch.pinned) {
		for _, m := range ch.messages {
			if m.ID == id {
				out = append(out, map[string]any{"message": m})
			}
		}
	}
	return out
}
