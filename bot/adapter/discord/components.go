package discord

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

// Limits of components: https://docs.discord.com/developers/components/reference
const (
	maxRows     = 5
	maxPerRow   = 5
	maxCustomID = 100
	maxLabel    = 80
	maxURL      = 512
	maxOptions  = 25
	maxOption   = 100
	maxHolder   = 150
)

type row struct {
	Type       int         `json:"type"`
	Components []component `json:"components"`
}

type component struct {
	Type        int      `json:"type"`
	Style       int      `json:"style,omitempty"`
	Label       string   `json:"label,omitempty"`
	CustomID    string   `json:"custom_id,omitempty"`
	URL         string   `json:"url,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Options     []choice `json:"options,omitempty"`
}

type choice struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

const (
	typeRow    = 1
	typeButton = 2
	typeSelect = 3
)

var styles = map[commands.ButtonStyle]int{commands.Primary: 1, commands.Secondary: 2, commands.Success: 3, commands.Danger: 4}

const styleLink = 5

// selectID marks a press as the pick of a select's value.
const selectID = "pick"

// components lays buttons and choices out in rows. lines are those that were
// too long for a custom id, by the key that stands there.
func components(r commands.Reply) ([]row, map[string]string, error) {
	k := keys{lines: map[string]string{}, used: map[string]int{}}
	room := maxRows
	if r.Choices != nil && len(r.Choices.Options) > 0 {
		room--
	}
	var rows []row
	shown, rest := fold(r.Buttons, room)
	for _, buttons := range shown {
		one := row{Type: typeRow}
		for _, b := range buttons {
			c, err := k.button(b)
			if err != nil {
				return nil, nil, err
			}
			one.Components = append(one.Components, c)
		}
		rows = append(rows, one)
	}
	for len(rest) > 0 { // what has no row left becomes a select
		n := min(len(rest), maxOptions)
		more := &commands.Choices{Placeholder: "…"}
		for _, b := range rest[:n] {
			more.Options = append(more.Options, commands.LineChoice{Label: b.Label, Line: b.Line})
		}
		one, err := k.selection(more, len(rows))
		if err != nil {
			return nil, nil, err
		}
		rows, rest = append(rows, one), rest[n:]
	}
	if room < maxRows {
		one, err := k.selection(r.Choices, len(rows))
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, one)
	}
	if len(rows) > maxRows {
		return nil, nil, fmt.Errorf("%w: %d buttons do not fit %d rows", adapter.ErrPayload, len(r.Buttons), maxRows)
	}
	if len(k.lines) == 0 {
		k.lines = nil
	}
	return rows, k.lines, nil
}

// fold puts buttons into at most room rows, those of one row side by side; the
// rest, none of them a link, is left for a select.
func fold(buttons []commands.Button, room int) (rows [][]commands.Button, rest []commands.Button) {
	sorted := slices.Clone(buttons)
	slices.SortStableFunc(sorted, func(a, b commands.Button) int { return cmp.Compare(a.Row, b.Row) })
	for i, b := range sorted {
		n := len(rows)
		if n > 0 && len(rows[n-1]) < maxPerRow && sorted[i-1].Row == b.Row {
			rows[n-1] = append(rows[n-1], b)
			continue
		}
		rows = append(rows, []commands.Button{b})
	}
	if len(rows) <= room {
		return rows, nil
	}
	rows = slices.Collect(slices.Chunk(sorted, maxPerRow)) // closer together
	if len(rows) <= room {
		return rows, nil
	}
	for _, r := range rows[max(0, room-1):] {
		for _, b := range r {
			if b.URL != "" {
				return rows, nil // a link cannot be picked: too many, the caller says so
			}
			rest = append(rest, b)
		}
	}
	return rows[:max(0, room-1)], rest
}

// keys turns lines into custom ids, no two of one message alike.
type keys struct {
	lines map[string]string
	used  map[string]int
}

func (k *keys) button(b commands.Button) (component, error) {
	label := oneLine(b.Label)
	if label == "" || units(label) > maxLabel {
		return component{}, fmt.Errorf("%w: button label %q needs 1 to %d characters", adapter.ErrPayload, b.Label, maxLabel)
	}
	if b.URL != "" {
		u, ok := linkable(b.URL)
		if !ok || units(u) > maxURL {
			return component{}, fmt.Errorf("%w: button %q leads to no address of at most %d characters", adapter.ErrPayload, label, maxURL)
		}
		return component{Type: typeButton, Style: styleLink, Label: label, URL: u}, nil
	}
	style, ok := styles[b.Style]
	if !ok {
		style = styles[commands.Secondary]
	}
	if strings.TrimSpace(b.Line) == "" {
		return component{}, fmt.Errorf("%w: button %q does nothing", adapter.ErrPayload, label)
	}
	return component{Type: typeButton, Style: style, Label: label, CustomID: k.id(b.Line, maxCustomID)}, nil
}

func (k *keys) selection(c *commands.Choices, n int) (row, error) {
	if len(c.Options) > maxOptions {
		return row{}, fmt.Errorf("%w: a select of %d entries, Discord takes %d", adapter.ErrPayload, len(c.Options), maxOptions)
	}
	id := selectID
	if n > 0 {
		id += strconv.Itoa(n)
	}
	out := component{Type: typeSelect, CustomID: id, Placeholder: clip(oneLine(c.Placeholder), maxHolder)}
	chosen := false
	for _, o := range c.Options {
		label := oneLine(o.Label)
		if label == "" || units(label) > maxOption || strings.TrimSpace(o.Line) == "" {
			return row{}, fmt.Errorf("%w: choice %q needs a line and a label of 1 to %d characters", adapter.ErrPayload, o.Label, maxOption)
		}
		out.Options = append(out.Options, choice{Label: label, Value: k.id(o.Line, maxOption), Default: o.Selected && !chosen})
		chosen = chosen || o.Selected
	}
	return row{Type: typeRow, Components: []component{out}}, nil
}

// twin marks the second and later uses of one line in a message.
var twin = regexp.MustCompile(` ~\d+$`)

// id is the line itself where it fits, else "#" and a hash.
func (k *keys) id(line string, limit int) string {
	id, tail := line, ""
	if n := k.used[line]; n > 0 {
		tail = " ~" + strconv.Itoa(n)
	}
	k.used[line]++
	if units(line+tail) > limit || clean(line) != line || twin.MatchString(line) {
		sum := sha256.Sum256([]byte(line))
		key := base64.RawURLEncoding.EncodeToString(sum[:15])
		id = "#" + key
		k.lines[key] = line
	}
	return id + tail
}
