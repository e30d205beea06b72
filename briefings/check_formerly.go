package briefings

// space is the set of slugs that an item's is unique in: actors, terms and
// places share one.
func space(k Kind) Kind {
	if k == KindTerm || k == KindPlace {
		return KindActor
	}
	return k
}

// formerly checks what items say they were called: that nothing is called so
// any more, and nothing else was.
func (c *checker) formerly() {
	c.renamed = map[ID]ID{}
	used, was := map[ID]item{}, map[ID]item{}
	for it := range c.p.items {
		used[MakeID(space(it.id.Kind()), it.id.Slug())] = it
	}
	commands := map[string]*Topic{}
	for i := range c.p.Topics {
		t := &c.p.Topics[i]
		commands[t.Command], commands[t.Called.EN], commands[t.Called.FR] = t, t, t
	}
	for it := range c.p.items {
		for i, slug := range it.formerly {
			key := MakeID(space(it.id.Kind()), slug)
			at := func() Pos { return c.at(it.at, "formerly", itoa(i)) }
			now, again := used[key]
			before, taken := was[key]
			t := commands[slug]
			switch {
			case slug == it.id.Slug():
				c.err(at(), "Write only what it was called before.", "%s is called so still", it.id)
			case again:
				c.err(at(), "Give that one another id: links to the old one would lead to both.", "%q is the id of %s again", slug, now.id)
			case taken && before.id == it.id:
				c.err(at(), "Name it once.", "%q is named twice", slug)
			case taken:
				c.err(at(), "Keep it with the one that it became.", "%s was called %q too", before.id, slug)
			case it.id.Kind() == KindTopic && t != nil && t.ID() != it.id:
				c.err(at(), "Choose another command for that one.", "%q is the command of %s now", slug, t.ID())
			default:
				was[key] = it
				c.renamed[MakeID(it.id.Kind(), slug)] = it.id
			}
		}
	}
}

// nowCalled returns what became of an id, if an item says that it was its own.
func (c *checker) nowCalled(k Kind, slug string) (string, bool) {
	id, ok := c.renamed[MakeID(k, slug)]
	return id.Slug(), ok
}
