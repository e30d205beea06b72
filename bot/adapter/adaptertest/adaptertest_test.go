package adaptertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"griot/bot/adapter"
	"griot/commands"
)

// plain shows replies as one string; its faults are switched on by name.
type plain struct {
	fault string
	calls *atomic.Int64
}

var _ adapter.Adapter = plain{}

func (plain) Platform() commands.Platform { return commands.Terminal }

func (plain) Run(ctx context.Context, _ adapter.Core) error {
	<-ctx.Done()
	return nil
}

func (p plain) Send(ctx context.Context, to commands.Destination, _ adapter.Part, _ string) (adapter.MessageRef, error) {
	return adapter.MessageRef{To: to, ID: "1"}, ctx.Err()
}

func (p plain) Render(_ commands.Place, r commands.Reply) ([]adapter.Part, error) {
	var s strings.Builder
	s.WriteString(r.Title + "\n")
	for i, b := range r.Blocks {
		if p.fault == "drops a block" && i == len(r.Blocks)-1 {
			continue
		}
		s.WriteString(plainBlock(b) + "\n")
	}
	for _, src := range r.Sources {
		if p.fault == "drops a link" {
			src.URL = ""
		}
		fmt.Fprintln(&s, src.N, src.Publisher, src.Title, src.Date, src.Note, src.URL)
	}
	for _, b := range r.Buttons {
		s.WriteString(b.Label + " " + b.URL + "\n")
	}
	if r.Choices != nil {
		for _, o := range r.Choices.Options {
			s.WriteString(o.Label + "\n")
		}
	}
	for _, f := range r.Files {
		s.WriteString(f.Name + "\n")
	}
	switch p.fault {
	case "changes the reply":
		if len(r.Sources) > 0 {
			r.Sources[0].N++
		}
	case "is not pure":
		fmt.Fprint(&s, p.calls.Add(1))
	case "gives no part":
		return nil, nil
	case "gives no object":
		return []adapter.Part{{Body: json.RawMessage(`"text"`)}}, nil
	case "shows the token":
		s.WriteString(Token)
	case "refuses what it can show":
		return nil, adapter.ErrPayload
	}
	body, err := json.Marshal(map[string]string{"text": s.String()})
	return []adapter.Part{{Body: body}}, err
}

func plainBlock(b commands.Block) string {
	var out strings.Builder
	out.WriteString(b.Label + "\n")
	for _, e := range append([][]commands.Span{b.Spans}, b.Entries...) {
		for _, s := range e {
			out.WriteString(s.Text)
			if s.Kind == commands.Citation {
				fmt.Fprintf(&out, "[%d]", s.Source)
			}
		}
		out.WriteString("\n")
	}
	if b.File != nil {
		out.WriteString(b.File.Alt)
	}
	return out.String()
}

func TestPlainAdapterPasses(t *testing.T) {
	t.Parallel()
	Run(t, func(*testing.T) adapter.Adapter { return plain{calls: new(atomic.Int64)} })
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{
		"drops a block", "drops a link", "changes the reply", "is not pure", "gives no part", "gives no object",
		"shows the token", "refuses what it can show",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			a := plain{fault: fault, calls: new(atomic.Int64)}
			if err := checkRender(a, places(commands.Terminal)[0], Replies()[0]); err == nil {
				t.Error("passed, want the fault to be found")
			}
		})
	}
}

func TestWordsMayBreakOnlyWhenLong(t *testing.T) {
	t.Parallel()
	unbroken := strings.Repeat("griot", 20)
	for _, tc := range []struct {
		name, have, want string
		ok               bool
	}{
		{"same", "one two", "one two", true},
		{"something between", "one 1/2 two", "one two", true},
		{"another order", "two one", "one two", false},
		{"a short word broken", "gri ot", "griot", false},
		{"a long word broken", unbroken[:60] + " 1/2 " + unbroken[60:], unbroken, true},
		{"a long word cut", unbroken[:60], unbroken, false},
		{"an invisible character", "@\u200beveryone", "@everyone", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := missing(words(tc.have), words(tc.want)) == ""; got != tc.ok {
				t.Errorf("found %v, want %v", got, tc.ok)
			}
		})
	}
}
