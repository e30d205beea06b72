package discord_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/briefings"
	"griot/commands"
)

func TestCommandsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	for range 2 { // the second start finds them there
		ctx := t.Context()
		a := newAdapter(t, d)
		if err := discord.Register(ctx, a, &core{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(d.Calls("PUT", "/applications")); n != 1 {
		t.Errorf("registered %d times, want once: nothing changed", n)
	}
	if got := d.CommandNames(); !slices.Equal(got, []string{"lake", "settings", "digest"}) {
		t.Errorf("registered %v", got)
	}
	var lake struct {
		Names    map[string]string `json:"name_localizations"`
		Contexts []int             `json:"contexts"`
		Installs []int             `json:"integration_types"`
		Options  []struct {
			Names   map[string]string `json:"name_localizations"`
			Choices []any             `json:"choices"`
		} `json:"options"`
	}
	if err := json.Unmarshal(d.Commands()[0], &lake); err != nil {
		t.Fatal(err)
	}
	if lake.Names["fr"] != "lac" || !slices.Equal(lake.Contexts, []int{0, 1, 2}) || !slices.Equal(lake.Installs, []int{0, 1}) ||
		len(lake.Options) != 1 || lake.Options[0].Names["fr"] != "partie" || len(lake.Options[0].Choices) != 1 {
		t.Errorf("registered %s", d.Commands()[0])
	}
	// Required options come first, whatever the table says.
	var digest struct {
		Options []struct {
			Options []struct {
				Name string `json:"name"`
			} `json:"options"`
		} `json:"options"`
	}
	if err := json.Unmarshal(d.Commands()[2], &digest); err != nil {
		t.Fatal(err)
	}
	if got := digest.Options[0].Options[0].Name; got != "topic" {
		t.Errorf("the first option is %q, want the required one", got)
	}
}

func TestProxiesThatKnowLittleAreEnough(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]discordtest.Fault{
		"no such question": {Status: 404},
		"other method":     {Status: 405},
		"another shape":    {Status: 200, Raw: "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t)
			for _, path := range []string{"/applications/@me", "/applications/" + discordtest.AppID + "/commands"} {
				f.Method, f.Path = "GET", path
				d.Fail(f)
			}
			f.Path = "/gateway/bot"
			d.Fail(f)
			a := newAdapter(t, d)
			run(t, a, &core{})
			d.WaitReady()
			d.WaitCalls("PUT", "/applications", 1)
			answers(t, d)
		})
	}
}

func TestChangedTableIsRegisteredAgain(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	var more atomic.Bool
	c := &changing{core: &core{}, more: &more}
	a := newAdapter(t, d)
	discord.CompareOften(a)
	runCore(t, a, c)
	d.Wait("commands", func() bool { return len(d.Commands()) == 3 })
	more.Store(true)
	d.Wait("the new command", func() bool { return slices.Contains(d.CommandNames(), "shore") })
}

type changing struct {
	*core
	more *atomic.Bool
}

func (c *changing) Table() commands.Table {
	t := table()
	if c.more.Load() {
		t = append(t, commands.Command{Name: "shore", Names: briefings.Same("shore"), Summary: briefings.Same("The shore")})
	}
	return t
}

func TestOddTablesAreRegistered(t *testing.T) {
	t.Parallel()
	same := briefings.Same
	odd := commands.Table{
		{Name: "one", Names: briefings.Text{EN: "one", FR: "deux"}, Summary: same(strings.Repeat("long ", 40))},
		{Name: "two", Names: briefings.Text{EN: "two", FR: "deux"}, Summary: briefings.Text{}},
		{Name: "three", Names: briefings.Text{EN: "Three", FR: "trois mots"}, Summary: same("Three")},
		{Name: "NOT", Names: same("NOT"), Summary: same("")},
	}
	odd[3].Name = "not allowed"
	for i := range 30 {
		odd[0].Options = append(odd[0].Options, commands.Option{Name: "o" + string(rune('a'+i%26)) + strings.Repeat("x", i/26), Summary: same("An option"), Hidden: i == 0})
	}
	for i := range 30 {
		odd[1].Options = []commands.Option{{Name: "pick", Summary: same("Pick")}}
		odd[2].Options = append(odd[2].Options[:0:0], commands.Option{Name: "pick", Summary: same("Pick"), Choices: make([]commands.Choice, i)})
		for j := range odd[2].Options[0].Choices {
			odd[2].Options[0].Choices[j] = commands.Choice{Value: string(rune('a' + j)), Label: same("")}
		}
	}
	d := discordtest.New(t)
	if err := discord.Register(t.Context(), newAdapter(t, d), &core{table: odd}); err != nil {
		t.Fatal(err)
	}
	if got := d.CommandNames(); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("registered %v", got)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	bad := func(a *discord.Adapter) (out []string) {
		for _, f := range a.Check(t.Context(), &core{}) {
			if f.Note == "" || f.OK != (f.Cure == "") {
				t.Errorf("finding %+v: want a note, and a cure exactly when it is not OK", f)
			}
			if !f.OK {
				out = append(out, f.What)
			}
		}
		return out
	}
	if got := bad(a); !slices.Equal(got, []string{"discord commands"}) {
		t.Errorf("before registering: %v", got)
	}
	if err := discord.Register(t.Context(), a, &core{}); err != nil {
		t.Fatal(err)
	}
	if got := bad(a); len(got) != 0 {
		t.Errorf("after registering: %v", got)
	}
	other := newAdapter(t, d, func(o *discord.Options) { o.PublicKey = strings.Repeat("ab", 32) })
	if got := bad(other); !slices.Equal(got, []string{"discord public key"}) {
		t.Errorf("with another's key: %v", got)
	}
	wrong := newAdapter(t, d, func(o *discord.Options) { o.Token = "wrong" })
	if got := bad(wrong); !slices.Equal(got, []string{"discord token"}) {
		t.Errorf("with a wrong token: %v", got)
	}
	d.Fail(discordtest.Fault{Path: "/applications/@me", Status: 404})
	if got := bad(a); len(got) != 0 {
		t.Errorf("behind a proxy that knows users only: %v", got)
	}
	d.Heal()
	d.Fail(discordtest.Fault{Status: 200, Raw: "{}"})
	if got := bad(a); !slices.Equal(got, []string{"discord connection"}) {
		t.Errorf("behind a proxy that says nothing: %v", got)
	}
	d.Heal()
	d.Fail(discordtest.Fault{Status: 503})
	if got := bad(a); !slices.Equal(got, []string{"discord connection"}) {
		t.Errorf("while Discord is down: %v", got)
	}
}
