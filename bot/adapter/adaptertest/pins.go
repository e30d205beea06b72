package adaptertest

import (
	"errors"
	"slices"
	"testing"

	"griot/bot/adapter"
	"griot/commands"
)

// PinPlace is a place of a platform's fake where messages can be pinned.
type PinPlace struct {
	Adapter adapter.Adapter
	To      commands.Destination
	Pinned  func() []string // ids of what is pinned there, the oldest first
	// Unpin, Delete, Deny and Fill do what people do there: unpin a message,
	// delete one, take the right to pin from the bot and name it, let no more
	// be pinned. Fill is nil where the platform has no limit.
	Unpin, Delete func(id string)
	Deny          func() (right string)
	Fill          func()
}

// Pins checks what [adapter.Pinner] promises at places got from newPlace, one
// for each check.
func Pins(t *testing.T, newPlace func(t *testing.T) PinPlace) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, PinPlace){
		"pin and unpin": pinAndUnpin, "a person unpins": pinPersonUnpins, "deleted": pinDeleted, "no right": pinNoRight, "limit": pinLimit,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, newPlace(t))
		})
	}
}

// posted sends a message to a place.
func (p PinPlace) posted(t *testing.T) adapter.MessageRef {
	t.Helper()
	parts, err := p.Adapter.Render(commands.Place{Destination: p.To, Postable: true}, Replies()[0].Reply)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := p.Adapter.Send(t.Context(), p.To, parts[0], "")
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func (p PinPlace) pinner(t *testing.T) adapter.Pinner {
	t.Helper()
	pins, can := p.Adapter.(adapter.Pinner)
	if !can {
		t.Fatalf("%s pins nothing", p.Adapter.Platform())
	}
	return pins
}

func (p PinPlace) wantPinned(t *testing.T, refs ...adapter.MessageRef) {
	t.Helper()
	var want []string
	for _, r := range refs {
		want = append(want, r.ID)
	}
	if got := p.Pinned(); !slices.Equal(got, want) {
		t.Errorf("pinned are %v, want %v", got, want)
	}
}

func pinAndUnpin(t *testing.T, p PinPlace) {
	pins, one, two := p.pinner(t), p.posted(t), p.posted(t)
	for _, ref := range []adapter.MessageRef{one, two, one, two, two} { // repeated it does no harm
		if err := pins.Pin(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	p.wantPinned(t, one, two)
	for range 2 {
		if err := pins.Unpin(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	p.wantPinned(t, two)
}

func pinPersonUnpins(t *testing.T, p PinPlace) {
	pins, ref := p.pinner(t), p.posted(t)
	if err := pins.Pin(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	p.Unpin(ref.ID)
	if err := pins.Unpin(t.Context(), ref); err != nil {
		t.Error(err)
	}
	p.wantPinned(t)
	if err := pins.Pin(t.Context(), ref); err != nil { // somebody asked for it
		t.Error(err)
	}
	p.wantPinned(t, ref)
}

func pinDeleted(t *testing.T, p PinPlace) {
	pins, ref, gone := p.pinner(t), p.posted(t), p.posted(t)
	p.Delete(gone.ID)
	for _, lost := range []adapter.MessageRef{gone, {To: p.To, ID: "-100/7"}, {To: p.To}} {
		if err := pins.Pin(t.Context(), lost); !errors.Is(err, adapter.ErrLost) {
			t.Errorf("pin %q: %v, want ErrLost", lost.ID, err)
		}
		if err := pins.Unpin(t.Context(), lost); err != nil {
			t.Errorf("unpin %q: %v, want nil: it is not pinned", lost.ID, err)
		}
	}
	if err := pins.Pin(t.Context(), ref); err != nil {
		t.Error(err)
	}
	p.Delete(ref.ID)
	p.wantPinned(t)
}

func pinNoRight(t *testing.T, p PinPlace) {
	pins, ref := p.pinner(t), p.posted(t)
	want := p.Deny()
	err := pins.Pin(t.Context(), ref)
	right, named := errors.AsType[*adapter.RightError](err)
	if !named || right.Right != want || !errors.Is(err, adapter.ErrForbidden) {
		t.Errorf("error %v, want one that names %s", err, want)
	}
	p.wantPinned(t)
}

func pinLimit(t *testing.T, p PinPlace) {
	if p.Fill == nil {
		t.Skip("the platform has no limit")
	}
	pins, other, ref := p.pinner(t), p.posted(t), p.posted(t)
	if err := pins.Pin(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	p.Fill()
	if err := pins.Pin(t.Context(), ref); !errors.Is(err, adapter.ErrPinLimit) || errors.Is(err, adapter.ErrForbidden) {
		t.Errorf("error %v, want ErrPinLimit alone", err)
	}
	if err := pins.Pin(t.Context(), other); err != nil { // it is one of them
		t.Error(err)
	}
	p.wantPinned(t, other)
}
