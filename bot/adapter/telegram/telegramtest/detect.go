package telegramtest

import (
	"regexp"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// What Telegram finds in a text by itself; a name found this way is told that
// it was mentioned. The patterns are wider than the real ones.
var detectors = []struct {
	kind string
	re   *regexp.Regexp
}{
	{"mention", regexp.MustCompile(`(?:^|[^0-9A-Za-z_])(@[0-9A-Za-z_]{2,})`)},
	{"hashtag", regexp.MustCompile(`(#[\p{L}\p{Nd}_\x{200c}\x{b7}]+)`)},
	{"cashtag", regexp.MustCompile(`(\$(?:1INCH|[A-Z]{1,8}))`)},
	{"url", regexp.MustCompile(`([\p{L}\p{N}_~\-]+(?:\.[\p{L}\p{N}_~\-]+)*\.\p{L}{2,})`)},
	{"url", regexp.MustCompile(`([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)`)},
	{"url", regexp.MustCompile(`([A-Za-z]+://[^\s\x{2060}])`)},
	{"email", regexp.MustCompile(`([^\s@]+@[\p{L}\p{N}]+)`)},
	{"bot_command", regexp.MustCompile(`(?:^|[^0-9A-Za-z_/<>])(/[0-9A-Za-z_]{1,64})`)},
}

// Detect finds what Telegram makes an entity of without being asked: not in
// code, and not where a link already stands.
func Detect(text string, entities []Entity) []Entity {
	var out []Entity
	for _, d := range detectors {
		at, offset := 0, 0
		for _, m := range d.re.FindAllStringSubmatchIndex(text, -1) {
			offset += units(text[at:m[2]])
			at = m[2]
			e := Entity{Type: d.kind, Offset: offset, Length: units(text[m[2]:m[3]])}
			covered := slices.ContainsFunc(entities, func(o Entity) bool {
				return (o.Type == "code" || o.Type == "pre" || o.Type == "text_link") && o.Offset < e.Offset+e.Length && e.Offset < o.Offset+o.Length
			})
			if !covered {
				out = append(out, e)
			}
		}
	}
	return out
}

// units counts UTF-16 units.
func units(s string) int {
	n := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		n += max(utf16.RuneLen(r), 1)
		i += size
	}
	return n
}
