package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/briefings"
)

// The verdicts of /check.
const (
	verdictCurrent   = "current"   // ours, as it stands now
	verdictCorrected = "corrected" // ours, as it stood before
	verdictAltered   = "altered"   // ours, but not as we say it
	verdictForeign   = "foreign"
)

const (
	leastOurs    = 6 // words of the pack, for a text to be ours
	mostChanges  = 12
	mostForeign  = 5 // sentences of others that facts are looked up for
	mostOurs     = 5 // items of ours that are shown
	mostFacts    = 2 // for a sentence
	shortAside   = 3 // words that somebody may put beside a text
	longestSaid  = 160
	leastLooked  = 4 // words of a sentence that facts are looked up for
	mostAlterers = 4 // sentences that are said to be added
)

func (c *Core) checkCommand() Command {
	return Command{
		Name: "check", Names: both("check", "verifier"), Private: true,
		Summary: both("Is a text ours, unchanged? And what the briefings hold on it", "Ce texte est-il de nous, inchangé ? Et ce qu’en disent les dossiers"),
		Example: both("/check 132 people were killed at Solhan.", "/verifier 132 personnes ont été tuées à Solhan."),
		Message: both("Check with briefings", "Vérifier avec les dossiers"),
		Options: []Option{
			{Name: "text", Names: both("text", "texte"), Required: true, Prose: true, Summary: both("the text to check", "le texte à vérifier")},
			langOption(),
		},
		Run: c.check,
	}
}

// check says whether a text is of the briefings and unchanged, and what they
// hold on what it says. It never says whether something is true.
func (c *Core) check(ctx context.Context, r Request) (Reply, error) {
	v := c.view()
	question, text := v.untitled(v.unbuttoned(copied.ReplaceAllString(r.Option("text"), "")))
	known := briefings.Known{Frames: append(v.ages(), v.listed(text)...)}
	found := v.judge(v.x.Compare(text, known, v.at))
	if c.changes != nil && (found.verdict != verdictCurrent) {
		var err error
		if known.Older, err = c.changes.Older(ctx, v.olderOf(r, found), mostOlder); err != nil {
			return Reply{}, fmt.Errorf("read what items said before: %w", err)
		}
		if len(known.Older) > 0 {
			found = v.judge(v.x.Compare(text, known, v.at))
		}
	}
	if found.verdict != verdictForeign {
		found.added = append(found.added, v.strangeHosts(text)...)
		found.verdict = found.sum()
	}
	if question != "" {
		found.aside = append([]string{question}, found.aside...)
	}
	w := v.compose(r, checkTitle.In(r.Lang))
	w.reply.Verdict = found.verdict
	// On Telegram nothing is for one person alone in a group; who asks there asks for all.
	w.reply.Private = r.Place.Platform != Telegram
	w.verdict(found)
	if utf8.RuneCountInString(text) > briefings.MaxCompared {
		w.add(remark(w.say(both("Only the first %d characters were looked at.", "Seuls les %d premiers caractères ont été examinés.", briefings.MaxCompared))))
	}
	w.held(r, found)
	return w.reply, nil
}

var checkTitle = both("Check", "Vérification")

// mostOlder is how many former texts are compared with.
const mostOlder = 60

// judged is a text taken apart, and what that comes to.
type judged struct {
	verdict string
	parts   []briefings.Part // without the frame
	added   []string         // sentences that are not ours, among ours
	aside   []string         // what somebody put beside it
	date    string           // a date of the frame that is not ours
	older   bool             // that date is one that the briefings had passed

	ours, others  int // words
	listed, lines int // words and lines of sources
}

// judge comes to a verdict. What is not certainly ours as it stands is not
// called current.
func (v *view) judge(parts []briefings.Part) judged {
	f := v.framesOf(parts)
	var j judged
	for i, p := range parts {
		if p.Kind == briefings.PartForeign || p.Kind == briefings.PartFrame {
			j.foreign(f, parts, i)
			continue
		}
		switch {
		case p.ID.Kind() != briefings.KindSource:
			j.ours += p.Words
		case !p.Cut:
			j.listed += p.Words
			j.lines++
		}
		if fix := v.explains(p); fix != nil {
			p.Kind, p.Fix, p.Changes = briefings.PartFormer, fix, nil
		}
		j.parts = append(j.parts, p)
	}
	if j.lines > 1 { // one may be anybody's reference
		j.ours += j.listed
	}
	j.older = j.date != "" && f.passed(j.date)
	j.verdict = j.sum()
	return j
}

