package commands

import (
	"maps"
	"strconv"

	"griot/briefings"
)

// to writes the line of a command; pairs are options and their values, empty
// values left out. A language the asker chose for this answer goes along.
func (r Request) to(command string, pairs ...string) string {
	return r.sub(command, "", pairs...)
}

func (r Request) sub(command, sub string, pairs ...string) string {
	to := Request{Command: command, Sub: sub, Options: map[string]string{}}
	if lang := r.Options["lang"]; lang != "" && r.Command != "settings" && r.Command != "digest" && r.Command != "pin" {
		to.Options["lang"] = lang
	}
	return to.again(pairs...)
}

// again writes r's own line with some options changed, or taken away when empty.
func (r Request) again(pairs ...string) string {
	to := Request{Command: r.Command, Sub: r.Sub, Options: maps.Clone(r.Options)}
	if to.Options == nil {
		to.Options = map[string]string{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if to.Options[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(to.Options, pairs[i])
		}
	}
	return to.Line()
}

func button(label, line string, row int) Button {
	return Button{Label: cut(label, 40), Line: line, Row: row}
}

// pageOf finds the page asked for among n entries of size a page. A page that
// is no longer there is the last one.
func pageOf(r Request, n, size int) (lo, hi, page, pages int, err error) {
	pages = max(1, (n+size-1)/size)
	page = 1
	if p := r.Option("page"); p != "" {
		if page, err = strconv.Atoi(p); err != nil || page < 1 {
			return 0, 0, 0, 0, wrong("“%s” is not a page. Pages are numbers from 1.", "« %s » n’est pas une page. Les pages sont des nombres à partir de 1.", clip(p)).
				try(r.again("page", ""))
		}
	}
	page = min(page, pages)
	lo = (page - 1) * size
	return lo, min(lo+size, n), page, pages, nil
}

// turners are the buttons to the pages before and after.
func turners(r Request, page, pages, row int) []Button {
	w := Words(r.Lang)
	var out []Button
	if page > 1 {
		before := ""
		if page > 2 {
			before = strconv.Itoa(page - 1)
		}
		out = append(out, button(w.Previous, r.again("page", before), row))
	}
	if page < pages {
		out = append(out, button(w.Next, r.again("page", strconv.Itoa(page+1)), row))
	}
	return out
}

// Options that several commands take.
var (
	langNames = both("lang", "langue")
	langHelp  = both("Language of the answer", "Langue de la réponse")
	pageNames = both("page", "page")
	pageHelp  = both("Page of the answer", "Page de la réponse")
)

func langOption() Option {
	return Option{Name: "lang", Names: langNames, Summary: langHelp, Choices: langChoices()}
}

func langChoices() []Choice {
	return []Choice{{string(briefings.EN), both("English", "anglais")}, {string(briefings.FR), both("French", "français")}}
}

func pageOption() Option {
	return Option{Name: "page", Names: pageNames, Summary: pageHelp, Hidden: true}
}

// answers reports whether the option is the language of the answer itself.
func (o *Option) answers() bool { return o != nil && o.Name == "lang" && o.Summary == langHelp }
