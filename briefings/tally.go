package briefings

import "math"

// tally collects what the documents have of a question.
type tally struct {
	scores []float32 // BM25, of every want the best of its forms
	covers []float32 // idf of the wants a document has
	form   []float32 // of the form at work
	best   []float32 // of the want at work
}

func newTally(docs int) *tally {
	all := make([]float32, 4*docs)
	return &tally{all[:docs:docs], all[docs : 2*docs : 2*docs], all[2*docs : 3*docs : 3*docs], all[3*docs:]}
}

func (t *tally) reset() {
	clear(t.scores)
	clear(t.covers)
}

// add counts what the documents have of a want: the best of its forms, and a
// share of what they have of the words it is made of.
func (t *tally) add(w *want) {
	t.score(w, 1)
	for i := range w.parts {
		t.score(&w.parts[i], partShare)
	}
	for _, f := range w.forms {
		value := float32(f.weight * w.idf)
		for _, p := range f.lexicon.text.list(f.number) {
			if doc := p >> countBits; value > t.best[doc] {
				t.covers[doc] += value - t.best[doc]
				t.best[doc] = value
			}
		}
	}
	t.coverParts(w)
	t.forget(w)
}

// coverParts counts a name as had, nearly, where its words are.
func (t *tally) coverParts(w *want) {
	if len(w.parts) == 0 {
		return
	}
	value := float32(partsWeight * w.idf / float64(len(w.parts)))
	each := func(visit func(doc uint32)) {
		for _, p := range w.parts {
			for _, f := range p.forms {
				if f.weight == 1 {
					for _, posting := range f.lexicon.text.list(f.number) {
						visit(posting >> countBits)
					}
				}
			}
		}
	}
	each(func(doc uint32) { t.form[doc] += value })
	each(func(doc uint32) {
		if more := t.form[doc] - t.best[doc]; more > 0 {
			t.covers[doc] += more
		}
		t.form[doc] = 0
	})
}

func (t *tally) score(w *want, share float64) {
	for _, f := range w.forms {
		weight := share * f.weight * w.idf
		f.lexicon.text.score(f.number, weight, t.form)
		f.lexicon.title.score(f.number, weight*titleWeight, t.form)
		for _, p := range f.lexicon.text.list(f.number) { // the text includes the title
			doc := p >> countBits
			if value := t.form[doc]; value > t.best[doc] {
				t.scores[doc] += value - t.best[doc]
				t.best[doc] = value
			}
			t.form[doc] = 0
		}
	}
	t.forget(w)
}

// forget ends the work on a want.
func (t *tally) forget(w *want) {
	for _, f := range w.forms {
		for _, p := range f.lexicon.text.list(f.number) {
			t.best[p>>countBits] = 0
		}
	}
}

// list returns the documents that have a word, each with how often.
func (f *postings) list(n int32) []uint32 {
	if n < 0 || int(n) >= len(f.lists) {
		return nil
	}
	return f.lists[n]
}

// score adds the BM25 score of one word, of the given weight, to every document
// that has it.
func (f *postings) score(n int32, weight float64, scores []float32) {
	const k1, b = 1.2, 0.75
	mean := max(f.mean, 1)
	for _, p := range f.list(n) {
		doc, count := p>>countBits, float64(p&maxCount)
		norm := 1 - b + b*float64(f.lengths[doc])/mean
		scores[doc] += float32(weight * count * (k1 + 1) / (count + k1*norm))
	}
}

// weigh says how much it tells that a document has what is wanted. The forms
// of a word count together, as if they were one word.
func (s *search) weigh(w *want) {
	docs, with := float64(len(s.docs)), 0.0
	for _, f := range w.forms {
		n := f.weight * float64(len(f.lexicon.text.list(f.number)))
		if w.kind == wantWord {
			with += n
		} else {
			with = max(with, n)
		}
	}
	with = min(with, docs)
	w.idf = math.Log(1 + (docs-with+0.5)/(with+0.5))
	for i := range w.parts {
		s.weigh(&w.parts[i])
	}
}
