package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// commandName is the rule for names of commands and options, lower case in
// addition: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// menuName is the rule for names in menus, which may have capitals and spaces.
var menuName = regexp.MustCompile(`^[-_'’ \p{L}\p{N}]{1,32}$`)

type command struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations"`
	Options      []option          `json:"options"`
	Contexts     []int             `json:"contexts"`
	Installs     []int             `json:"integration_types"`
}

type option struct {
	command
	Required     bool `json:"required"`
	Autocomplete bool `json:"autocomplete"`
	Choices      []struct {
		Name  string            `json:"name"`
		Names map[string]string `json:"name_localizations"`
		Value any               `json:"value"`
	} `json:"choices"`
	Options []option `json:"options"`
}

// Commands lists the registered commands as Discord would return them.
func (s *Server) Commands() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]json.RawMessage(nil), s.commands...)
}

// CommandNames lists the names of the registered commands.
func (s *Server) CommandNames() []string {
	var names []string
	for _, raw := range s.Commands() {
		var c command
		_ = json.Unmarshal(raw, &c)
		names = append(names, c.Name)
	}
	return names
}

func (s *Server) serveCommands(c *Call) answer {
	switch c.Method {
	case "GET":
		return ok(append([]json.RawMessage{}, s.Commands()...))
	case "PUT":
		var raws []map[string]any
		var cmds []command
		if json.Unmarshal(c.Body, &raws) != nil || json.Unmarshal(c.Body, &cmds) != nil {
			return invalid([]string{"not a list of commands"})
		}
		if faults := checkCommands(cmds); len(faults) > 0 {
			return invalid(faults)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.commands = nil
		for _, raw := range raws {
			s.commands = append(s.commands, s.asReturned(raw))
		}
		s.touch()
		return ok(s.commands)
	}
	return apiError(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
}

// asReturned dresses a command up as Discord returns it: ids, defaults filled
// in, false and empty values left out of options. s.mu is held.
func (s *Server) asReturned(raw map[string]any) json.RawMessage {
	out := map[string]any{
		"id": s.id(), "application_id": AppID, "version": s.id(), "default_member_permissions": nil,
		"type": 1, "nsfw": false, "dm_permission": true, "contexts": nil, "integration_types": []int{0, 1},
		"name_localizations": nil, "description_localizations": nil,
	}
	for k, v := range raw {
		if v != nil {
			out[k] = v
		}
	}
	if opts, _ := raw["options"].([]any); len(opts) > 0 {
		out["options"] = tidy(opts)
	} else {
		delete(out, "options")
	}
	b, _ := json.Marshal(out)
	return b
}

func tidy(opts []any) []any {
	for _, o := range opts {
		m, _ := o.(map[string]any)
		for k, v := range m {
			list, isList := v.([]any)
			if v == nil || v == false || (isList && len(list) == 0) {
				delete(m, k)
			}
		}
		if sub, is := m["options"].([]any); is {
			m["options"] = tidy(sub)
		}
	}
	return opts
}

func checkCommands(cmds []command) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	kinds, names := map[int]int{}, map[string]bool{}
	for _, c := range cmds {
		kind := max(c.Type, 1)
		kinds[kind]++
		for _, locale := range []string{"", "en-US", "en-GB", "fr"} {
			name := c.Name
			if n, ok := c.Names[locale]; ok {
				name = n
			}
			key := fmt.Sprint(kind, locale, " ", name)
			if names[key] {
				bad("application command names must be unique: %s", key)
			}
			names[key] = true
		}
		if kind != 1 {
			checkMenu(c, bad)
			continue
		}
		checkNamed(c, c.Name, bad)
		checkOptions(c.Options, c.Name, 0, bad)
		if n := weight(c, c.Options); n > 8000 {
			bad("%s: %d of 8000 characters", c.Name, n)
		}
	}
	if kinds[1] > 100 || kinds[2] > 15 || kinds[3] > 15 {
		bad("too many commands: %v", kinds)
	}
	return faults
}

// checkMenu checks a command of a menu, which has a name and nothing else:
// https://docs.discord.com/developers/interactions/application-commands#message-commands
func checkMenu(c command, bad func(string, ...any)) {
	names := []string{c.Name}
	for _, n := range c.Names {
		names = append(names, n)
	}
	for _, n := range names {
		if !menuName.MatchString(n) {
			bad("name of a menu %q", n)
		}
	}
	if c.Description != "" || len(c.Descriptions) > 0 || len(c.Options) > 0 {
		bad("%s: a menu has no description and no options", c.Name)
	}
}

func checkNamed(c command, at string, bad func(string, ...any)) {
	names, texts := []string{c.Name}, []string{c.Description}
	for _, n := range c.Names {
		names = append(names, n)
	}
	for _, d := range c.Descriptions {
		texts = append(texts, d)
	}
	for _, n := range names {
		if !commandName.MatchString(n) || strings.ToLower(n) != n {
			bad("%s: name %q", at, n)
		}
	}
	for _, d := range texts {
		if n := size(d); n < 1 || n > 100 {
			bad("%s: description of %d characters: %q", at, n, d)
		}
	}
}

func checkOptions(opts []option, at string, depth int, bad func(string, ...any)) {
	if len(opts) > 25 {
		bad("%s: %d options", at, len(opts))
	}
	seen, optional := map[string]bool{}, false
	for _, o := range opts {
		at := at + " " + o.Name
		checkNamed(o.command, at, bad)
		if seen[o.Name] {
			bad("%s: used twice", at)
		}
		seen[o.Name] = true
		if o.Required && optional {
			bad("%s: required options come first", at)
		}
		switch o.Type {
		case 1, 2:
			if depth > 0 && o.Type == 2 || depth > 1 || o.Required {
				bad("%s: subcommand at depth %d", at, depth)
			}
			checkOptions(o.Options, at, depth+1, bad)
			continue
		case 3, 4, 5, 6, 7, 8, 9, 10, 11:
		default:
			bad("%s: type %d", at, o.Type)
		}
		optional = optional || !o.Required
		if o.Autocomplete && len(o.Choices) > 0 || len(o.Choices) > 25 {
			bad("%s: autocomplete %v with %d choices", at, o.Autocomplete, len(o.Choices))
		}
		for _, c := range o.Choices {
			v, _ := c.Value.(string)
			if size(c.Name) < 1 || size(c.Name) > 100 || size(v) < 1 || size(v) > 100 {
				bad("%s: choice %q = %q", at, c.Name, v)
			}
			for _, n := range c.Names {
				if size(n) < 1 || size(n) > 100 {
					bad("%s: choice %q", at, n)
				}
			}
		}
	}
}

// weight counts names, descriptions and values, the longest localization each.
func weight(c command, opts []option) int {
	longest := func(s string, m map[string]string) int {
		n := size(s)
		for _, t := range m {
			n = max(n, size(t))
		}
		return n
	}
	n := longest(c.Name, c.Names) + longest(c.Description, c.Descriptions)
	for _, o := range opts {
		n += weight(o.command, o.Options)
		for _, ch := range o.Choices {
			v, _ := ch.Value.(string)
			n += longest(ch.Name, ch.Names) + size(v)
		}
	}
	return n
}
