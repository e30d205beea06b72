package adaptertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"griot/bot/adapter"
	"griot/commands"
)

// checkRender renders n twice and says what promise was broken.
func checkRender(a adapter.Adapter, place commands.Place, n Named) error {
	before := clone(n.Reply)
	parts, err := a.Render(place, n.Reply)
	if diff := cmp.Diff(before, n.Reply); diff != "" {
		return fmt.Errorf("render changed the reply (-before +after):\n%s", diff)
	}
	again, errAgain := a.Render(place, n.Reply)
	if diff := cmp.Diff(parts, again); diff != "" || (err == nil) != (errAgain == nil) {
		return fmt.Errorf("render gives another result the second time (-first +second):\n%s", diff)
	}
	if err != nil {
		return checkRefusal(err, n)
	}
	if len(parts) == 0 {
		return errors.New("no part, want at least one")
	}
	var said []string
	for i, p := range parts {
		words, err := checkBody(p.Body)
		if err != nil {
			return fmt.Errorf("part %d of %d: %w", i+1, len(parts), err)
		}
		said = append(said, words...)
	}
	if err := checkFiles(parts, n.Reply, said); err != nil {
		return err
	}
	if err := checkWords(said, n.Reply); err != nil {
		return err
	}
	if ex, ok := a.(adapter.Explainer); ok {
		return checkExplain(ex, place, n.Reply)
	}
	return nil
}

func checkRefusal(err error, n Named) error {
	if !n.Refusable {
		return fmt.Errorf("refused, but it can be shown: %w", err)
	}
	if !errors.Is(err, adapter.ErrPayload) {
		return fmt.Errorf("refused with %q, want an error wrapping ErrPayload", err)
	}
	return nil
}

// checkExplain wants calls whose bodies are objects that hold the whole answer.
func checkExplain(ex adapter.Explainer, place commands.Place, r commands.Reply) error {
	calls, err := ex.Explain(place, r)
	if err != nil {
		return fmt.Errorf("rendered, but not explained: %w", err)
	}
	if len(calls) == 0 {
		return errors.New("explained by no call, want at least one")
	}
	again, _ := ex.Explain(place, r)
	if diff := cmp.Diff(calls, again); diff != "" {
		return fmt.Errorf("explain gives another result the second time (-first +second):\n%s", diff)
	}
	var said []string
	for i, c := range calls {
		words, err := checkBody(c.Body)
		if err != nil {
			return fmt.Errorf("call %d of %d: %w", i+1, len(calls), err)
		}
		if c.Method == "" || c.Method != strings.ToUpper(c.Method) || !strings.HasPrefix(c.Path, "/") {
			return fmt.Errorf("call %d of %d: %q %q, want a method and a path", i+1, len(calls), c.Method, c.Path)
		}
		said = append(said, words...)
	}
	if err := checkWords(said, r); err != nil {
		return fmt.Errorf("explained calls: %w", err)
	}
	return nil
}

// checkBody wants a JSON object in valid UTF-8 and returns its strings in the
// order they stand, keys left out.
func checkBody(body json.RawMessage) ([]string, error) {
	if !utf8.Valid(body) || !json.Valid(body) || !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return nil, fmt.Errorf("body is not a JSON object: %.200q", body)
	}
	if bytes.Contains(body, []byte("SECRET")) {
		return nil, errors.New("body holds the token")
	}
	var v ordered
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, err
	}
	return v.strings, nil
}

// ordered collects the string values of a JSON value in the order they stand.
type ordered struct{ strings []string }

// UnmarshalJSON reads any value.
func (o *ordered) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch data[0] {
	case '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		o.strings = append(o.strings, s)
		return nil
	case '[':
		var items []ordered
		if err := json.Unmarshal(data, &items); err != nil {
			return err
		}
		for _, it := range items {
			o.strings = append(o.strings, it.strings...)
		}
		return nil
	case '{':
		return o.object(data)
	}
	return nil
}

// object walks the fields itself: a map would lose their order.
func (o *ordered) object(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		if _, err := dec.Token(); err != nil {
			return err
		}
		var v ordered
		if err := dec.Decode(&v); err != nil {
			return err
		}
		o.strings = append(o.strings, v.strings...)
	}
	return nil
}

// checkFiles wants every file attached somewhere, or named where the platform
// shows text only; a picture that is not attached is told by its alt text.
func checkFiles(parts []adapter.Part, r commands.Reply, said []string) error {
	all := strings.Join(said, "\n")
	for _, f := range filesOf(r) {
		if strings.Contains(all, f.Name) || (f.Alt != "" && missing(words(all), words(f.Alt)) == "") || attached(parts, f) {
			continue
		}
		return fmt.Errorf("file %q is neither attached nor named", f.Name)
	}
	return nil
}

func attached(parts []adapter.Part, f commands.File) bool {
	for _, p := range parts {
		for _, have := range p.Files {
			if have.Name == f.Name && bytes.Equal(have.Data, f.Data) {
				return true
			}
		}
	}
	return false
}

func filesOf(r commands.Reply) []commands.File {
	files := slices.Clone(r.Files)
	for _, b := range r.Blocks {
		if b.Kind == commands.Picture && b.File != nil {
			files = append(files, *b.File)
		}
	}
	return files
}

// clone copies r so deep that no change of one shows in the other.
func clone(r commands.Reply) commands.Reply {
	r.Blocks = slices.Clone(r.Blocks)
	for i := range r.Blocks {
		b := &r.Blocks[i]
		b.Spans = slices.Clone(b.Spans)
		b.Entries = slices.Clone(b.Entries)
		for j := range b.Entries {
			b.Entries[j] = slices.Clone(b.Entries[j])
		}
		if b.File != nil {
			f := cloneFile(*b.File)
			b.File = &f
		}
	}
	r.Sources = slices.Clone(r.Sources)
	r.Items = slices.Clone(r.Items)
	r.Buttons = slices.Clone(r.Buttons)
	if r.Choices != nil {
		c := *r.Choices
		c.Options = slices.Clone(c.Options)
		r.Choices = &c
	}
	r.Files = slices.Clone(r.Files)
	for i := range r.Files {
		r.Files[i] = cloneFile(r.Files[i])
	}
	return r
}

func cloneFile(f commands.File) commands.File {
	f.Data = bytes.Clone(f.Data)
	return f
}
