package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

// What only this package needs to know of a refusal.
var (
	errSame     = errors.New("message stands as it is")
	errNoText   = fmt.Errorf("%w: it is a file", adapter.ErrLost)
	errLate     = errors.New("query is too old")
	errConflict = errors.New("updates are taken by somebody else")
	errNameless = errors.New("the answer names no message") // but it is a yes
)

// refusals are Telegram's words for what it does not do, as they begin or
// stand within a description, and what they mean. The first that fits counts.
var refusals = []struct {
	code  int // 0 for any
	words string
	means error
}{
	{400, "message is not modified", errSame},
	{400, "CHAT_NOT_MODIFIED", errSame}, // what it pins is pinned
	{400, "message to edit not found", adapter.ErrLost},
	{400, "message to pin not found", adapter.ErrLost},
	{400, "message to unpin not found", adapter.ErrLost},
	{400, "message can't be pinned", adapter.ErrLost},
	{400, "message can't be edited", adapter.ErrLost},
	{400, "MESSAGE_ID_INVALID", adapter.ErrLost},
	{400, "MESSAGE_AUTHOR_REQUIRED", adapter.ErrLost},
	{400, "MESSAGE_EDIT_TIME_EXPIRED", adapter.ErrLost},
	{400, "there is no text in the message to edit", errNoText},
	{400, "query is too old", errLate},
	{400, "QUERY_ID_INVALID", errLate},
	{400, "thread not found", adapter.ErrThread},
	{400, "TOPIC_CLOSED", adapter.ErrThread},
	{400, "TOPIC_DELETED", adapter.ErrThread},
	{400, "TOPIC_ID_INVALID", adapter.ErrThread},
	{0, "not enough rights to send", adapter.ErrForbidden},
	{0, "not enough rights", adapter.ErrForbidden},
	{0, "have no rights", adapter.ErrForbidden},
	{0, "need administrator rights", adapter.ErrForbidden},
	{0, "CHAT_WRITE_FORBIDDEN", adapter.ErrForbidden},
	{0, "CHAT_ADMIN_REQUIRED", adapter.ErrForbidden},
	{0, "CHAT_RESTRICTED", adapter.ErrForbidden},
	{0, "CHAT_SEND_", adapter.ErrForbidden}, // …PLAIN_FORBIDDEN, …MEDIA_FORBIDDEN, …PHOTOS_FORBIDDEN
	{0, "USER_BANNED_IN_CHANNEL", adapter.ErrForbidden},
	{0, "chat not found", adapter.ErrGone},
	{0, "PEER_ID_INVALID", adapter.ErrGone},
	{0, "CHANNEL_PRIVATE", adapter.ErrGone},
	{0, "was deactivated", adapter.ErrGone},
	{0, "was deleted", adapter.ErrGone},
	{403, "was blocked", adapter.ErrGone},
	{403, "is deactivated", adapter.ErrGone},
	{403, "was kicked", adapter.ErrGone},
	{403, "not a member", adapter.ErrGone},
	{403, "can't initiate conversation", adapter.ErrGone},
	{403, "can't send messages to", adapter.ErrGone}, // bots; the chat's owner does not want them
	{403, "", adapter.ErrForbidden},
	{401, "", adapter.ErrToken},
	{404, "", adapter.ErrToken}, // the path begins with the token
	{409, "", errConflict},
	{400, "", adapter.ErrPayload},
	{413, "", adapter.ErrPayload},
}

// rights are those whose lack the words of a refusal tell, as Telegram names them:
// https://core.telegram.org/bots/api#chatpermissions
var rights = map[string]string{
	"not enough rights to send": "can_send_messages",
	"CHAT_WRITE_FORBIDDEN":      "can_send_messages",
	"need administrator rights": "can_post_messages",
	"CHAT_ADMIN_REQUIRED":       "can_post_messages",
}

// unknown marks an error after which the message may have arrived.
func unknown(err error) error { return fmt.Errorf("%w: %w", adapter.ErrUnknown, err) }

// classify says what an error of the library means. See bot/adapter/errors.go.
func (a *Adapter) classify(t *trip, err error) error {
	e, ok := errors.AsType[*tgbotapi.Error](err)
	if !ok {
		return a.broken(t, err)
	}
	code := e.Code
	if code == 0 { // the library forgets it for uploads
		code = t.status
	}
	text := a.clean(errors.New(strings.TrimSpace(strconv.Itoa(code) + " " + e.Message)))
	switch {
	case e.MigrateToChatID != 0:
		return &adapter.MovedError{To: commands.Destination{Platform: commands.Telegram, Chat: strconv.FormatInt(e.MigrateToChatID, 10)}}
	case e.RetryAfter > 0 || code == http.StatusTooManyRequests:
		return &adapter.RetryError{After: max(time.Duration(e.RetryAfter)*time.Second, time.Second), Err: text}
	case code >= 500:
		return unknown(text)
	case code == http.StatusNotFound && a.self.Load() != nil:
		return text // the token was taken before: only the method is not known
	}
	for _, r := range refusals {
		if (r.code == 0 || r.code == code) && strings.Contains(strings.ToLower(e.Message), strings.ToLower(r.words)) {
			if right := rights[r.words]; right != "" {
				return &adapter.RightError{Right: right, Err: text}
			}
			return fmt.Errorf("%w: %w", r.means, text)
		}
	}
	return unknown(text)
}

// broken is an error without an answer in Telegram's form.
func (a *Adapter) broken(t *trip, err error) error {
	switch {
	case t.status == 0 && !t.wrote.Load():
		return a.clean(err) // nothing was sent
	case t.status == http.StatusTooManyRequests:
		return &adapter.RetryError{After: 5 * time.Second, Err: errors.New("429 from something before Telegram")}
	case t.status == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: 413 from something before Telegram", adapter.ErrPayload)
	case t.status != 0:
		return unknown(fmt.Errorf("unreadable answer with status %d", t.status))
	}
	return unknown(a.clean(err))
}
