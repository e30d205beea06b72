package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"griot/commands"
)

// The parts of https://core.telegram.org/bots/api#update that are read. The
// library's own types lack topics and more, and fail as a whole on one bad field.
type update struct {
	ID       int64        `json:"update_id"`
	Message  *message     `json:"message"`
	Post     *message     `json:"channel_post"`
	Callback *callback    `json:"callback_query"`
	Inline   *inlineQuery `json:"inline_query"`
	Chosen   *chosen      `json:"chosen_inline_result"`
	Member   *memberNews  `json:"my_chat_member"`
}

// wanted are the kinds of updates asked for.
const wanted = `["message","channel_post","callback_query","inline_query","chosen_inline_result","my_chat_member"]`

type user struct {
	ID       int64  `json:"id"`
	Bot      bool   `json:"is_bot"`
	Username string `json:"username"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Lang     string `json:"language_code"`
	// Of getMe alone.
	ReadsAll bool `json:"can_read_all_group_messages"`
	Inline   bool `json:"supports_inline_queries"`
}

type chat struct {
	ID     int64  `json:"id"`
	Type   string `json:"type"`
	Linked int64  `json:"linked_chat_id"` // of getChat alone
}

func (c chat) private() bool { return c.Type == "private" }

type message struct {
	ID         int64           `json:"message_id"`
	Date       int64           `json:"date"` // 0: no longer accessible
	Chat       chat            `json:"chat"`
	From       *user           `json:"from"`
	Sender     *chat           `json:"sender_chat"`
	Thread     int64           `json:"message_thread_id"`
	Topic      bool            `json:"is_topic_message"`
	Auto       bool            `json:"is_automatic_forward"`
	Via        *user           `json:"via_bot"`
	Reply      *message        `json:"reply_to_message"`
	Quote      *quote          `json:"quote"` // the part of what it replies to that somebody marked
	Origin     json.RawMessage `json:"forward_origin"`
	Forwarded  int64           `json:"forward_date"` // of servers before Bot API 7.0
	Text       string          `json:"text"`
	Caption    string          `json:"caption"`
	Entities   []entity        `json:"entities"`
	Markup     json.RawMessage `json:"reply_markup"`
	MigrateTo  int64           `json:"migrate_to_chat_id"`
	MigrateOut int64           `json:"migrate_from_chat_id"`

	awaited bool // it came while we listened, so it is new whatever its date
}

type callback struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message"`
	Inline  string   `json:"inline_message_id"`
	Data    string   `json:"data"`
}

type inlineQuery struct {
	ID     string `json:"id"`
	From   user   `json:"from"`
	Query  string `json:"query"`
	Offset string `json:"offset"`
}

// chosen is an inline result that somebody sent. Telegram tells of it when the
// bot's owner asked for that, and names the message when it has buttons:
// https://core.telegram.org/bots/api#choseninlineresult
type chosen struct {
	Result string `json:"result_id"`
	From   user   `json:"from"`
	Query  string `json:"query"`
	Inline string `json:"inline_message_id"`
}

type memberNews struct {
	Chat chat `json:"chat"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// decode reads one update. Its error never holds what somebody wrote; the id is
// set whenever it can be read.
func decode(raw []byte) (update, error) {
	var u update
	err := json.Unmarshal(raw, &u)
	if err == nil {
		if u.ID <= 0 {
			return update{}, errors.New("no update_id")
		}
		return u, nil
	}
	var only struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &only) != nil || only.ID < 0 {
		only.ID = 0
	}
	if te, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		err = fmt.Errorf("field %s is no %s", te.Field, te.Type)
	} else {
		err = errors.New("it is no JSON object")
	}
	return update{ID: only.ID}, err
}

// key names what updates are handled in order of.
func (u update) key() string {
	switch {
	case u.Message != nil:
		return strconv.FormatInt(u.Message.Chat.ID, 10)
	case u.Post != nil:
		return strconv.FormatInt(u.Post.Chat.ID, 10)
	case u.Callback != nil && u.Callback.Message != nil:
		return strconv.FormatInt(u.Callback.Message.Chat.ID, 10)
	case u.Callback != nil:
		return "inline " + u.Callback.Inline
	case u.Chosen != nil:
		return "inline " + u.Chosen.Inline
	case u.Inline != nil:
		return "query " + strconv.FormatInt(u.Inline.From.ID, 10)
	}
	return ""
}

// place is where a message stands. A thread counts only as a forum's topic: a
// plain group has threads of replies too.
func (m *message) place() commands.Place {
	to := commands.Destination{Platform: commands.Telegram, Chat: strconv.FormatInt(m.Chat.ID, 10)}
	if m.Topic && m.Thread != 0 {
		to.Thread = strconv.FormatInt(m.Thread, 10)
	}
	return commands.Place{Destination: to, Private: m.Chat.private(), Postable: true}
}
