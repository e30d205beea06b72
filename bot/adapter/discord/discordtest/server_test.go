package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// post sends a body to the fake and returns the status and Discord's code.
func post(t *testing.T, s *Server, method, path, body string) (status, code int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+s.Token())
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Code int `json:"code"`
	}
	_ = json.Unmarshal(b, &out)
	return resp.StatusCode, out.Code
}

const quiet = `"allowed_mentions":{"parse":[]}`

func TestInteractionsAreAnsweredOnceAndInTime(t *testing.T) {
	t.Parallel()
	s := New(t)
	var late atomic.Int64
	s.SetClock(func() time.Time { return time.Now().Add(time.Duration(late.Load())) })
	answer := `{"type":4,"data":{"content":"x",` + quiet + `}}`
	path := func(i *Interaction) string { return "/interactions/" + i.ID + "/" + i.Token + "/callback" }
	want := func(name string, status, code, wantStatus, wantCode int) {
		t.Helper()
		if status != wantStatus || code != wantCode {
			t.Errorf("%s: %d (%d), want %d (%d)", name, status, code, wantStatus, wantCode)
		}
	}
	i := s.Slash(Ask{Command: "x"})
	status, code := post(t, s, "POST", "/webhooks/"+AppID+"/"+i.Token, `{"content":"x",`+quiet+`}`)
	want("follow-up before the answer", status, code, 404, 10015)
	status, code = post(t, s, "POST", path(i), answer)
	want("first answer", status, code, 204, 0)
	status, code = post(t, s, "POST", path(i), answer)
	want("second answer", status, code, 400, 40060)
	status, code = post(t, s, "POST", "/interactions/1/nothing/callback", answer)
	want("unknown token", status, code, 404, 10062)
	j := s.Slash(Ask{Command: "x"})
	late.Store(int64(4 * time.Second))
	status, code = post(t, s, "POST", path(j), answer)
	want("late answer", status, code, 404, 10062)
	late.Store(int64(16 * time.Minute))
	status, code = post(t, s, "PATCH", "/webhooks/"+AppID+"/"+i.Token+"/messages/@original", `{"content":"y",`+quiet+`}`)
	want("edit after a quarter of an hour", status, code, 401, 50027)
}

func TestChannelsRefuse(t *testing.T) {
	t.Parallel()
	s := New(t)
	s.AddChannel("601", Guild)
	s.Refuse("601", 403, 50013)
	body := `{"content":"x",` + quiet + `}`
	if status, code := post(t, s, "POST", "/channels/601/messages", body); status != 403 || code != 50013 {
		t.Errorf("refused channel: %d (%d)", status, code)
	}
	if status, code := post(t, s, "POST", "/channels/999/messages", body); status != 404 || code != 10003 {
		t.Errorf("unknown channel: %d (%d)", status, code)
	}
	s.Refuse("601", 0, 0)
	if status, _ := post(t, s, "POST", "/channels/601/messages", body); status != 200 {
		t.Errorf("open channel: %d", status)
	}
}

func TestMessagesAreChecked(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	row := func(buttons string) string { return `"components":[{"type":1,"components":[` + buttons + `]}]` }
	for name, body := range map[string]string{
		"long content":        `"content":"` + x(2001) + `"`,
		"wide content":        `"content":"` + strings.Repeat("🥁", 1001) + `"`,
		"nothing":             `"embeds":[]`,
		"long title":          `"embeds":[{"title":"` + x(257) + `"}]`,
		"long description":    `"embeds":[{"description":"` + x(4097) + `"}]`,
		"too much in all":     `"embeds":[{"description":"` + x(4000) + `"},{"description":"` + x(2001) + `"}]`,
		"eleven embeds":       `"embeds":[` + strings.TrimSuffix(strings.Repeat(`{"title":"x"},`, 11), ",") + `]`,
		"missing picture":     `"embeds":[{"image":{"url":"attachment://x.png"}}]`,
		"six rows":            `"components":[` + strings.TrimSuffix(strings.Repeat(`{"type":1,"components":[{"type":2,"style":5,"label":"x","url":"https://x.y"}]},`, 6), ",") + `]`,
		"one id twice":        row(`{"type":2,"style":1,"label":"x","custom_id":"a"},{"type":2,"style":1,"label":"y","custom_id":"a"}`),
		"long id":             row(`{"type":2,"style":1,"label":"x","custom_id":"` + x(101) + `"}`),
		"long label":          row(`{"type":2,"style":1,"label":"` + x(81) + `","custom_id":"a"}`),
		"select without list": row(`{"type":3,"custom_id":"a","options":[]}`),
		"long nonce":          `"content":"x","nonce":"` + x(26) + `"`,
	} {
		if faults, sins := CheckMessage([]byte(`{`+body+`,`+quiet+`}`), 0); len(faults) == 0 || len(sins) > 0 {
			t.Errorf("%s: faults %v, sins %v; want faults alone", name, faults, sins)
		}
	}
	for name, body := range map[string]string{
		"no mentions": `{"content":"x"}`, "all mentions": `{"content":"x","allowed_mentions":{}}`,
		"everyone": `{"content":"x","allowed_mentions":{"parse":["everyone"]}}`,
	} {
		if faults, sins := CheckMessage([]byte(body), 0); len(sins) != 1 || len(faults) > 0 {
			t.Errorf("%s: faults %v, sins %v; want one sin", name, faults, sins)
		}
	}
}