// foreign looks at a part that is not the pack's: the frame, or somebody's words.
func (j *judged) foreign(f *frames, parts []briefings.Part, i int) {
	p := parts[i]
	f.marks = nil
	if i > 0 {
		f.marks = f.v.marksOf(parts[i-1])
	}
	rest, date := f.left(p.Text, i == 0, i == len(parts)-1)
	if date != "" {
		j.date = date
	}
	if p.Kind == briefings.PartFrame {
		return
	}
	if i > 0 && parts[i-1].Kind == briefings.PartFrame && parted.MatchString(general(rest)) {
		rest = nil // which of several messages it is: "1/2"
	}
	if len(rest) == 0 && f.v.misnamed(p.Text, parts[i+1:]) {
		rest = strings.Fields(briefings.Fold(p.Text))
	}
	if len(rest) == 0 {
		return
	}
	j.others += len(rest)
	j.parts = append(j.parts, p)
	// What stands in a frame, or where a title does, is no aside.
	framed := len(rest) < len(strings.Fields(briefings.Fold(p.Text))) ||
		i+1 < len(parts) && (parts[i+1].Kind == briefings.PartForeign || parts[i+1].Kind == briefings.PartFrame) && likeName(p.Text)
	said := func(p briefings.Part) bool { return p.Kind != briefings.PartForeign && p.Kind != briefings.PartFrame }
	outside := !slices.ContainsFunc(parts[:i], said) || !slices.ContainsFunc(parts[i+1:], said)
	if len(rest) <= shortAside && outside && !framed && !f.v.tells(p.Text, rest) {
		j.aside = append(j.aside, p.Text)
	} else {
		j.added = append(j.added, p.Text)
	}
}

func (j *judged) sum() string {
	has := func(kind briefings.PartKind) bool {
		return slices.ContainsFunc(j.parts, func(p briefings.Part) bool { return p.Kind == kind })
	}
	switch {
	case j.ours < leastOurs || j.ours < j.others:
		return verdictForeign
	case has(briefings.PartAltered), len(j.added) > 0, j.date != "" && !j.older:
		return verdictAltered
	case has(briefings.PartFormer), j.date != "":
		return verdictCorrected
	}
	return verdictCurrent
}

// explains is the correction that tells why a text differs from an item, or nil.
func (v *view) explains(p briefings.Part) *briefings.Correction {
	if p.Kind != briefings.PartAltered || p.Older != nil || len(p.Changes) == 0 {
		return nil
	}
	list := v.allFixes(whole(p.ID))
	for i := range list {
		has := func(e briefings.Edited) bool {
			return e.Was != "" && e.Now != "" && holds(list[i].Now.In(p.Lang), e.Was) && holds(list[i].Was.In(p.Lang), e.Now)
		}
		if !slices.ContainsFunc(p.Changes, func(e briefings.Edited) bool { return !has(e) }) {
			return &list[i]
		}
	}
	return nil
}

// holds reports whether a text has the words, in their order.
func holds(text, words string) bool {
	words = briefings.Fold(words)
	return words == "" || strings.Contains(" "+briefings.Fold(text)+" ", " "+words+" ")
}

// likeName reports whether words are written as a name is: no other stands
// where the heading of an answer names what it is about.
func likeName(text string) bool {
	for w := range strings.FieldsSeq(text) {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) || strings.ToUpper(w) == w {
			return false
		}
	}
	return true
}

// tells reports whether a few words beside a text say something about it that
// matters: a number, a name, a no.
func (v *view) tells(text string, rest []string) bool {
	return len(v.x.Mentions(text)) > 0 || slices.ContainsFunc(rest, briefings.Weighty)
}

// olderOf are the items whose former texts a text may be.
func (v *view) olderOf(r Request, j judged) []briefings.ID {
	var out []briefings.ID
	add := func(id briefings.ID) {
		if id = whole(id); id.Kind() != briefings.KindSource && !slices.Contains(out, id) && len(out) < 24 {
			out = append(out, id)
		}
	}
	for _, p := range j.parts {
		if p.ID != "" {
			add(p.ID)
		}
	}
	looked := 0
	for _, p := range j.parts {
		if p.Kind == briefings.PartForeign && looked < 2*mostForeign {
			looked++
			for _, lang := range []briefings.Lang{r.Lang, other(r.Lang)} {
				for _, e := range v.x.Nearest(p.Text, lang, 3, v.at) {
					add(e.ID)
				}
			}
		}
	}
	return out
}
