package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
	"griot/commands"
)

// callLimit bounds one call, uploads included.
const callLimit = 20 * time.Second

// maxAnswer bounds how much of an answer is read.
const maxAnswer = 8 << 20

// rest makes calls through a discordgo session that retries nothing, waits for
// nothing and keeps no state: retries and pace belong to our callers.
type rest struct {
	session *discordgo.Session
	base    *url.URL
	token   string
}

// newRest leads a session's calls to the API at base.
func newRest(token, base string, given *http.Client) (*rest, error) {
	if base == "" {
		base = DefaultAPIURL
	}
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("discord: the API address is not like %s", DefaultAPIURL)
	}
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	s.StateEnabled, s.State = false, nil
	s.ShouldReconnectOnError, s.ShouldRetryOnRateLimit, s.MaxRestRetries = false, false, 0
	s.LogLevel = -1 // its log is the global one, and retried addresses hold interaction tokens
	s.UserAgent = "DiscordBot (griot, 1) discordgo/" + discordgo.VERSION
	var next http.RoundTripper
	if given != nil && given.Transport != nil {
		next = given.Transport
	} else {
		next = transport()
	}
	s.Client = &http.Client{
		Transport:     leading{u, next},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &rest{session: s, base: u, token: token}, nil
}

// transport is Go's own with more idle connections: two per host cost a third
// more processor time with sixteen senders.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 128, 128
	t.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	t.TLSHandshakeTimeout = 5 * time.Second
	return t
}

// leading replaces the address that discordgo writes by the one of the setting.
// discordgo's own is in some sixty package variables, which two adapters in one
// process would share.
type leading struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip sends the request to the API at base.
func (l leading) RoundTrip(r *http.Request) (*http.Response, error) {
	u := *r.URL
	path, ok := strings.CutPrefix(u.EscapedPath(), "/api/v"+discordgo.APIVersion)
	if !ok {
		return nil, errors.New("not a call to Discord's API")
	}
	u.Scheme, u.Host = l.base.Scheme, l.base.Host
	u.RawPath = strings.TrimRight(l.base.EscapedPath(), "/") + path
	var err error
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, err
	}
	out := r.Clone(r.Context())
	out.URL, out.Host = &u, u.Host
	resp, err := l.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	if t, ok := r.Context().Value(trailKey{}).(*trail); ok {
		t.status, t.header = resp.StatusCode, resp.Header
	}
	// discordgo would let these lock its limiter, or panic on those it cannot read.
	kept := resp.Header.Clone()
	for k := range kept {
		if strings.HasPrefix(k, "X-Ratelimit-") {
			kept.Del(k)
		}
	}
	resp.Header = kept
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// trail is what a call leaves behind, whatever discordgo makes of it.
type trail struct {
	wrote  atomic.Bool // the request went out, at least in part
	status int
	header http.Header
}

type trailKey struct{}

// call is one request.
type call struct {
	method, path string // path without the version: "channels/1/messages"
	body         json.RawMessage
	files        []commands.File
	limit        time.Duration // callLimit unless set
}

// do makes a call and decodes its answer into out, unless out is nil. Its errors
// are *fault, or plain when nothing was sent.
func (r *rest) do(ctx context.Context, c call, out any) error {
	_, err := r.head(ctx, c, out)
	return err
}

// head is do that also returns the answer's header.
func (r *rest) head(ctx context.Context, c call, out any) (http.Header, error) {
	limit := c.limit
	if limit == 0 {
		limit = callLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	t := &trail{}
	ctx = context.WithValue(ctx, trailKey{}, t)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { t.wrote.Store(true) }})
	kind, body, err := "application/json", []byte(c.body), error(nil)
	if len(c.files) > 0 {
		if kind, body, err = multipart(c.body, c.files); err != nil {
			return nil, fmt.Errorf("%w: %w", adapter.ErrPayload, err)
		}
	}
	// A limiter of its own for each call: discordgo's keeps a bucket for every
	// address for ever, and holds its lock while the request runs.
	bucket := discordgo.NewRatelimiter().LockBucket("")
	answer, err := r.session.RequestWithLockedBucket(c.method, discordgo.EndpointAPI+c.path, kind, body, bucket, 0, discordgo.WithContext(ctx))
	if err != nil || t.status >= 300 {
		return t.header, r.fault(ctx, t, answer, err)
	}
	if out == nil {
		return t.header, nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return t.header, &fault{kind: adapter.ErrUnknown, status: t.status, text: "the answer is not what was expected"}
	}
	return t.header, nil
}

