package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// Codes of Discord that decide what becomes of a message:
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
const (
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMessage     = 10008
	codeUnknownInteraction = 10062
	codeSlowmode           = 20016
	codeWriteLimit         = 20028
	codePinLimit           = 30003
	codeOldEdits           = 30046
	codeTooLarge           = 40005
	codeAlreadyAnswered    = 40060
	codeNoAccess           = 50001
	codeOthersMessage      = 50005
	codeEmptyMessage       = 50006
	codeDMClosed           = 50007
	codeNoText             = 50008
	codeVerification       = 50009
	codeNoPermission       = 50013
	codeSystemMessage      = 50021
	codeWrongChannelKind   = 50024
	codeInvalidForm        = 50035
	codeArchivedThread     = 50083
	codeInvalidJSON        = 50109
	codeDMRefused          = 50278
	codeThreadLocked       = 160005
	codeAutoMod            = 200000
	codeHarmfulLink        = 240000
)

// Waits where Discord names none.
const (
	unnamedWait    = 5 * time.Second
	slowmodeWait   = time.Minute
	oldEditsWait   = 2 * time.Minute
	cloudflareWait = 10 * time.Minute
)

// judge says what a failed send means, and holds the pace when a wait was asked for.
func (a *Adapter) judge(to commands.Destination, err error) error {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		return err
	}
	err = classify(f, to.Thread != "")
	if re, ok := errors.AsType[*adapter.RetryError](err); ok {
		held := to
		if re.Global {
			held = commands.Destination{}
		}
		a.pacer.Hold(held, re.After)
	}
	return err
}

// classify is the table from Discord's faults to those of the seam.
func classify(f *fault, thread bool) error {
	as := func(kind error) error { return fmt.Errorf("%w: %w", kind, f) }
	if f.kind != nil {
		return f
	}
	retry := func(otherwise time.Duration, global bool) error {
		after := f.after
		if after <= 0 {
			after = otherwise
		}
		return &adapter.RetryError{After: after, Global: global, Err: f}
	}
	switch f.code {
	case codeUnknownChannel:
		if thread {
			return as(adapter.ErrThread)
		}
		return as(adapter.ErrGone)
	case codeArchivedThread, codeThreadLocked:
		return as(adapter.ErrThread)
	case codeUnknownGuild, codeDMClosed, codeDMRefused, codeNoText, codeWrongChannelKind:
		return as(adapter.ErrGone)
	case codeNoAccess:
		return &adapter.RightError{Right: "View Channel", Err: f}
	case codeNoPermission:
		return &adapter.RightError{Right: "Send Messages, Send Messages in Threads, Embed Links, Attach Files", Err: f}
	case codeVerification, codeAutoMod, codeHarmfulLink:
		return as(adapter.ErrForbidden)
	case codeEmptyMessage, codeInvalidForm, codeInvalidJSON, codeTooLarge:
		return as(adapter.ErrPayload)
	case codeUnknownMessage, codeOthersMessage, codeSystemMessage:
		return as(adapter.ErrLost)
	case codeOldEdits: // too many edits of messages older than an hour
		return retry(oldEditsWait, false)
	case codeSlowmode, codeWriteLimit:
		return retry(slowmodeWait, false)
	}
	switch {
	case f.status == http.StatusTooManyRequests:
		// A page instead of JSON comes from Cloudflare, for the whole address.
		return retry(unnamedWait, f.global || f.code == 0 && f.unreadable)
	case f.status == http.StatusUnauthorized:
		return as(adapter.ErrToken)
	case f.status == http.StatusForbidden && f.unreadable:
		return retry(cloudflareWait, true)
	case f.status == http.StatusForbidden:
		return as(adapter.ErrForbidden)
	case f.status == http.StatusRequestEntityTooLarge, f.status == http.StatusBadRequest:
		return as(adapter.ErrPayload)
	case f.status >= 500, f.status == http.StatusRequestTimeout:
		return as(adapter.ErrUnknown)
	}
	return f
}

// tokenRefused reports whether Discord said that the token is not valid.
func tokenRefused(err error) bool {
	f, ok := errors.AsType[*fault](err)
	return ok && f.status == http.StatusUnauthorized
}

// notServed reports whether what answered, a proxy perhaps, does not know the
// question: its answer says so, or is of another shape than Discord's.
func notServed(err error) bool {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		return false
	}
	switch f.status {
	case http.StatusOK, http.StatusNoContent, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	}
	return false
}

// hasCode reports whether Discord refused with the code.
func hasCode(err error, code int) bool {
	f, ok := errors.AsType[*fault](err)
	return ok && f.code == code
}

var errEmpty = errors.New("a part without a body")

// withNonce adds to a message's body what makes its repetition harmless: with
// enforce_nonce Discord returns the first message instead of posting a second,
// for a few minutes.
func withNonce(body json.RawMessage, nonce string) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, fmt.Errorf("a part's body: %w", err)
	}
	if fields == nil {
		return nil, errEmpty
	}
	fields["allowed_mentions"] = json.RawMessage(noPings) // whoever stored the part
	if nonce != "" {
		if len(nonce) > 25 {
			return nil, fmt.Errorf("nonce %q is longer than 25", nonce)
		}
		n, err := json.Marshal(nonce)
		if err != nil {
			return nil, err
		}
		fields["nonce"], fields["enforce_nonce"] = n, json.RawMessage("true")
	}
	return encode(fields)
}
