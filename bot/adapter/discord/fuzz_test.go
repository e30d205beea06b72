package discord

import (
	"testing"

	"griot/commands"
)

// FuzzInteraction: whatever Discord, or somebody with its key, may send, reading
// it harms nobody, and what cannot be answered is said to be so.
func FuzzInteraction(f *testing.F) {
	for _, s := range []string{
		`{"id":"1","token":"t","type":2,"guild_id":"2","channel_id":"3","channel":{"id":"3","type":11,"parent_id":"4"},"member":{"user":{"id":"5"},"permissions":"8"},"data":{"name":"lake","options":[{"name":"section","type":3,"value":"x","focused":true}]}}`,
		`{"id":"1","token":"t","type":3,"user":{"id":"5"},"context":1,"authorizing_integration_owners":{"1":"5"},"message":{"flags":64},"data":{"custom_id":"pick1","values":["/lake ~1"]}}`,
		`{"id":"1","token":"t","type":4,"data":{"options":[{"type":2,"options":[{"type":1,"options":null}]}]}}`,
		`{"id":1,"token":[],"type":"2","data":7}`, `null`, `[]`, `{"type":1}`,
	} {
		f.Add([]byte(s))
	}
	table := commands.Table{{Name: "lake", Subs: []commands.Command{{Name: "deep", Private: true}}}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		i, err := parseInteraction(raw)
		if err != nil || i.Type == 1 {
			return
		}
		if i.ID == "" || i.Token == "" {
			t.Fatal("accepted without an id or token")
		}
		r, _, _ := i.command()
		_ = privateCommand(table, r)
		if p := i.place(); p.Thread != "" && p.Chat == "" {
			t.Errorf("thread %q of no channel", p.Thread)
		}
		_, _, _ = i.key(), i.admin(), i.pressedPrivately()
	})
}
