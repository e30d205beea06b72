package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/commands"
)

// callTime bounds every call but the long poll.
const callTime = 15 * time.Second

// maxAnswer is the most that is read of an answer; a hundred updates fit many times.
const maxAnswer = 32 << 20

// call calls a method once, in its turn, and reads its result into out, which
// may be nil. It brings no message to a chat. Its errors are those of
// [adapter.Adapter.Send].
func (a *Adapter) call(ctx context.Context, method string, params tgbotapi.Params, out any) error {
	return a.inTurn(ctx, false, method, params, out)
}

// callNow is call for somebody who waits.
func (a *Adapter) callNow(ctx context.Context, method string, params tgbotapi.Params, out any) error {
	return a.inTurn(ctx, true, method, params, out)
}

func (a *Adapter) inTurn(ctx context.Context, urgent bool, method string, params tgbotapi.Params, out any) error {
	bound, cancel := context.WithTimeout(ctx, callTime)
	err := a.wait(bound, commands.Destination{}, urgent)
	cancel()
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	ctx, cancel = context.WithTimeout(ctx, callTime)
	defer cancel()
	return a.request(ctx, method, params, nil, out)
}

// request is call within the bounds of ctx alone, whoever's turn it is.
func (a *Adapter) request(ctx context.Context, method string, params tgbotapi.Params, files []tgbotapi.RequestFile, out any) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	t := &trip{ctx: ctx, http: a.http}
	api := a.api
	api.Client = t
	var resp *tgbotapi.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = api.UploadFiles(method, params, files)
	} else {
		resp, err = api.MakeRequest(method, params)
	}
	a.clock(t.date)
	if err != nil {
		return fmt.Errorf("%s: %w", method, a.classify(t, err))
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Result, out); err != nil {
		return fmt.Errorf("%s: read the result: %w", method, unknown(errors.New("it is not what the documentation says")))
	}
	return nil
}

// clock notes how far our clock is from Telegram's.
func (a *Adapter) clock(date string) {
	if t, err := http.ParseTime(date); err == nil {
		a.skew.Store(int64(time.Since(t) / time.Second))
	}
}

// trip is the client of one call: it bounds it by a context, which the library
// does not know, and keeps what the library forgets.
type trip struct {
	ctx    context.Context // of this one call
	http   *http.Client
	wrote  atomic.Bool // something may have reached the server
	status int
	date   string
}

// Do sends the request.
func (t *trip) Do(req *http.Request) (*http.Response, error) {
	ctx := httptrace.WithClientTrace(t.ctx, &httptrace.ClientTrace{WroteHeaders: func() { t.wrote.Store(true) }})
	resp, err := t.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, bare(err)
	}
	t.status, t.date = resp.StatusCode, resp.Header.Get("Date")
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// bare takes the address off an error: the token is in it.
func bare(err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		return ue.Err
	}
	return err
}

// clean takes the token out of an error that holds it all the same.
func (a *Adapter) clean(err error) error {
	if err = bare(err); strings.Contains(err.Error(), a.token) {
		return errors.New(strings.ReplaceAll(err.Error(), a.token, "***"))
	}
	return err
}

// wait waits for the destination's turn; for none, for the bot's.
func (a *Adapter) wait(ctx context.Context, to commands.Destination, urgent bool) error {
	if a.pacer == nil {
		return ctx.Err()
	}
	if err := a.pacer.Wait(ctx, to, urgent); err != nil {
		return fmt.Errorf("wait for a turn: %w", err)
	}
	return nil
}

// note reads a note; without Notes there are none.
func (a *Adapter) note(ctx context.Context, key string) (string, error) {
	if a.notes == nil {
		return "", nil
	}
	return a.notes.Note(ctx, key)
}

func (a *Adapter) setNote(ctx context.Context, key, value string) error {
	if a.notes == nil {
		return nil
	}
	return a.notes.SetNote(ctx, key, value)
}
