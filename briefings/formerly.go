package briefings

import "slices"

// item is what the items of every kind have.
type item struct {
	id       ID
	formerly []string // slugs, the oldest first
	at       Pos
}

// items yields every item of the pack.
func (p *Pack) items(yield func(item) bool) {
	more := true
	give := func(id ID, formerly []string, at Pos) {
		more = more && yield(item{id, formerly, at})
	}
	for i := range p.Topics {
		t := &p.Topics[i]
		give(t.ID(), t.Formerly, t.At)
	}
	for i := range p.Events {
		e := &p.Events[i]
		give(e.ID(), e.Formerly, e.At)
	}
	for i := range p.Actors {
		a := &p.Actors[i]
		give(a.ID(), a.Formerly, a.At)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		give(t.ID(), t.Formerly, t.At)
	}
	for i := range p.Places {
		pl := &p.Places[i]
		give(pl.ID(), pl.Formerly, pl.At)
	}
	for i := range p.Sources {
		s := &p.Sources[i]
		give(s.ID(), s.Formerly, s.At)
	}
}

// firstNames finds the id an item had at first by the one it has; items that
// never had another are not in it. Hashes are over first names, so that a
// rename changes none.
type firstNames map[ID]ID

func (p *Pack) firstNames() firstNames {
	var m firstNames
	for it := range p.items {
		if len(it.formerly) == 0 {
			continue
		}
		if m == nil {
			m = firstNames{}
		}
		m[it.id] = MakeID(it.id.Kind(), it.formerly[0])
	}
	return m
}

// id is the first name of an item, with the part of it that id names.
func (m firstNames) id(id ID) ID {
	first, ok := m[MakeID(id.Kind(), id.Slug())]
	if !ok {
		return id
	}
	if part := id.Part(); part != "" {
		first += ID("#" + part)
	}
	return first
}

// slugs are the first slugs of items of one kind.
func (m firstNames) slugs(k Kind, slugs []string) []string {
	if len(m) == 0 {
		return slugs
	}
	out := slices.Clone(slugs)
	for i, s := range out {
		out[i] = m.id(MakeID(k, s)).Slug()
	}
	return out
}

// former are the ids that items had before.
func (it item) former() []ID {
	var out []ID
	for _, slug := range it.formerly {
		out = append(out, MakeID(it.id.Kind(), slug))
	}
	return out
}

// addFormer has look-ups find items by the slugs they had before, too.
func (x *Index) addFormer() {
	for i := range x.pack.Topics {
		former(x.topics, x.pack.Topics[i].Formerly, &x.pack.Topics[i])
	}
	for i := range x.pack.Events {
		former(x.events, x.pack.Events[i].Formerly, &x.pack.Events[i])
	}
	for i := range x.pack.Actors {
		former(x.actors, x.pack.Actors[i].Formerly, &x.pack.Actors[i])
	}
	for i := range x.pack.Terms {
		former(x.terms, x.pack.Terms[i].Formerly, &x.pack.Terms[i])
	}
	for i := range x.pack.Places {
		former(x.places, x.pack.Places[i].Formerly, &x.pack.Places[i])
	}
	for i := range x.pack.Sources {
		former(x.sources, x.pack.Sources[i].Formerly, &x.pack.Sources[i])
	}
}

func former[T any](m map[string]*T, slugs []string, v *T) {
	for _, s := range slugs {
		if m[s] == nil {
			m[s] = v
		}
	}
}
