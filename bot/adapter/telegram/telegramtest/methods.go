package telegramtest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// MenuCommand is an entry of a menu.
type MenuCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// do carries a call out.
func (s *Server) do(r *http.Request, c Call) (any, *failure) {
	if c.Method == "getUpdates" {
		return s.getUpdates(r, c.By, c.Params)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.wake()
	p := c.Params
	if strings.HasPrefix(c.Method, "send") || strings.HasPrefix(c.Method, "editMessage") {
		if refused := s.tooMany(p["chat_id"]); refused != nil {
			return nil, refused
		}
	}
	switch c.Method {
	case "getMe":
		return map[string]any{
			"id": BotID, "is_bot": true, "first_name": "Griot", "username": BotName,
			"can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": true,
		}, nil
	case "sendMessage", "sendPhoto", "sendDocument":
		return s.send(c)
	case "editMessageText", "editMessageMedia", "editMessageCaption", "editMessageReplyMarkup":
		return s.edit(c)
	case "answerCallbackQuery":
		return s.answerCallbackQuery(p)
	case "answerInlineQuery":
		return s.answerInlineQuery(p)
	case "getChat":
		return s.getChat(p)
	case "getChatMember":
		return s.getChatMember(p)
	case "getChatAdministrators":
		return s.getChatAdministrators(p)
	case "pinChatMessage", "unpinChatMessage":
		return s.pin(p, c.Method == "pinChatMessage")
	case "setWebhook":
		return s.setWebhook(p)
	case "deleteWebhook":
		s.webhook = webhook{}
		if p["drop_pending_updates"] == "true" {
			s.updates = nil
		}
		return true, nil
	case "getWebhookInfo":
		return map[string]any{"url": s.webhook.url, "has_custom_certificate": false, "pending_update_count": len(s.updates) + s.webhook.pending}, nil
	case "setMyCommands":
		return s.setMyCommands(p)
	case "getMyCommands":
		return append([]MenuCommand{}, s.menus[menuKey(p)]...), nil
	case "deleteMyCommands":
		delete(s.menus, menuKey(p))
		return true, nil
	case "setMyDescription", "setMyShortDescription":
		return s.setAbout(c)
	case "getMyDescription":
		return map[string]any{"description": s.about["setMyDescription/"+p["language_code"]]}, nil
	case "getMyShortDescription":
		return map[string]any{"short_description": s.about["setMyShortDescription/"+p["language_code"]]}, nil
	}
	return nil, &failure{code: 404, text: "Not Found"}
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Server) setWebhook(p map[string]string) (any, *failure) {
	if p["secret_token"] != "" && !secretForm.MatchString(p["secret_token"]) {
		return nil, bad("secret token contains illegal characters")
	}
	s.webhook = webhook{url: p["url"], secret: p["secret_token"]}
	if raw := p["allowed_updates"]; raw != "" {
		s.allowed = nil
		_ = json.Unmarshal([]byte(raw), &s.allowed)
	}
	if s.poller != nil && p["url"] != "" {
		close(s.poller)
		s.poller = nil
	}
	waiting := s.updates
	s.updates = nil
	for _, u := range waiting {
		s.add(u)
	}
	return true, nil
}

// Webhook is the address updates are brought to, or "".
func (s *Server) Webhook() (url, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.webhook.url, s.webhook.secret
}

var commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func menuKey(p map[string]string) string {
	var scope struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal([]byte(p["scope"]), &scope)
	if scope.Type == "" {
		scope.Type = "default"
	}
	return scope.Type + "/" + p["language_code"]
}

func (s *Server) setMyCommands(p map[string]string) (any, *failure) {
	scopes := []string{"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
	key := menuKey(p)
	if scope, lang, _ := strings.Cut(key, "/"); !slices.Contains(scopes, scope) || len(lang) != 0 && len(lang) != 2 {
		return nil, bad("can't parse BotCommandScope")
	}
	var list []MenuCommand
	if json.Unmarshal([]byte(p["commands"]), &list) != nil {
		return nil, bad("can't parse commands JSON object")
	}
	if len(list) > 100 {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, c := range list {
		if !commandForm.MatchString(c.Command) || seen[c.Command] {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := len([]rune(c.Description)); n < 1 || n > 256 {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
		seen[c.Command] = true
	}
	s.menus[key] = list
	return true, nil
}

// Menu returns the commands offered in a scope and language: "default/fr",
// "all_private_chats/".
func (s *Server) Menu(key string) []MenuCommand {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.menus[key])
}

func (s *Server) setAbout(c Call) (any, *failure) {
	text, limit := c.Params["description"], 512
	if c.Method == "setMyShortDescription" {
		text, limit = c.Params["short_description"], 120
	}
	if len([]rune(text)) > limit {
		return nil, bad("DESCRIPTION_INVALID")
	}
	s.about[c.Method+"/"+c.Params["language_code"]] = text
	return true, nil
}
