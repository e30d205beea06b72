package briefings

import (
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// labelled is a question with what answers it in the pack that comes with the
// program. It belongs to one of two halves by a hash of its words: thresholds
// are chosen on the first, and what is reported is the second.
type labelled struct {
	Text   string  `yaml:"q"`
	Lang   Lang    `yaml:"lang"`
	Kind   string  `yaml:"kind"`
	Answer answers `yaml:"answer"`
	Also   answers `yaml:"also"`

	calibrates bool
	unseen     bool
	fresh      bool
}

// answers are ids; those without a kind are events. Nil for "none".
type answers []ID

func (a *answers) UnmarshalYAML(unmarshal func(any) error) error {
	var none string
	if unmarshal(&none) == nil {
		return nil
	}
	var ids []string
	if err := unmarshal(&ids); err != nil {
		return err
	}
	for _, id := range ids {
		if !strings.Contains(id, ":") {
			id = "event:" + id
		}
		*a = append(*a, ID(id))
	}
	return nil
}

// testDay is the day the questions are asked on: months after the pack ends.
var testDay = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

var embeddedIndex = sync.OnceValue(func() *Index {
	p, _ := Load(Embedded(), testDay)
	return NewIndex(p)
})

func questions(t testing.TB) []labelled {
	t.Helper()
	var all []labelled
	for _, file := range []string{"labelled", "own", "near", "unseen", "fresh"} {
		raw, err := os.ReadFile("testdata/questions/" + file + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var list []labelled
		if err := yaml.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		for _, q := range list {
			h := fnv.New32a()
			h.Write([]byte(q.Text))
			q.unseen, q.fresh = file == "unseen" || file == "fresh", file == "fresh"
			q.calibrates = file == "near" || !q.unseen && h.Sum32()>>8&1 == 0
			all = append(all, q)
		}
	}
	return all
}

func (q labelled) asked(text string) Question {
	return Question{Text: text, Lang: q.Lang, Today: DateOf(testDay), Now: testDay}
}

func (q labelled) right(id ID) bool {
	return slices.Contains(q.Answer, id) || slices.Contains(q.Also, id)
}

// rank is the place of the first right item among those found, from 0.
func (q labelled) rank(f Finding) int {
	seen := map[ID]bool{}
	for _, p := range f.Excerpts {
		if q.right(p.ID) {
			return len(seen)
		}
		seen[p.ID] = true
	}
	return 1 << 10
}

// holds reports whether a document is what answers q, or refers to it.
func (q labelled) holds(d *document) bool {
	if q.right(d.id) {
		return true
	}
	if d.topic == nil {
		return false
	}
	b := d.prose(EN)
	return b != nil && slices.ContainsFunc(b.Spans, func(sp Span) bool { return q.right(sp.Ref) })
}

// tallied counts questions.
type tallied struct{ all, first, three, five, answered, closest int }

func (c *tallied) count(q labelled, f Finding) {
	rank := q.rank(f)
	c.all++
	for at, n := range map[int]*int{1: &c.first, 3: &c.three, 5: &c.five} {
		if rank < at {
			*n++
		}
	}
	switch f.Band {
	case BandAnswer:
		c.answered++
	case BandClosest:
		c.closest++
	}
}

func (c *tallied) share(n int) float64 { return float64(n) / float64(max(c.all, 1)) }

// TestQuestions reports how the questions that thresholds were not chosen on
// are answered, and holds the floors.
func TestQuestions(t *testing.T) {
	t.Parallel()
	x := embeddedIndex()
	by := map[string]*tallied{}
	for _, q := range questions(t) {
		if q.calibrates {
			continue
		}
		f := x.Ask(q.asked(q.Text))
		group := "answerable"
		if q.Answer == nil {
			group = "none"
		}
		keys := []string{group, group + " " + string(q.Lang), group + " " + q.Kind}
		if q.unseen {
			keys = append(keys, group+" unseen")
		}
		if q.fresh {
			keys = append(keys, group+" fresh", group+" fresh "+q.Kind)
		}
		for _, key := range keys {
			if by[key] == nil {
				by[key] = &tallied{}
			}
			by[key].count(q, f)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(by)) {
		c := by[key]
		if strings.HasPrefix(key, "none") {
			t.Logf("%-22s %3d questions: answered %d, closest %d, refused %d", key, c.all, c.answered, c.closest, c.all-c.answered-c.closest)
			continue
		}
		t.Logf("%-22s %3d questions: hit@1 %3.0f %%, hit@3 %3.0f %%, hit@5 %3.0f %%; answered %d, closest %d", key, c.all,
			100*c.share(c.first), 100*c.share(c.three), 100*c.share(c.five), c.answered, c.closest)
	}
	for _, lang := range Langs {
		c := by["answerable "+string(lang)]
		floor(t, "hit@1 in "+string(lang), c.share(c.first), 0.75)
		floor(t, "hit@3 in "+string(lang), c.share(c.three), 0.90)
		floor(t, "hit@5 in "+string(lang), c.share(c.five), 0.92)
	}
	for key, c := range by {
		if kind, ok := strings.CutPrefix(key, "answerable "); ok && c.all >= enough && !strings.Contains(kind, "fresh") {
			floor(t, "hit@1 of "+kind, c.share(c.first), 0.7)
			floor(t, "hit@5 of "+kind, c.share(c.five), 0.85)
		}
	}
	away := *by["none offtopic"]
	away.all, away.answered, away.closest = away.all+by["none region"].all, away.answered+by["none region"].answered, away.closest+by["none region"].closest
	floor(t, "refused of what is off the topic", 1-away.share(away.answered+away.closest), 0.95)
	hard := by["none hard"]
	floor(t, "not answered as certain of the hard ones", 1-hard.share(hard.answered), 0.9)
}

// enough is how many questions of a kind say something about it.
const enough = 10

func floor(t *testing.T, what string, got, least float64) {
	t.Helper()
	if got < least {
		t.Errorf("%s: %.0f %%, want %.0f %% at least", what, 100*got, 100*least)
	}
}

// TestQuestionsWithTypos asks every reported question with two typing mistakes.
func TestQuestionsWithTypos(t *testing.T) {
	t.Parallel()
	x := embeddedIndex()
	by := map[Lang]*tallied{EN: {}, FR: {}}
	for _, q := range questions(t) {
		if !q.calibrates && q.Answer != nil {
			by[q.Lang].count(q, x.Ask(q.asked(mistyped(q.Text))))
		}
	}
	for lang, c := range by {
		t.Logf("%s: %d questions: hit@1 %.0f %%, hit@5 %.0f %%", lang, c.all, 100*c.share(c.first), 100*c.share(c.five))
		floor(t, "hit@5 with two typos in "+string(lang), c.share(c.five), 0.85)
	}
}

// mistyped puts two mistakes into a question, the same into the same: letters
// swapped, dropped, doubled or changed, in two words of four letters or more
// where there are two.
func mistyped(text string) string {
	h := fnv.New64a()
	h.Write([]byte(text))
	rnd := rand.New(rand.NewPCG(h.Sum64(), 1))
	words := strings.Fields(text)
	var long []int
	for i, w := range words {
		if len([]rune(w)) >= 4 {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return text
	}
	rnd.Shuffle(len(long), func(i, j int) { long[i], long[j] = long[j], long[i] })
	for n := range 2 {
		i := long[n%len(long)]
		w := []rune(words[i])
		at := 1 + rnd.IntN(len(w)-2)
		switch rnd.IntN(4) {
		case 0:
			w[at], w[at+1] = w[at+1], w[at]
		case 1:
			w = slices.Delete(w, at, at+1)
		case 2:
			w = slices.Insert(w, at, w[at])
		default:
			w[at] = rune('a' + rnd.IntN(26))
		}
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

// TestPassagesAreThePacks holds for every question that what is found is text
// of the pack with a source, and the same when asked again.
func TestExcerptsAreThePacks(t *testing.T) {
	t.Parallel()
	x := embeddedIndex()
	p, _ := Load(Embedded(), testDay)
	again := NewIndex(p)
	for _, q := range questions(t) {
		f := x.Ask(q.asked(q.Text))
		if d := cmp.Diff(f, again.Ask(q.asked(q.Text))); d != "" {
			t.Errorf("%q is answered differently by the same pack: %s", q.Text, d)
		}
		for _, p := range f.Excerpts {
			if len(p.Sources) == 0 || p.Text == "" || !strings.Contains(x.textOf(p.ID, p.Lang), p.Text) {
				t.Errorf("%q: %+v is no text of the pack with its source", q.Text, p)
			}
		}
	}
}

// textOf is everything an item says.
func (x *Index) textOf(id ID, lang Lang) string {
	slug := id.Slug()
	switch id.Kind() {
	case KindEvent:
		var text strings.Builder
		text.WriteString(x.events[slug].Fact.In(lang))
		for _, c := range x.events[slug].Claims {
			text.WriteString("\n" + c.Says.In(lang))
		}
		return text.String()
	case KindActor:
		return x.actors[slug].Summary.In(lang)
	case KindTerm:
		return x.terms[slug].Definition.In(lang)
	}
	var text strings.Builder
	for _, b := range x.topics[slug].Section(lang, SectionKind(id.Part())).Blocks {
		text.WriteString(b.words() + "\n")
	}
	return text.String()
}
