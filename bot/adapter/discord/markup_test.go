package discord

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"griot/bot/adapter/adaptertest"
	"griot/commands"
)

// shown is what a reader sees of markup: runs of text with their kind.
type shown struct {
	kind commands.SpanKind
	text string
	url  string
}

// Discord's rules, after the ones its apps share with simple-markdown; Go's
// expressions know no look-ahead, so ends are checked by hand.
var (
	ruleCode   = regexp.MustCompile("^(`+)")
	ruleLink   = regexp.MustCompile(`^\[((?:\[[^\]]*\]|[^\[\]])*)\]\(\s*<?((?:[^\s()\\]|\\.)*?)>?\s*\)`)
	ruleURL    = regexp.MustCompile(`^(?i:https?|[a-z]+)://[^\s<]+`)
	ruleAngle  = regexp.MustCompile(`^<[^\s>]*>`)
	ruleLine   = regexp.MustCompile(`^ *(?:#{1,3} |-# |[-*+] |\d+\. |>{1,3} ?)`)
	ruleEscape = regexp.MustCompile(`^\\([^0-9A-Za-z\s])`)
)

// read parses markup like Discord's apps do.
func read(s string) []shown {
	var out []shown
	emit := func(kind commands.SpanKind, text, url string) {
		text = strings.ReplaceAll(text, zeroWidth, "")
		if n := len(out); n > 0 && out[n-1].kind == kind && kind != commands.Link {
			out[n-1].text += text
		} else if text != "" {
			out = append(out, shown{kind, text, url})
		}
	}
	lineStart := true
	for s != "" {
		if lineStart {
			if m := ruleLine.FindString(s); m != "" {
				emit("block", m, "")
				s = s[len(m):]
			}
		}
		n := 1
		switch m, kind, inner := match(s); {
		case kind == "escape":
			emit(commands.Plain, inner, "")
			n = m
		case kind != "":
			url := ""
			if kind == commands.Link {
				parts := ruleLink.FindStringSubmatch(s)
				url = parts[2]
			}
			text := inner
			if kind != commands.Code {
				text = flatten(read(inner), kind)
			}
			emit(kind, text, url)
			n = m
		default:
			_, n = utf8.DecodeRuneInString(s)
			emit(commands.Plain, s[:n], "")
		}
		lineStart = strings.HasSuffix(s[:n], "\n") || s != "" && strings.TrimLeft(s[:n], " ") == "" && lineStart
		s = s[n:]
	}
	return out
}

// flatten joins the text of inner runs; a kind within another shows as a mark of failure.
func flatten(in []shown, outer commands.SpanKind) string {
	var b strings.Builder
	for _, r := range in {
		if r.kind != commands.Plain && r.kind != outer {
			b.WriteString("{" + string(r.kind) + "}")
		}
		b.WriteString(r.text)
	}
	return b.String()
}

// match finds the rule that applies at the start of s.
func match(s string) (n int, kind commands.SpanKind, inner string) {
	if m := ruleEscape.FindStringSubmatch(s); m != nil {
		_, w := utf8.DecodeRuneInString(s[1:])
		return 1 + w, "escape", s[1 : 1+w]
	}
	if m := ruleCode.FindString(s); len(m) > 2 {
		return len(m), "block", m
	} else if m != "" {
		rest := s[len(m):]
		for at := 0; at < len(rest); {
			i := strings.Index(rest[at:], m)
			if i < 0 {
				break
			}
			i += at
			if i > 0 && rest[i-1] != '`' && !strings.HasPrefix(rest[i+len(m):], "`") {
				return len(m) + i + len(m), commands.Code, strings.TrimSpace(rest[:i])
			}
			at = i + 1
		}
	}
	if m := ruleLink.FindStringSubmatch(s); m != nil {
		return len(m[0]), commands.Link, m[1]
	}
	if m := ruleURL.FindString(s); m != "" {
		return len(m), "address", m
	}
	if m := ruleAngle.FindString(s); m != "" {
		return len(m), "angle", m
	}
	for _, ping := range []string{"@everyone", "@here"} {
		if strings.HasPrefix(s, ping) {
			return len(ping), "ping", ping
		}
	}
	for _, mark := range []string{"**", "__", "~~", "||"} {
		if i := closing(s, mark, true); i > 0 {
			return i + 2, map[string]commands.SpanKind{"**": commands.Strong}[mark] + commands.SpanKind(strings.Trim(mark, "*")), s[2:i]
		}
	}
	if i := closing(s, "_", true); i > 0 && !wordAt(s, i+1) {
		return i + 1, commands.Emphasis, s[1:i]
	}
	if i := closing(s, "*", false); i > 1 && !unicode.IsSpace(rune(s[1])) && !unicode.IsSpace(rune(s[i-1])) {
		return i + 1, commands.Emphasis, s[1:i]
	}
	return 0, "", ""
}

