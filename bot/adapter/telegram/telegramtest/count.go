package telegramtest

// answered notes that a call is over, answered or not.
func (s *Server) answered(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.under[method]--
	s.wake()
}

// InFlight counts the calls of a method that arrived and are not answered yet.
func (s *Server) InFlight(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.under[method]
}

// OnSend has f called whenever the bot sent a message, before the answer to
// that. It must not call the server.
func (s *Server) OnSend(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onSend = f
}

// Sent counts the messages the bot sent so far.
func (s *Server) Sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}
