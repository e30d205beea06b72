package briefings

// HashOf returns the hash of an item's revision as [Pack.Revisions] has it, ""
// for what the pack does not have or keeps no revisions of. Parts of an item
// have that of the whole. It is made once, when it is first asked for: every
// answer tells those of its items.
func (x *Index) HashOf(id ID) string {
	if hash, ok := x.hashes.Load(id); ok {
		return hash.(string)
	}
	hash := x.makeHash(id)
	if hash != "" {
		x.hashes.Store(id, hash)
	}
	return hash
}

func (x *Index) makeHash(id ID) string {
	switch slug := id.Slug(); id.Kind() {
	case KindTopic:
		if t := x.Topic(slug); t != nil && t.Status == Published {
			return t.digest(x.first())
		}
	case KindEvent:
		if e := x.Event(slug); e != nil {
			return e.digest(x.first())
		}
	case KindActor:
		if a := x.Actor(slug); a != nil {
			return a.digest(x.first())
		}
	case KindTerm:
		if t := x.Term(slug); t != nil {
			return t.digest(x.first())
		}
	}
	return ""
}
