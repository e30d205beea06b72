package briefings

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Load reads the pack in the root of fsys and checks it as of the moment now.
// It returns every fault it finds, in the order of the files, and the pack,
// which may be used only when none of them is an error. No topic may have a
// reserved word for its command.
func Load(fsys fs.FS, now time.Time, reserved ...string) (*Pack, []Fault) {
	return load(fsys, now, false, reserved)
}

// Check is [Load] for who edits the pack: it also holds the pack's house style,
// a breach of which keeps no correction from readers.
func Check(fsys fs.FS, now time.Time, reserved ...string) (*Pack, []Fault) {
	return load(fsys, now, true, reserved)
}

func load(fsys fs.FS, now time.Time, style bool, reserved []string) (*Pack, []Fault) {
	l := &loader{byName: map[string]*file{}}
	names := l.list(fsys)
	l.read(fsys, names)
	p := l.pack()
	var faults []Fault
	for _, f := range l.files {
		faults = append(faults, f.faults...)
	}
	faults = append(faults, l.faults...)
	c := &checker{p: p, x: newLookups(p), today: DateOf(now.UTC()), at: l.where, span: l.whereSpan, word: l.whereWord, unread: l.unread(), reserved: reserved, style: style}
	faults = append(faults, c.check()...)
	for i := range faults {
		if faults[i].At.Line == 0 { // the file as a whole: its beginning, so that every fault has a line
			faults[i].At.Line, faults[i].At.Col = 1, 1
		}
		if f := l.byName[faults[i].At.File]; f != nil {
			faults[i].At.Line = min(faults[i].At.Line, max(len(f.starts), 1))
			faults[i].Line = f.line(faults[i].At.Line)
			faults[i].At = faults[i].At.clamp(faults[i].Line)
		}
	}
	return p, sortFaults(faults)
}

// loader reads one pack.
type loader struct {
	files  []*file
	byName map[string]*file
	faults []Fault
}

func (l *loader) fault(name, what, cure string) {
	l.faults = append(l.faults, Fault{At: Pos{File: name}, Severity: Error, What: what, Cure: cure})
}

// where finds the place of a field of the record at item.
func (l *loader) where(item Pos, path ...string) Pos {
	if f := l.byName[item.File]; f != nil {
		if m := f.items[item]; m != nil {
			return m.find(path...)
		}
	}
	return item
}

// whereSpan finds the place of a span of prose.
func (l *loader) whereSpan(block Pos, i int) Pos {
	if f := l.byName[block.File]; f != nil {
		if p, ok := f.spans[spanKey{block, i}]; ok {
			return p
		}
	}
	return block
}

// whereWord finds a word for the nth time, from 0, in the text that begins at a
// position and may go on in the lines below.
func (l *loader) whereWord(at Pos, word string, n int) Pos {
	f := l.byName[at.File]
	if f == nil {
		return at
	}
	for line := at.Line; line < at.Line+maxTextLines && line <= len(f.starts); line++ {
		text, from := f.line(line), 0
		if line == at.Line {
			from = len(text) - len(skipRunes(text, at.Col-1))
		}
		for i := strings.Index(text[from:], word); i >= 0; i = strings.Index(text[from:], word) {
			if from += i; n == 0 {
				return Pos{at.File, line, utf8.RuneCountInString(text[:from]) + 1}
			}
			from += len(word)
			n--
		}
	}
	return at
}

// maxTextLines is how many lines of one text are looked through for a word.
const maxTextLines = 40

func skipRunes(s string, n int) string {
	for ; n > 0 && s != ""; n-- {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return s
}

// unread returns the kinds of items of which some could not be read; that
// others name them is no fault of theirs.
func (l *loader) unread() map[Kind]bool {
	m := map[Kind]bool{}
	for _, f := range l.files {
		if !f.broken {
			continue
		}
		switch dir, base := path.Split(f.name); {
		case dir == "events/":
			m[KindEvent] = true
		case dir == "topics/":
			m[KindTopic] = true
		default:
			m[Kind(strings.TrimSuffix(base, "s.yaml"))] = true
		}
	}
	return m
}

// list returns the names of the pack's files, sorted.
func (l *loader) list(fsys fs.FS) []string {
	var names []string
	for _, dir := range [...]string{".", "events", "topics"} {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil && (dir == "." || !errors.Is(err, fs.ErrNotExist)) {
			l.fault(dir, fmt.Sprintf("the folder cannot be read: %v", err), "Name a folder that holds a pack.")
			return nil
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			switch ignored := strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~"); {
			case ignored, name == "events" || name == "topics", strings.HasPrefix(name, "README"), strings.HasPrefix(name, "LICENSE"):
			case !e.IsDir() && isPackFile(name):
				names = append(names, name)
			default:
				l.fault(name, "this is not part of a pack", "A pack holds pack.yaml, style.yaml, sources.yaml, actors.yaml, terms.yaml, places.yaml, events/YEAR.yaml, topics/SLUG.yaml and topics/SLUG.en.md, .fr.md; move or rename it.")
			}
		}
	}
	slices.Sort(names)
	if len(names) > maxFiles {
		l.fault(".", fmt.Sprintf("the pack has more than %d files", maxFiles), "Name the folder of the pack itself.")
		return nil
	}
	return names
}

