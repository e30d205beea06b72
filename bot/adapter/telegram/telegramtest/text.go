package telegramtest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a part of a text that looks or behaves differently.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// The limits of the platform: https://core.telegram.org/bots/api#sendmessage
const (
	MaxText     = 4096
	MaxCaption  = 1024
	MaxEntities = 100
	maxRaw      = 32768
	maxLinks    = 9500 // measured by users, not documented
)

// CheckText says why the server refuses a text with entities, or "".
func CheckText(text string, entities []Entity, limit int) string {
	if !utf8.ValidString(text) {
		return "strings must be encoded in UTF-8"
	}
	if len(text) > maxRaw {
		return "message is too long"
	}
	units := utf16.Encode([]rune(text))
	if len(units) > limit {
		return "message is too long"
	}
	if len(entities) > MaxEntities {
		return "too many entities"
	}
	links := 0
	for _, e := range entities {
		if why := checkEntity(units, e); why != "" {
			return why
		}
		links += len(e.URL)
	}
	if links > maxLinks {
		return "ENTITIES_TOO_LONG"
	}
	return checkNesting(entities)
}

var known = []string{
	"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link",
}

func checkEntity(units []uint16, e Entity) string {
	if !slices.Contains(known, e.Type) {
		return "unsupported entity type " + e.Type
	}
	if e.Offset < 0 || e.Length <= 0 {
		return "receive an entity with incorrect offset or length"
	}
	end := e.Offset + e.Length
	if end > len(units) {
		return "entity ends after the end of the text"
	}
	for _, at := range []int{e.Offset, end} {
		if at > 0 && at < len(units) && units[at-1]&0xfc00 == 0xd800 {
			return "entity begins or ends in a middle of a UTF-16 symbol"
		}
	}
	if e.Type == "text_link" {
		if u, err := url.Parse(e.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "tg" {
			return "entity with a wrong address"
		}
	}
	if strings.TrimFunc(string(utf16.Decode(units[e.Offset:end])), func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) == "" {
		return "entity without visible text"
	}
	return ""
}

// checkNesting wants entities to lie inside each other or apart, nothing inside
// code, no quote or link within another:
// https://core.telegram.org/bots/api#formatting-options
func checkNesting(entities []Entity) string {
	for i, a := range entities {
		for _, b := range entities[i+1:] {
			if a.Offset+a.Length <= b.Offset || b.Offset+b.Length <= a.Offset {
				continue
			}
			inside := a.Offset >= b.Offset && a.Offset+a.Length <= b.Offset+b.Length
			outside := b.Offset >= a.Offset && b.Offset+b.Length <= a.Offset+a.Length
			quotes := strings.HasSuffix(a.Type, "blockquote") && strings.HasSuffix(b.Type, "blockquote")
			code := a.Type == "code" || b.Type == "code" || a.Type == "pre" || b.Type == "pre"
			if code && (strings.HasSuffix(a.Type, "blockquote") && outside || strings.HasSuffix(b.Type, "blockquote") && inside) {
				code = false
			}
			if !inside && !outside || quotes || code || a.Type == b.Type {
				return "entities " + a.Type + " and " + b.Type + " do not nest"
			}
		}
	}
	return ""
}

func readEntities(raw string) ([]Entity, *failure) {
	if raw == "" {
		return nil, nil
	}
	var out []Entity
	if json.Unmarshal([]byte(raw), &out) != nil {
		return nil, bad("can't parse entities JSON object")
	}
	return out, nil
}

// empty reports whether nobody would see anything of a text.
func empty(text string) bool {
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r)
	}) == ""
}
