package telegramtest

import "slices"

// Pinned returns the ids of a chat's pinned messages, the oldest first.
func (s *Server) Pinned(chat int64) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.chat(chat).pinned)
}

// Unpin takes a message off the pins, as a person would.
func (s *Server) Unpin(chat, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chat(chat).unpin(id)
}

// DenyPins takes the right to pin in a chat from the bot, or gives it back. In a
// channel it is the right to edit messages; in private chats none is needed.
func (s *Server) DenyPins(chat int64, denied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chat(chat).nailed = denied
}

// pin serves pinChatMessage and unpinChatMessage. A bot that pins what is pinned
// already is told so; each pin leaves a service message, which takes a number.
func (s *Server) pin(params map[string]string, pin bool) (any, *failure) {
	c, refused := s.open(params)
	if refused != nil {
		return nil, refused
	}
	word := "unpin"
	if pin {
		word = "pin"
	}
	m := c.find(params["message_id"])
	switch {
	case m == nil:
		return nil, bad("message to " + word + " not found")
	case c.nailed && c.Type != "private":
		return nil, bad("not enough rights to manage pinned messages in the chat")
	case slices.Contains(c.pinned, m.ID) == pin:
		return nil, bad("CHAT_NOT_MODIFIED")
	case pin:
		c.pinned = append(c.pinned, m.ID)
		s.next()
	default:
		c.unpin(m.ID)
	}
	return true, nil
}

func (c *chat) unpin(id int64) {
	c.pinned = slices.DeleteFunc(c.pinned, func(pinned int64) bool { return pinned == id })
}