func isPackFile(name string) bool {
	switch dir, base := path.Split(name); dir {
	case "":
		return slices.Contains([]string{"pack.yaml", "sources.yaml", "actors.yaml", "terms.yaml", "places.yaml", "style.yaml"}, base)
	case "events/":
		return strings.HasSuffix(base, ".yaml")
	default:
		if slug, lang, ok := proseName(name); ok {
			return slug != "" && slices.Contains(Langs[:], lang)
		}
		return strings.HasSuffix(base, ".yaml")
	}
}

// proseName splits "topics/mali.en.md" into slug and language.
func proseName(name string) (slug string, lang Lang, ok bool) {
	base, ok := strings.CutSuffix(path.Base(name), ".md")
	slug, l, _ := strings.Cut(base, ".")
	return slug, Lang(l), ok
}

// parsed is what one file says, whatever kind of file it is.
type parsed struct {
	pack     *Pack // of pack.yaml: the head; of a list of records: those
	topic    *Topic
	sections []Section
}

// read reads and parses all files, several at a time.
func (l *loader) read(fsys fs.FS, names []string) {
	l.files = make([]*file, len(names))
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, name := range names {
		gate <- struct{}{}
		wg.Go(func() {
			f := readFile(fsys, name)
			f.parse()
			l.files[i] = f
			<-gate
		})
	}
	wg.Wait()
	total := 0
	for _, f := range l.files {
		l.byName[f.name] = f
		if total += len(f.src); total > maxPackSize {
			l.fault(".", fmt.Sprintf("the pack is larger than %d MB", maxPackSize>>20), "Name the folder of the pack itself.")
			l.files = nil
			return
		}
	}
}

// parse reads the file as what its name says it is.
func (f *file) parse() {
	dir, base := path.Split(f.name)
	switch {
	case dir == "events/":
		f.out.pack = f.records("events")
	case dir == "topics/" && strings.HasSuffix(base, ".md"):
		f.out.sections = f.parseProse()
	case dir == "topics/":
		f.out.topic = f.topic()
	case base == "pack.yaml":
		f.out.pack = f.head()
	case base == "style.yaml":
		f.out.pack = f.style()
	default:
		f.out.pack = f.records(strings.TrimSuffix(base, ".yaml"))
	}
}

// pack puts the files together.
func (l *loader) pack() *Pack {
	p := &Pack{}
	if f := l.byName["pack.yaml"]; f == nil {
		l.fault("pack.yaml", "the pack has no pack.yaml", "Write one with name, title, description, examples, never_link and countries.")
	} else if f.out.pack != nil {
		*p = *f.out.pack
	}
	sum := sha256.New()
	for _, f := range l.files {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(f.name))<<32|uint64(len(f.src)))
		sum.Write(size[:])
		sum.Write([]byte(f.name))
		sum.Write(f.src)
		if f.name == "pack.yaml" || f.out.pack == nil {
			continue
		}
		q := f.out.pack
		if f.name == "style.yaml" {
			p.Style = q.Style
		}
		p.Sources = append(p.Sources, q.Sources...)
		p.Actors = append(p.Actors, q.Actors...)
		p.Terms = append(p.Terms, q.Terms...)
		p.Places = append(p.Places, q.Places...)
		p.Events = append(p.Events, q.Events...)
	}
	p.Hash = hex.EncodeToString(sum.Sum(nil))
	l.topics(p)
	return p
}

// topics joins the records of topics with their prose.
func (l *loader) topics(p *Pack) {
	for _, f := range l.files {
		if f.out.topic == nil {
			continue
		}
		t := *f.out.topic
		t.Sections = map[Lang][]Section{}
		stem := strings.TrimSuffix(f.name, ".yaml")
		for _, lang := range Langs {
			name := stem + "." + string(lang) + ".md"
			if prose := l.byName[name]; prose != nil {
				t.Sections[lang] = prose.out.sections
			} else {
				l.fault(name, fmt.Sprintf("the topic %q has no prose in %q", t.Slug, lang), "Write this file.")
			}
		}
		p.Topics = append(p.Topics, t)
	}
	for _, f := range l.files {
		if slug, _, ok := proseName(f.name); ok && l.byName["topics/"+slug+".yaml"] == nil {
			l.fault(f.name, fmt.Sprintf("the prose has no topic %q", slug), fmt.Sprintf("Write topics/%s.yaml, or rename this file.", slug))
		}
	}
}
