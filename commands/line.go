package commands

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/briefings"
)

// MaxLine is the longest command line that is read, in bytes.
const MaxLine = 128 << 10

// Line writes r's command, subcommand and options as one line that
// [ParseLine] reads back: /timeline from:2024-09 lang:fr.
func (r Request) Line() string {
	var b strings.Builder
	b.WriteString("/" + r.Command)
	if r.Sub != "" {
		b.WriteString(" " + r.Sub)
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.Options), compareKeys) {
		b.WriteString(" " + k + ":" + quote(r.Options[k]))
	}
	return b.String()
}

// local writes a line with the names of a language: /chronologie sujet:mali.
// What cannot be read stays as it is.
func (t Table) local(line string, lang briefings.Lang) string {
	if lang == briefings.EN {
		return line
	}
	r, err := ParseLine(t, line)
	cmd := t.Find(r.Command)
	if err != nil || cmd == nil {
		return line
	}
	out := Request{Command: cmd.Names.In(lang), Options: map[string]string{}}
	if sub := cmd.Sub(r.Sub); sub != nil {
		out.Sub, cmd = sub.Names.In(lang), sub
	}
	for k, v := range r.Options {
		o := cmd.Option(k)
		for _, ch := range o.Choices {
			if label := lowerFirst(ch.Label.In(lang)); ch.Value == v && !strings.ContainsFunc(label, unicode.IsSpace) && label != "" {
				v = label
				break
			}
		}
		out.Options[o.Names.In(lang)] = v
	}
	return out.Line()
}

// compareKeys sorts by name, but what is looked up before how it is shown.
func compareKeys(a, b string) int {
	last := []string{"page", "lang"}
	if x, y := slices.Index(last, a), slices.Index(last, b); x != y {
		return x - y
	}
	return strings.Compare(a, b)
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`)

func quote(v string) string {
	plain := v != "" && !strings.ContainsFunc(v, func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune("\"\\“”«»", c)
	})
	if plain {
		return v
	}
	return `"` + quoter.Replace(v) + `"`
}

// ParseLine reads a command line: a command of the table, its subcommand, and
// options as key:value, values with spaces in double quotes. The first words
// without a key are together the first option; later ones belong to the value
// before them. Only the command, subcommand and options of the request are
// set. Its errors are *UserError.
func ParseLine(t Table, line string) (Request, error) {
	if len(line) > MaxLine {
		return Request{}, &UserError{Say: briefings.Text{
			EN: "That is too long for me to read. Try a shorter line, or /help.",
			FR: "C’est trop long pour moi. Essayez une ligne plus courte, ou /help.",
		}}
	}
	line, slash := strings.CutPrefix(strings.TrimSpace(line), "/")
	name, _ := cutWord(line)
	cmd, rest := t.known(line)
	if cmd == nil {
		return Request{}, unknownCommand(t, name)
	}
	r := Request{Command: cmd.Name, Options: map[string]string{}}
	if len(cmd.Subs) > 0 {
		var word string
		if word, rest = cutWord(rest); word != "" {
			sub := cmd.Sub(strings.ToLower(word))
			if sub == nil {
				return Request{}, unknownSub(cmd, word)
			}
			r.Sub, cmd = sub.Name, sub
		}
	}
	tokens := scan(cmd, rest)
	if err := noOption(r, cmd, tokens); err != nil {
		return Request{}, err
	}
	assign(r.Options, cmd, tokens)
	if first := cmd.first(); !slash && cmd.Topic != "" && first != nil && len(tokens) > 0 && tokens[0].key == "" && !first.takes(r.Options[first.Name]) {
		return Request{}, notAsked(t, cmd, line) // words that begin with a topic's name are a question, not its command
	}
	return r, nil
}

// cutWord takes the first word off s.
func cutWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// token is a value, with the option it is for or none.
type token struct {
	key    string
	value  string
	quoted bool
	gap    string // what stands before it: a space, or the end of a line
}

func scan(cmd *Command, s string) []token {
	var out []token
	for {
		behind := s
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
		if s == "" {
			return out
		}
		t := token{gap: " "}
		if strings.Contains(behind[:len(behind)-len(s)], "\n") && cmd.first() != nil && cmd.first().Prose {
			t.gap = "\n"
		}
		if key, rest, ok := strings.Cut(s, ":"); ok && !strings.ContainsFunc(key, unicode.IsSpace) {
			if o := cmd.Option(strings.ToLower(key)); o != nil {
				t.key, s = o.Name, rest
			}
		}
		all := s
		if t.value, s, t.quoted = unquote(s); t.quoted && t.key == "" && len(out) == 0 && cmd.goesOn(s) {
			t.value, t.quoted = all, false
		}
		if !t.quoted {
			t.value, s = "", t.value
			if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
				t.value, s = s[:i], s[i:]
			} else {
				t.value, s = s, ""
			}
		}
		out = append(out, t)
	}
}

// goesOn reports whether what stands behind a quotation belongs to the same
// text: a pasted one may begin with somebody's words.
func (c *Command) goesOn(rest string) bool {
	first := c.first()
	word, _ := cutWord(rest)
	key, _, keyed := strings.Cut(word, ":")
	return first != nil && first.Prose && word != "" && !(keyed && c.Option(strings.ToLower(key)) != nil)
}

// unquote takes a quoted value off s. People's keyboards write “ ” and « » by
// themselves, so those count as quotes too. A quote that is never closed
// reaches to the end. Without a quote it returns s itself.
func unquote(s string) (value, rest string, ok bool) {
	open, size := utf8.DecodeRuneInString(s)
	switch open {
	case '"':
		return unescape(s[size:])
	case '“', '«':
		end := map[rune]string{'“': "”", '«': "»"}[open]
		value, rest, _ = strings.Cut(s[size:], end)
		return strings.TrimSpace(value), rest, true
	}
	return s, "", false
}

// unescape reads up to the closing quote.
func unescape(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`"\nr`, s[i+1]) >= 0:
			i++
			b.WriteByte(map[byte]byte{'"': '"', '\\': '\\', 'n': '\n', 'r': '\r'}[s[i]])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), "", true
}

