package telegram

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

// keyboard is https://core.telegram.org/bots/api#inlinekeyboardmarkup
type keyboard struct {
	Rows [][]button `json:"inline_keyboard,omitempty"`
	// Of a message that asks for words there are no buttons:
	// https://core.telegram.org/bots/api#forcereply
	Force     bool   `json:"force_reply,omitempty"`
	Hint      string `json:"input_field_placeholder,omitempty"`
	Selective bool   `json:"selective,omitempty"`
}

type button struct {
	Text  string `json:"text"`
	Data  string `json:"callback_data,omitempty"`
	URL   string `json:"url,omitempty"`
	Style string `json:"style,omitempty"`
}

// Bounds of a keyboard: the platform's on data and number, ours on what a
// phone shows side by side without cutting labels.
const (
	maxData    = 64
	maxButtons = 100
	rowWidth   = 40
	maxInRow   = 5
	maxLabel   = 80
)

// newKeyboard lays buttons out in rows, the entries of a select beneath. The
// data of a button is its whole line; see [Adapter.shorten].
func newKeyboard(r commands.Reply) (*keyboard, error) {
	k := &keyboard{}
	buttons := slices.Clone(r.Buttons)
	slices.SortStableFunc(buttons, func(a, b commands.Button) int { return cmp.Compare(a.Row, b.Row) })
	row, width := -1, 0
	for _, b := range buttons {
		made, err := newButton(b.Label, b.Line, b.URL, b.Style)
		if err != nil {
			return nil, err
		}
		w := len([]rune(made.Text)) + 4
		n := len(k.Rows)
		if n == 0 || b.Row != row || width+w > rowWidth || len(k.Rows[n-1]) >= maxInRow {
			k.Rows, row, width = append(k.Rows, nil), b.Row, 0
			n++
		}
		k.Rows[n-1] = append(k.Rows[n-1], made)
		width += w
	}
	if err := k.choices(r.Choices); err != nil {
		return nil, err
	}
	all := 0
	for _, row := range k.Rows {
		all += len(row)
	}
	switch {
	case all == 0:
		return nil, nil
	case all > maxButtons:
		return nil, fmt.Errorf("%w: %d buttons, Telegram takes %d", adapter.ErrPayload, all, maxButtons)
	}
	return k, nil
}

// choices adds a select's entries, two side by side where both are short.
func (k *keyboard) choices(c *commands.Choices) error {
	if c == nil {
		return nil
	}
	width := rowWidth
	for _, o := range c.Options {
		label := o.Label
		if o.Selected {
			label = "• " + label
		}
		b, err := newButton(label, o.Line, "", commands.Secondary)
		if err != nil {
			return err
		}
		w := len([]rune(b.Text)) + 4
		if width+w > rowWidth || len(k.Rows[len(k.Rows)-1]) >= 2 {
			k.Rows, width = append(k.Rows, nil), 0
		}
		last := len(k.Rows) - 1
		k.Rows[last] = append(k.Rows[last], b)
		width += w
	}
	return nil
}

func newButton(label, line, address string, style commands.ButtonStyle) (button, error) {
	b := button{Text: oneLine(label), Style: string(style)}
	if !visible(b.Text) {
		return b, fmt.Errorf("%w: a button without a label", adapter.ErrPayload)
	}
	if runes := []rune(b.Text); len(runes) > maxLabel {
		return b, fmt.Errorf("%w: a button's label of %d characters", adapter.ErrPayload, len(runes))
	}
	if address != "" {
		b.URL = address
		return b, checkURL(address)
	}
	if b.Data = line; line == "" {
		return b, fmt.Errorf("%w: button %q asks for nothing", adapter.ErrPayload, b.Text)
	}
	return b, nil
}

// shorten is k with data that the platform takes: a line too long is told by
// its key alone. It returns the lines by key.
func (k *keyboard) shorten() (*keyboard, map[string]string) {
	if k == nil {
		return nil, nil
	}
	var lines map[string]string
	out := k
	for i, row := range k.Rows {
		for j, b := range row {
			if len(b.Data) <= maxData {
				continue
			}
			if lines == nil {
				lines, out = map[string]string{}, k.clone()
			}
			key := lineKey(b.Data)
			lines[key], out.Rows[i][j].Data = b.Data, key
		}
	}
	return out, lines
}

func (k *keyboard) clone() *keyboard {
	rows := make([][]button, len(k.Rows))
	for i := range rows {
		rows[i] = slices.Clone(k.Rows[i])
	}
	out := *k
	out.Rows = rows
	return &out
}

// lineKey is what a button carries in place of a long line. A line begins with
// a slash, so neither is taken for the other.
func lineKey(line string) string {
	sum := sha256.Sum256([]byte(line))
	return "#" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// keep stores lines so that their buttons still work after a restart.
func (a *Adapter) keep(ctx context.Context, lines map[string]string) error {
	for key, line := range lines {
		if _, ok := a.lines.Load(key); ok {
			continue
		}
		if err := a.setNote(ctx, noteOf(key), line); err != nil {
			return fmt.Errorf("keep the line of a button: %w", err)
		}
		a.lines.Store(key, true)
	}
	return nil
}

func noteOf(key string) string { return "line:" + strings.TrimPrefix(key, "#") }

// lineOf is the line a button stands for, or "" when nobody knows any more.
func (a *Adapter) lineOf(ctx context.Context, data string) (string, error) {
	if !strings.HasPrefix(data, "#") {
		return data, nil
	}
	line, err := a.note(ctx, noteOf(data))
	if err != nil {
		return "", fmt.Errorf("look up the line of a button: %w", err)
	}
	return line, nil
}
