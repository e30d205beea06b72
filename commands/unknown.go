package commands

import (
	"slices"
	"strings"
	"unicode"

	"griot/briefings"
)

// noOption refuses what is written like an option and is none of the
// command's: dropped or looked up, it would answer something else.
func noOption(r Request, cmd *Command, tokens []token) error {
	first := cmd.first()
	if first == nil || first.Prose {
		return nil
	}
	for _, t := range tokens {
		key, value, ok := strings.Cut(t.value, ":")
		if t.key != "" || t.quoted || !ok || key == "" || strings.HasPrefix(value, "//") || strings.ContainsFunc(key, func(c rune) bool { return !unicode.IsLetter(c) && c != '_' }) {
			continue
		}
		line := "/" + r.Command
		if r.Sub != "" {
			line += " " + r.Sub
		}
		var groups [][]string
		names := briefings.Text{}
		for _, o := range cmd.Options {
			if o.Hidden {
				continue
			}
			groups = append(groups, []string{o.Name, o.Names.EN, o.Names.FR})
			if names.EN != "" {
				names.EN, names.FR = names.EN+", ", names.FR+", "
			}
			names.EN, names.FR = names.EN+o.Names.EN, names.FR+o.Names.FR
		}
		e := wrong("%s has no option “%s”. It takes: %s.", "%s n’a pas d’option « %s ». Elle prend : %s.", line, clip(key), names)
		for _, near := range pick(key, groups, 2) {
			e.try(line + " " + near + ":" + quote(value))
		}
		return e.try(Request{Command: "help"}.again("command", strings.TrimPrefix(line, "/")))
	}
	return nil
}

func unknownCommand(t Table, name string) error {
	e := &UserError{Err: ErrNoCommand}
	if name == "" {
		e.Say = both("Which command? /help lists what I can do.", "Quelle commande ? /help montre ce que je sais faire.")
		return e.try("/help")
	}
	for _, n := range nearest(name, t, 3) {
		e.Try = append(e.Try, "/"+n)
	}
	if t.Find("search") != nil && len(name) <= 60 {
		e.offer(both("Search the texts", "Chercher dans les textes"), Request{Command: "search"}.again("query", name))
	}
	e.Say = briefings.Text{
		EN: "I know no command /" + clip(name) + ". /help lists what I can do.",
		FR: "Je ne connais pas la commande /" + clip(name) + ". /help montre ce que je sais faire.",
	}
	return e
}

// notAsked refuses plain words that only begin with the name of a topic.
func notAsked(t Table, cmd *Command, line string) error {
	e := &UserError{Err: ErrNoCommand, Say: both("“%s” is no command. /%s is the briefing; /ask answers questions.",
		"« %s » n’est pas une commande. /%s est le dossier ; /ask répond aux questions.", clip(line), same(cmd.Name))}
	e.try("/" + cmd.Name)
	if t.Find("ask") != nil && len(line) <= 100 {
		e.offer(both("Ask it", "Poser la question"), Request{Command: "ask"}.again("question", line))
	}
	return e
}

func unknownSub(cmd *Command, word string) error {
	e := &UserError{Say: briefings.Text{
		EN: "/" + cmd.Name + " cannot “" + clip(word) + "”. Here is what it can do.",
		FR: "/" + cmd.Name + " ne sait pas faire « " + clip(word) + " ». Voici ce qu’elle sait faire.",
	}}
	for _, n := range nearest(word, cmd.Subs, 1) {
		e.Try = append(e.Try, "/"+cmd.Name+" "+n)
	}
	for i := range cmd.Subs {
		if line := "/" + cmd.Name + " " + cmd.Subs[i].Name; !slices.Contains(e.Try, line) {
			e.Try = append(e.Try, line)
		}
	}
	return e
}