// assign sorts the tokens into options.
func assign(opts map[string]string, cmd *Command, tokens []token) {
	first := cmd.first()
	// A first option given by its key leaves the free words to the values before them.
	taken := slices.ContainsFunc(tokens, func(t token) bool { return first != nil && t.key == first.Name })
	before := "" // the unquoted option that free words may continue
	for i := 0; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.key != "":
			value, more := t.value, 0
			if !t.quoted {
				value, more = together(cmd.Option(t.key), tokens[i:])
			}
			opts[t.key] = value
			before = t.key
			if i += more; t.quoted {
				before = ""
			}
		case before != "" && opts[before] == "": // "from: 2024"
			opts[before] = t.value
		case first == nil:
		case taken && before != "":
			opts[before] += " " + t.value
		default:
			opts[first.Name] = strings.TrimLeft(opts[first.Name]+t.gap+t.value, " \n")
			taken = taken || i+1 < len(tokens) && tokens[i+1].key != ""
		}
	}
}

// together returns the value that the first token begins and how many free
// words after it belong to it: those that make it one the option takes.
func together(o *Option, tokens []token) (value string, more int) {
	value = tokens[0].value
	if value == "" {
		return value, 0
	}
	var words strings.Builder
	words.WriteString(value)
	for i := 1; i < len(tokens) && i <= mostValueWords && tokens[i].key == "" && !tokens[i].quoted; i++ {
		if words.WriteString(" " + tokens[i].value); o.takes(words.String()) {
			value, more = words.String(), i
		}
	}
	return value, more
}

// mostValueWords is how many further words of a line are tried as a value.
const mostValueWords = 8

// first is the option that free words are, or nil.
func (c *Command) first() *Option {
	for i := range c.Options {
		if !c.Options[i].Hidden {
			return &c.Options[i]
		}
	}
	return nil
}
