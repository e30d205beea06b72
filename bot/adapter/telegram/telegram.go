package telegram

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

// Options is what a Telegram adapter is made of. Token is needed.
type Options struct {
	Token      string
	APIURL     string // https://api.telegram.org unless set
	WebhookURL string // where Telegram brings updates; empty: they are polled for
	Notes      adapter.Notes
	Pacer      adapter.Pacer
	Mover      adapter.Mover
	Recorder   adapter.Recorder // nil: answers are not kept track of
	Fleet      adapter.Fleet    // nil: no other process serves this bot
	Log        *slog.Logger
	HTTP       *http.Client // one with enough idle connections unless set
}

// Adapter is one Telegram bot.
type Adapter struct {
	token    string
	id       string // the bot's, the part of the token that is no secret
	api      tgbotapi.BotAPI
	http     *http.Client
	webhook  string
	notes    adapter.Notes
	pacer    adapter.Pacer
	mover    adapter.Mover
	recorder adapter.Recorder
	fleet    adapter.Fleet
	log      *slog.Logger
	work     *dispatcher
	self     atomic.Pointer[user]
	skew     atomic.Int64 // of the last answer's clock, in seconds; see [Adapter.Check]
	lines    sync.Map     // keys of lines that Notes holds for sure
}

var (
	_ adapter.Adapter   = (*Adapter)(nil)
	_ adapter.Explainer = (*Adapter)(nil)
	_ adapter.Checker   = (*Adapter)(nil)
	_ adapter.Pinger    = (*Adapter)(nil)
)

var tokenForm = regexp.MustCompile(`^([0-9]+):[A-Za-z0-9_-]+$`)

// New makes an adapter. It asks nobody: a token that is refused shows in Run.
func New(o Options) (*Adapter, error) {
	m := tokenForm.FindStringSubmatch(o.Token)
	if m == nil {
		return nil, errors.New("telegram token: want NUMBER:LETTERS as @BotFather gave it")
	}
	base := strings.TrimSuffix(o.APIURL, "/")
	if base == "" {
		base = "https://api.telegram.org"
	}
	if u, err := url.Parse(base); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("telegram API address %q: want one like https://api.telegram.org", base)
	}
	a := &Adapter{
		token: o.Token, id: m[1], webhook: o.WebhookURL, http: o.HTTP,
		notes: o.Notes, pacer: o.Pacer, mover: o.Mover, recorder: o.Recorder, fleet: o.Fleet, log: o.Log, work: newDispatcher(),
	}
	if a.log == nil {
		a.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	a.log = a.log.With("adapter", string(commands.Telegram))
	if a.http == nil {
		a.http = newHTTP()
	}
	// Not NewBotAPI: it calls getMe, without bound, before it returns.
	a.api = tgbotapi.BotAPI{Token: o.Token}
	a.api.SetAPIEndpoint(strings.ReplaceAll(base, "%", "%%") + "/bot%s/%s")
	return a, nil
}

// BotID is the public id that begins a bot's token, or "" when there is none.
func BotID(token string) string {
	if m := tokenForm.FindStringSubmatch(token); m != nil {
		return m[1]
	}
	return ""
}

// newHTTP is a client that keeps enough connections: with Go's default of two
// per host a third of the time goes into making new ones.
func newHTTP() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 128, 96
	t.IdleConnTimeout = 90 * time.Second
	return &http.Client{
		Transport: t,
		// An address to go to instead would hold the token; the API has none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Platform is commands.Telegram.
func (*Adapter) Platform() commands.Platform { return commands.Telegram }
