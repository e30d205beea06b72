package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
	"griot/commands"
)

// Bounds of what is taken over HTTP.
const (
	maxBody  = 1 << 20
	maxDrain = 16 << 20        // read and thrown away behind it
	maxSkew  = 5 * time.Minute // between Discord's clock, in the signature, and ours
	// maxWait is how long a request may stay open: Discord leaves after 3 s.
	maxWait = 2900 * time.Millisecond
)

// Interactions answers the signed requests by which Discord delivers
// interactions over HTTP. The answer to the request is the answer to the asker.
func (a *Adapter) Interactions(core adapter.Core) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, status, fault := a.verified(w, r)
		if status != 0 {
			http.Error(w, fault, status)
			return
		}
		i, err := parseInteraction(raw)
		switch {
		case err != nil:
			a.log.Warn("interaction left alone", "err", err)
			http.Error(w, "This is not an interaction that can be answered.", http.StatusBadRequest)
		case i.Type == discordgo.InteractionPing:
			writeJSON(w, json.RawMessage(`{"type":1}`))
		case !a.fresh(r.Context(), i, strings.ToLower(r.Header.Get("X-Signature-Ed25519"))):
			http.Error(w, "This interaction was answered before.", http.StatusConflict)
		default:
			a.answerHTTP(w, r, core, i)
		}
	})
}

// verified reads a request's body and checks who signed it, and when.
func (a *Adapter) verified(w http.ResponseWriter, r *http.Request) (body []byte, status int, fault string) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed, "Interactions are sent by POST."
	}
	if a.key == nil {
		return nil, http.StatusNotFound, "Interactions over HTTP are not set up here: set the application's public key."
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		// Many read no answer before all is sent.
		_, _ = io.CopyN(io.Discard, r.Body, maxDrain)
		return nil, http.StatusRequestEntityTooLarge, "The request is too large."
	}
	if err != nil {
		return nil, http.StatusBadRequest, "The request broke off."
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !discordgo.VerifyInteraction(r, a.key) {
		return nil, http.StatusUnauthorized, "The signature is not Discord's."
	}
	stamp, err := strconv.ParseInt(r.Header.Get("X-Signature-Timestamp"), 10, 64)
	if age := a.now().Sub(time.Unix(stamp, 0)); err != nil || age > maxSkew || age < -maxSkew {
		return nil, http.StatusUnauthorized, "The signature is too old, or a clock is wrong."
	}
	return body, 0, ""
}

// answerHTTP waits for the first answer and writes it.
func (a *Adapter) answerHTTP(w http.ResponseWriter, r *http.Request, core adapter.Core, i *interaction) {
	out := &httpReply{rest: restReply{a: a, i: i}, answers: make(chan json.RawMessage), left: make(chan struct{})}
	defer close(out.left)
	// The answer may outlive the request: it goes on by calls.
	if !a.start(context.WithoutCancel(r.Context()), core, i, out) {
		http.Error(w, "Too many interactions at once.", http.StatusServiceUnavailable)
		return
	}
	limit := time.NewTimer(maxWait)
	defer limit.Stop()
	select {
	case b := <-out.answers:
		if b == nil { // it goes by a call of ours, because it has files
			w.WriteHeader(http.StatusAccepted)
			return
		}
		writeJSON(w, b)
	case <-limit.C:
		http.Error(w, "The answer took too long.", http.StatusGatewayTimeout)
	case <-r.Context().Done():
	}
}

func writeJSON(w http.ResponseWriter, b json.RawMessage) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}

// httpReply hands the first answer to the request that waits for it.
type httpReply struct {
	rest    restReply
	answers chan json.RawMessage
	left    chan struct{} // closed when the request is over
}

var errLeft = &fault{text: "the request that asked is over"}

func (h *httpReply) first(ctx context.Context, body json.RawMessage, files []commands.File, named bool) (string, error) {
	if len(files) > 0 {
		select {
		case h.answers <- nil:
		case <-h.left:
			return "", errLeft
		case <-ctx.Done():
			return "", ctx.Err()
		}
		return h.rest.first(ctx, body, files, named)
	}
	select {
	case h.answers <- body:
		return "", nil
	case <-h.left:
		return "", errLeft
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// claimTime bounds the question whether another process answered: an asker waits.
const claimTime = 500 * time.Millisecond

// fresh reports whether a request comes for the first time, here or to another
// process. When that cannot be asked it is answered: a copy does less harm than
// no answer. Suggestions may be had as often as one likes.
func (a *Adapter) fresh(ctx context.Context, i *interaction, signature string) bool {
	if !a.replays.fresh(signature, a.now()) {
		return false
	}
	if a.fleet == nil || i.Type == discordgo.InteractionApplicationCommandAutocomplete {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, claimTime)
	defer cancel()
	claim, err := a.fleet.Claim(ctx, "discord:"+a.id+"|signature|"+signature, 2*maxSkew)
	if err != nil {
		a.log.Warn("not known whether another process answered this interaction", "err", err)
		return true
	}
	return claim == adapter.Mine
}

// replays remembers which signatures came lately: who copies a request cannot
// sign another, and only a copy has the same. Its zero value is ready.
type replays struct {
	mu   sync.Mutex
	seen [2]map[string]bool // this period's and the one before
	turn time.Time
}

// fresh reports whether a signature comes for the first time within the time it is good for.
func (p *replays) fresh(signature string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.turn) > 2*maxSkew || p.seen[0] == nil {
		p.seen[1], p.seen[0], p.turn = p.seen[0], map[string]bool{}, now
	}
	if p.seen[0][signature] || p.seen[1][signature] {
		return false
	}
	p.seen[0][signature] = true
	return true
}
