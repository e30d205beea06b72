package discordtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// readBody reads JSON, or multipart with payload_json and files[n].
func readBody(r *http.Request, c *Call) error {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		b, err := io.ReadAll(io.LimitReader(r.Body, 30<<20))
		if err != nil {
			return err
		}
		if len(b) > 0 && !json.Valid(b) {
			return errors.New("not JSON")
		}
		c.Body = b
		return nil
	}
	parts := multipart.NewReader(r.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		switch {
		case p.FormName() == "payload_json":
			c.Body = b
		case strings.HasPrefix(p.FormName(), "files["):
			c.Files = append(c.Files, File{Name: p.FileName(), Type: p.Header.Get("Content-Type"), Data: b})
		}
	}
}

// route answers one call.
func (s *Server) route(c *Call) answer {
	part := strings.Split(strings.Trim(c.Path, "/"), "/")
	at := func(i int) string {
		if i < len(part) {
			return part[i]
		}
		return ""
	}
	switch {
	case c.Path == "/gateway" && c.Method == "GET":
		return ok(map[string]any{"url": s.gatewayURL(c.By)})
	case at(0) == "interactions" && at(3) == "callback" && c.Method == "POST":
		return s.callback(at(1), at(2), c)
	case at(0) == "webhooks":
		return s.webhook(at(1), at(2), part[min(3, len(part)):], c)
	}
	if c.Header.Get("Authorization") != "Bot "+s.Token() {
		return apiError(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	switch {
	case c.Path == "/gateway/bot" && c.Method == "GET":
		return s.gatewayBot(c.By)
	case c.Path == "/users/@me" && c.Method == "GET":
		return ok(map[string]any{"id": AppID, "username": "griot", "bot": true})
	case (c.Path == "/applications/@me" || c.Path == "/oauth2/applications/@me") && c.Method == "GET":
		return ok(map[string]any{
			"id": AppID, "name": "griot", "verify_key": s.PublicKey(),
			"integration_types_config": map[string]any{"0": map[string]any{}, "1": map[string]any{}},
		})
	case c.Path == "/applications/"+AppID+"/commands":
		return s.serveCommands(c)
	case c.Path == "/users/@me/channels" && c.Method == "POST":
		return s.openDM(c)
	case at(0) == "channels" && len(part) == 2 && c.Method == "GET":
		return s.getChannel(at(1))
	case at(0) == "channels" && at(2) == "messages" && at(3) == "pins":
		return s.channelPins(at(1), at(4), c)
	case at(0) == "channels" && at(2) == "pins":
		s.complain("%s %s: Discord has another route for pins by now", c.Method, c.Path)
	case at(0) == "channels" && at(2) == "messages":
		return s.channelMessages(at(1), at(3), c)
	}
	return apiError(http.StatusNotFound, 0, "404: Not Found")
}

func (s *Server) openDM(c *Call) answer {
	var in struct {
		Recipient string `json:"recipient_id"`
	}
	if json.Unmarshal(c.Body, &in) != nil || in.Recipient == "" {
		return invalid([]string{"recipient_id: This field is required"})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := DM(in.Recipient)
	s.channel(id, "")
	return ok(map[string]any{"id": id, "type": 1})
}

func (s *Server) getChannel(id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[id]
	if ch == nil {
		return apiError(http.StatusNotFound, 10003, "Unknown Channel")
	}
	if ch.status != 0 {
		return apiError(ch.status, ch.code, "refused")
	}
	return ok(ch.object(id))
}
