package briefings

import (
	"regexp"
	"slices"
	"strings"
)

// commandPattern is what both platforms take as the name of a command:
// https://core.telegram.org/bots/api#botcommand,
// https://docs.discord.com/developers/interactions/application-commands
var commandPattern = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// countryPattern is an ISO 3166-1 alpha-2 code.
var countryPattern = regexp.MustCompile(`^[A-Z]{2}$`)

// hostPattern is a host in never_link. With "*" it is the beginning or the end
// of a part of one: origin-*, test.*, *-stg.
var hostPattern = regexp.MustCompile(`^([a-z0-9-]+(\.[a-z0-9-]+)*|[a-z0-9-]+\.?\*|\*[a-z0-9-]+)$`)

// pack checks pack.yaml.
func (c *checker) pack() {
	item := Pos{File: "pack.yaml"}
	if len(c.p.Topics) == 0 {
		c.warn(item, "Write topics/SLUG.yaml and its prose.", "the pack has no topics yet")
	}
	for i, example := range c.p.Examples {
		for _, lang := range Langs {
			c.example(c.at(item, "examples", itoa(i), string(lang)), example.In(lang))
		}
	}
	for i, host := range c.p.NeverLink {
		if !hostPattern.MatchString(host) {
			c.err(c.at(item, "never_link", itoa(i)), "Write the host alone, in small letters: example.org.", "%q is not a host", host)
		}
	}
	seen := map[string]bool{}
	for i, k := range c.p.Countries {
		at := c.at(item, "countries", itoa(i), "code")
		if !countryPattern.MatchString(k.Code) {
			c.err(at, "Write the two capital letters of ISO 3166-1.", "%q is not the code of a country", k.Code)
		}
		if seen[k.Code] {
			c.err(at, "Delete one.", "the country %q is given twice", k.Code)
		}
		seen[k.Code] = true
	}
}

// example checks that a line worth trying begins with a command there is.
func (c *checker) example(at Pos, line string) {
	name, _, _ := strings.Cut(line, " ")
	name, isCommand := strings.CutPrefix(name, "/")
	switch {
	case line == "": // told by the loader
	case !isCommand:
		c.err(at, "Write a command line: /timeline.", "the example %q is not a command line", line)
	case len(c.reserved) > 0 && !slices.Contains(c.reserved, name) &&
		!slices.ContainsFunc(c.p.Topics, func(t Topic) bool {
			return t.Status == Published && (name == t.Command || name == t.Called.EN || name == t.Called.FR)
		}):
		c.err(at, "Begin with a command that griot has, or with that of a published topic.", "there is no command %q for the example", name)
	}
}

// called checks a topic's command in each language, which may be those of other
// topics and commands in none.
func (c *checker) called(t *Topic, seen map[string]Pos) {
	if t.Called == (Text{}) {
		return
	}
	own := map[string]bool{t.Command: true}
	for _, lang := range Langs {
		name, at := t.Called.In(lang), c.at(t.At, "command_names", string(lang))
		switch first, taken := seen[name]; {
		case name == "" || own[name]:
			continue
		case !commandPattern.MatchString(name):
			c.err(at, "Use small letters without accents, digits and underscores, at most 32: etats_unis.", "%q cannot be a command in %q", name, lang)
		case slices.Contains(c.reserved, name):
			c.err(at, "Choose another word.", "%q is a command without any topic already", name)
		case taken:
			c.err(at, "Rename one of them.", "the command %q is taken by %s", name, first)
		}
		own[name], seen[name] = true, at
	}
}