// multipart packs a body and its files as Discord takes uploads.
func multipart(body json.RawMessage, files []commands.File) (string, []byte, error) {
	var names struct {
		Attachments []attachment `json:"attachments"`
		Data        struct {
			Attachments []attachment `json:"attachments"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &names); err != nil {
		return "", nil, err
	}
	list := append(names.Attachments, names.Data.Attachments...)
	var out []*discordgo.File
	for i, f := range files {
		name := f.Name
		if i < len(list) {
			name = list[i].Filename
		}
		out = append(out, &discordgo.File{Name: name, ContentType: f.Type, Reader: strings.NewReader(string(f.Data))})
	}
	return discordgo.MultipartBodyWithJSON(body, out)
}

// fault says why a call did not do what it should. It never holds the token or
// an address, which may hold an interaction's.
type fault struct {
	kind   error // one of adapter's kinds, or nil
	status int   // 0 without an answer
	code   int   // Discord's own
	text   string
	after  time.Duration // for a wait that was asked for
	global bool
	// unreadable: the answer is no JSON, so it came from something before Discord.
	unreadable bool
}

// Error reads "403: Missing Permissions (50013)".
func (f *fault) Error() string {
	s := f.text
	if f.status != 0 {
		s = strconv.Itoa(f.status) + ": " + s
	}
	if f.code != 0 {
		s += " (" + strconv.Itoa(f.code) + ")"
	}
	return s
}

// Unwrap gives the kind, and the way back to the caller's context.
func (f *fault) Unwrap() error { return f.kind }

// fault turns what discordgo says, and what the trail shows, into ours.
func (r *rest) fault(ctx context.Context, t *trail, answer []byte, err error) error {
	f := &fault{status: t.status, text: "no answer"}
	if t.status == 0 {
		cause := strings.ReplaceAll(netCause(err), r.token, "***")
		if !t.wrote.Load() {
			if ctx.Err() != nil {
				return fmt.Errorf("call not sent: %w", ctx.Err())
			}
			return fmt.Errorf("call not sent: %s", cause)
		}
		f.kind, f.text = adapter.ErrUnknown, "no answer: "+cause
		return f
	}
	var said refusal
	readable := json.Unmarshal(answer, &said) == nil
	f.code, f.text, f.unreadable = said.Code, said.Message, !readable
	if !readable || f.text == "" {
		f.text = http.StatusText(t.status)
	}
	if len(said.Errors) > 0 {
		f.text += ": " + clip(oneLine(string(said.Errors)), 400)
	}
	f.text = strings.ReplaceAll(clip(oneLine(f.text), 500), r.token, "***")
	f.after, f.global = said.wait(t.header), said.Global || t.header.Get("X-RateLimit-Global") != "" || t.header.Get("X-RateLimit-Scope") == "global"
	if t.status < 300 { // sent, and the answer was lost on the way
		f.kind, f.text = adapter.ErrUnknown, "unreadable answer: "+netCause(err)
	}
	return f
}

// refusal is the body of Discord's errors.
type refusal struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	After   float64         `json:"retry_after"` // seconds
	Global  bool            `json:"global"`
	Errors  json.RawMessage `json:"errors"`
}

// wait is how long to wait before the next try: what the body says, else the header.
func (r refusal) wait(h http.Header) time.Duration {
	after := r.After
	if after <= 0 {
		after, _ = strconv.ParseFloat(h.Get("Retry-After"), 64)
	}
	return time.Duration(min(max(after, 0), 86400) * float64(time.Second))
}

// netCause is an error of the network without the address it happened at.
func netCause(err error) string {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	if err == nil {
		return "none"
	}
	return clip(oneLine(err.Error()), 200)
}

// escapeID makes an id safe to stand in a path.
func escapeID(id string) string { return url.PathEscape(id) }