// closing finds the mark that ends what s begins with it. Only some marks know escapes.
func closing(s, mark string, escapes bool) int {
	if !strings.HasPrefix(s, mark) || strings.HasPrefix(s, mark+mark[:1]) && len(mark) == 1 {
		return 0
	}
	for i := len(mark); i < len(s); i++ {
		if escapes && s[i] == '\\' {
			i++
			continue
		}
		if strings.HasPrefix(s[i:], mark) && i > len(mark) && (len(mark) == 1 || !strings.HasPrefix(s[i+len(mark):], mark[:1])) {
			if len(mark) == 1 && strings.HasPrefix(s[i+1:], mark) {
				i++
				continue
			}
			return i
		}
	}
	return 0
}

func wordAt(s string, i int) bool {
	return i < len(s) && (s[i] == '_' || s[i] >= '0' && s[i] <= '9' || s[i] >= 'A' && s[i] <= 'Z' || s[i] >= 'a' && s[i] <= 'z')
}

// nasty draws text full of what could be markup.
func nasty() *rapid.Generator[string] {
	bits := append(adaptertest.Hostile(), "*", "**", "_", "__", "`", "``", "~~", "||", "\\", "[", "]", "(", ")", "<", ">", "#", "# ", "- ", "+ ", "-# ",
		"1. ", "12.", "\n", " ", "  ", "a", "é", "9", "@", "everyone", "here", "@everyone", "://", "https", ":", "/", "//", "[1]", "(x)", ".", zeroWidth)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 12).Draw(t, "bits"), "")
	})
}

func bare(s string) string { return strings.ReplaceAll(clean(s), zeroWidth, "") }

func TestEscapedTextShowsLiterally(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := nasty().Draw(t, "text")
		got := read(escape(clean(text), true))
		for _, r := range got {
			if r.kind != commands.Plain {
				t.Fatalf("%q: %q is read as %s", text, r.text, r.kind)
			}
		}
		if want := bare(text); flatten(got, "") != want {
			t.Fatalf("shows %q, want %q", flatten(got, ""), want)
		}
	})
}

func TestSpansShowAsTheyAre(t *testing.T) {
	t.Parallel()
	kinds := []commands.SpanKind{commands.Plain, commands.Strong, commands.Emphasis, commands.Code, commands.Citation}
	rapid.Check(t, func(t *rapid.T) {
		var spans []commands.Span
		want := map[commands.SpanKind]string{}
		for range rapid.IntRange(0, 6).Draw(t, "spans") {
			s := commands.Span{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Source: 7}
			if s.Kind != commands.Citation {
				s.Text = nasty().Draw(t, "text")
			}
			spans = append(spans, s)
			if s.Kind == commands.Citation {
				want[commands.Plain] += "[7]"
			} else {
				want[s.Kind] += s.Text
			}
		}
		got := map[commands.SpanKind]string{}
		for _, r := range read(write(spans)) {
			got[r.kind] += r.text
		}
		for _, k := range kinds {
			if squeeze(got[k]) != squeeze(want[k]) {
				t.Fatalf("%s: shows %q, want %q\nmarkup %q", k, got[k], want[k], write(spans))
			}
			delete(got, k)
		}
		if len(got) > 0 {
			t.Fatalf("reads %v out of %q", got, write(spans))
		}
	})
}

// squeeze leaves out space: styles push it outside, code folds it.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, bare(s))
}

func FuzzEscape(f *testing.F) {
	for _, s := range adaptertest.Hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range read(escape(clean(s), true)) {
			if r.kind != commands.Plain {
				t.Fatalf("%q: %q is read as %s", s, r.text, r.kind)
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("One sentence. Another one! A third? And “quotes.” End", 100)
	f.Add(strings.Repeat("griot", 100), 60)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 40 + max(limit, -limit)%4000
		if limit <= 0 || !utf8.ValidString(s) {
			return
		}
		spans := []commands.Span{{Text: s}, {Kind: commands.Citation, Source: 1}, {Kind: commands.Strong, Text: s}}
		var all strings.Builder
		for _, run := range split(spans, limit) {
			if n := units(write(run)); n > limit {
				t.Errorf("%d of %d units: %q", n, limit, write(run))
			}
			all.WriteString(commands.Join(run))
		}
		if want := commands.Join(spans); all.String() != want {
			t.Errorf("joined %q, want %q", all.String(), want)
		}
	})
}
