package discordtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits are how many calls the fake takes; more are answered 429. Zero takes
// everything. Discord's own is 50; what a channel takes it does not publish:
// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
type Limits struct {
	Second  int // in any second, interactions not counted
	Channel int // messages to one channel in five seconds, as its answers tell
}

// channelSpan is the time a channel's bucket takes to be full again.
const channelSpan = 5 * time.Second

// flood is what the fake knows of the pace it is called at.
type flood struct {
	Limits
	calls   []time.Time
	buckets map[string]bucket
	refused int
}

// bucket is what is left of a channel's calls, until when.
type bucket struct {
	left  int
	until time.Time
}

// Limit sets what the fake takes from now on, by the machine's clock.
func (s *Server) Limit(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flood = flood{Limits: l, buckets: map[string]bucket{}}
}

// Taken tells when the calls that count were taken since the limits were set,
// and how many were refused as too many.
func (s *Server) Taken() (at []time.Time, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.flood.calls), s.flood.refused
}

// within answers a call, if it is not one too many.
func (s *Server) within(c *Call) answer {
	told, refusal := s.tooMany(*c)
	if refusal != nil {
		return *refusal
	}
	a := s.route(c)
	if a.header == nil {
		a.header = http.Header{}
	}
	maps.Copy(a.header, told)
	return a
}

// tooMany refuses a call beyond the limits, or counts it and returns what the
// answer says of its bucket.
func (s *Server) tooMany(c Call) (told http.Header, refusal *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &s.flood
	if f.Limits == (Limits{}) || strings.HasPrefix(c.Path, "/interactions/") || strings.HasPrefix(c.Path, "/webhooks/") {
		return nil, nil
	}
	now := time.Now()
	if n := len(f.calls) - f.Second; f.Second > 0 && n >= 0 {
		if wait := f.calls[n].Add(time.Second).Sub(now); wait > 0 {
			f.refused++
			return nil, limited(wait, true)
		}
	}
	channel, messages := strings.CutSuffix(strings.TrimPrefix(c.Path, "/channels/"), "/messages")
	if messages && c.Method == http.MethodPost && f.Channel > 0 {
		b := f.buckets[channel]
		if !b.until.After(now) {
			b = bucket{f.Channel, now.Add(channelSpan)}
		}
		if b.left == 0 {
			f.refused++
			return nil, limited(b.until.Sub(now), false)
		}
		b.left--
		f.buckets[channel] = b
		told = http.Header{
			"X-Ratelimit-Bucket": {"messages"}, "X-Ratelimit-Limit": {strconv.Itoa(f.Channel)}, "X-Ratelimit-Remaining": {strconv.Itoa(b.left)},
			"X-Ratelimit-Reset-After": {fmt.Sprintf("%.3f", b.until.Sub(now).Seconds())},
		}
	}
	f.calls = append(f.calls, now)
	return told, nil
}

// limited is Discord's answer to a call too many.
func limited(wait time.Duration, global bool) *answer {
	f := &Fault{Status: http.StatusTooManyRequests, RetryAfter: wait.Seconds(), Global: global}
	a := f.tooMany()
	return &a
}