// identities checks that names which must be unique are.
func (c *checker) identities() {
	cards := map[string]Pos{} // actors, terms and places share one set of slugs
	topics, commands, events, sources := map[string]Pos{}, map[string]Pos{}, map[string]Pos{}, map[string]Pos{}
	claim := func(seen map[string]Pos, what, slug string, at Pos) {
		if slug == "" {
			return
		}
		if first, twice := seen[slug]; twice {
			c.err(at, "Rename one of them.", "%s %q is taken by %s", what, slug, first)
			return
		}
		seen[slug] = at
	}
	for i := range c.p.Topics {
		t := &c.p.Topics[i]
		claim(topics, "the topic", t.Slug, c.at(t.At, "slug"))
		if t.Command != "" && !commandPattern.MatchString(t.Command) {
			c.err(c.at(t.At, "command"), "Use small letters, digits and underscores, at most 32: burkina.", "%q cannot be a command", t.Command)
		}
		if slices.Contains(c.reserved, t.Command) {
			c.err(c.at(t.At, "command"), "Choose another word.", "%q is a command without any topic already", t.Command)
		}
		claim(commands, "the command", t.Command, c.at(t.At, "command"))
	}
	for i := range c.p.Topics {
		t := &c.p.Topics[i]
		c.called(t, commands)
		if o := c.x.Topic(t.Command); o != nil && o.Slug != t.Slug {
			c.err(c.at(t.At, "command"), "Rename one of them.", "the command %q is the slug of another topic", t.Command)
		}
	}
	for i := range c.p.Events {
		claim(events, "the event", c.p.Events[i].Slug, c.at(c.p.Events[i].At, "id"))
	}
	for i := range c.p.Sources {
		claim(sources, "the source", c.p.Sources[i].Slug, c.at(c.p.Sources[i].At, "id"))
	}
	for i := range c.p.Actors {
		claim(cards, "the slug", c.p.Actors[i].Slug, c.at(c.p.Actors[i].At, "slug"))
	}
	for i := range c.p.Terms {
		claim(cards, "the slug", c.p.Terms[i].Slug, c.at(c.p.Terms[i].At, "slug"))
	}
	for i := range c.p.Places {
		claim(cards, "the slug", c.p.Places[i].Slug, c.at(c.p.Places[i].At, "slug"))
	}
}

// aliases warns of names that lead to two entries: readers are asked which one
// they mean, which the editor may or may not intend. A topic may share its
// names with the actor, term or place it is about.
func (c *checker) aliases() {
	type owner struct {
		id ID
		at Pos
	}
	shared := map[string]bool{}
	for _, name := range c.p.SharedNames {
		shared[Fold(name)] = true
	}
	cards, topics := map[string]owner{}, map[string]owner{}
	claim := func(seen map[string]owner, id ID, item Pos, names []string, aliases []string) {
		for i, name := range slices.Concat(names, aliases) {
			folded := Fold(name)
			if folded == "" {
				continue
			}
			first, taken := seen[folded]
			if !taken {
				seen[folded] = owner{id, item}
				continue
			}
			if first.id != id && !shared[folded] {
				at := c.at(item)
				if i >= len(names) {
					at = c.at(item, "aliases", itoa(i-len(names)))
				}
				c.warn(at, "Keep it in one place, or add it to shared_names in pack.yaml: readers are then asked which they mean.", "%q leads to %s too", name, first.id)
			}
		}
	}
	for i := range c.p.Topics {
		t := &c.p.Topics[i]
		claim(topics, t.ID(), t.At, []string{t.Slug, t.Command, t.Called.EN, t.Called.FR, t.Name.EN, t.Name.FR}, t.Aliases)
	}
	for i := range c.p.Actors {
		a := &c.p.Actors[i]
		if a.Status == Retired {
			continue
		}
		claim(cards, a.ID(), a.At, []string{a.Slug, a.Name.EN, a.Name.FR}, a.Aliases)
	}
	for i := range c.p.Terms {
		t := &c.p.Terms[i]
		if t.Status == Retired {
			continue
		}
		claim(cards, t.ID(), t.At, []string{t.Slug, t.Name.EN, t.Name.FR}, t.Aliases)
	}
	for i := range c.p.Places {
		p := &c.p.Places[i]
		claim(cards, p.ID(), p.At, []string{p.Slug, p.Name.EN, p.Name.FR}, p.Aliases)
	}
}
