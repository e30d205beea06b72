package telegram

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/briefings"
	"griot/commands"
)

// yes is a Telegram that says yes to everything.
type yes struct{}

func (yes) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	body := `{"ok":true,"result":{"message_id":1,"status":"member"}}`
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// echo answers with the line asked.
type echo struct{ adapter.Core }

func (echo) Table() commands.Table {
	return commands.Table{{Name: "lake", Names: briefings.Same("lake"), Options: []commands.Option{{Name: "section", Names: briefings.Same("section")}}}}
}

func (echo) Answer(ctx context.Context, r commands.Request) commands.Reply {
	if _, err := r.Admin(ctx); err != nil {
		return commands.Reply{Title: "Nobody knows"}
	}
	return commands.Reply{Title: r.Line(), Buttons: []commands.Button{{Label: "Again", Line: r.Line()}}}
}

func (echo) Suggest(_ context.Context, _ commands.Request, typed string, offset, _ int) []commands.Suggestion {
	return []commands.Suggestion{{Title: typed, Line: "/lake"}, {Title: "x", Line: typed}}
}

func (echo) Settle(_ context.Context, r commands.Request, _ string) commands.Request { return r }

func FuzzHandle(f *testing.F) {
	for _, raw := range []string{
		`{"update_id":1,"message":{"message_id":1,"date":4102444800,"chat":{"id":1,"type":"private"},"from":{"id":1,"language_code":"fr"},"text":"/lake section:\"a b\""}}`,
		`{"update_id":1,"message":{"message_id":1,"date":4102444800,"chat":{"id":-1,"type":"group"},"sender_chat":{"id":-1},"text":"/lake@me x"}}`,
		`{"update_id":1,"message":{"chat":{"id":-1,"type":"group"},"migrate_to_chat_id":-2}}`,
		`{"update_id":1,"channel_post":{"date":4102444800,"chat":{"id":-1,"type":"channel"},"text":"/lake"}}`,
		`{"update_id":1,"callback_query":{"id":"1","from":{"id":1},"data":"/lake","message":{"message_id":3,"date":1,"chat":{"id":-1,"type":"supergroup"},"text":"/lake","reply_markup":{"inline_keyboard":[[{"text":"Again","callback_data":"/lake"}]]}}}}`,
		`{"update_id":1,"callback_query":{"id":"1","from":{"id":1},"data":"#key","inline_message_id":"x"}}`,
		`{"update_id":1,"inline_query":{"id":"1","from":{"id":1},"query":"la","offset":"-3"}}`,
		`{"update_id":-9,"message":7}`, `{"update_id":1e99}`, `null`, ``,
	} {
		f.Add([]byte(raw))
	}
	log := &strings.Builder{} // one update at a time is handled, so it needs no lock
	a, err := New(Options{Token: "1:SECRET", HTTP: &http.Client{Transport: yes{}}, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		f.Fatal(err)
	}
	a.self.Store(&user{ID: 1, Username: "me"})
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := decode(raw)
		if u.ID < 0 {
			t.Errorf("id %d", u.ID)
		}
		if err != nil {
			if len(raw) > 40 && strings.Contains(err.Error(), string(raw)) {
				t.Errorf("the error tells what was written: %v", err)
			}
			return
		}
		_ = u.key()
		log.Reset()
		a.handle(t.Context(), echo{}, u)
		if strings.Contains(log.String(), "not handled") {
			t.Fatalf("a panic: %s", log.String())
		}
	})
}

func FuzzOurLine(f *testing.F) {
	for _, s := range []string{"/lake", "/lake@me x", "/lake@other", "/@me", "@me", "/lake@ME\nx", "/a@b@c", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line, addressed, ours := ourLine(text, "me")
		switch {
		case !strings.HasPrefix(text, "/") && (line != text || addressed):
			t.Errorf("%q became %q", text, line)
		case addressed && len(line) >= len(text):
			t.Errorf("%q kept its name: %q", text, line)
		case !addressed && !ours:
			t.Errorf("%q names nobody, yet is not ours", text)
		}
	})
}

func TestLedger(t *testing.T) {
	t.Parallel()
	l := newLedger(0, time.Time{})
	for _, id := range []int64{5, 6, 7} {
		if !l.take(id, nil) || l.take(id, nil) {
			t.Fatalf("update %d is not taken once", id)
		}
	}
	l.finish(6)
	if low, next := l.offset(time.Time{}, false), l.offset(time.Time{}, true); low != 5 || next != 8 {
		t.Errorf("offsets %d and %d while 5 is in hand, want 5, and 8 when that is kept", low, next)
	}
	l.finish(5)
	l.finish(7)
	if low := l.offset(time.Time{}, false); low != 8 {
		t.Errorf("offset %d, want 8", low)
	}
	if ask := l.offset(l.last.Add(forget+1), true); ask != 0 {
		t.Errorf("offset %d after a week of silence, want none: Telegram begins with any number then", ask)
	}
	if !l.take(3, nil) {
		t.Error("a lower number is not taken after a week of silence")
	}
}
