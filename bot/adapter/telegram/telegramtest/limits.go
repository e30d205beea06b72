package telegramtest

import (
	"slices"
	"strings"
	"time"
)

// Limits are how many messages the server takes, edits included; more are
// answered 429. Zero takes everything. Telegram's own are about 30, 1 and 20:
// https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
type Limits struct {
	Second int // in any second, over all chats
	Chat   int // in any second to one person
	Group  int // in any minute to one group
}

// flood is what the server knows of the pace it is called at.
type flood struct {
	Limits
	calls   []time.Time // those taken, over all chats
	chats   map[string][]time.Time
	refused int
}

// Limit sets what the server takes from now on.
func (s *Server) Limit(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flood = flood{Limits: l, chats: map[string][]time.Time{}}
}

// Taken tells when the messages were taken since the limits were set, and how
// many calls were refused as too many.
func (s *Server) Taken() (at []time.Time, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.flood.calls), s.flood.refused
}

// tooMany refuses a message beyond the limits, or counts it; s.mu is held.
func (s *Server) tooMany(chat string) *failure {
	f := &s.flood
	if f.Limits == (Limits{}) {
		return nil
	}
	now := time.Now()
	limit, span := f.Chat, time.Second
	if strings.HasPrefix(chat, "-") {
		limit, span = f.Group, time.Minute
	}
	wait := max(behind(f.calls, f.Second, time.Second, now), behind(f.chats[chat], limit, span, now))
	if wait > 0 {
		f.refused++
		return &failure{code: 429, text: "Too Many Requests: retry later", retry: int((wait + time.Second - 1) / time.Second)}
	}
	f.calls = append(f.calls, now)
	if f.chats[chat] = append(f.chats[chat], now); len(f.chats[chat]) > 20 {
		f.chats[chat] = f.chats[chat][1:]
	}
	return nil
}

// behind is how long to wait until one more call makes no more than limit in span.
func behind(calls []time.Time, limit int, span time.Duration, now time.Time) time.Duration {
	if limit == 0 || len(calls) < limit {
		return 0
	}
	return calls[len(calls)-limit].Add(span).Sub(now)
}
