package commands

import (
	"fmt"
	"strconv"
	"strings"

	"griot/briefings"
)

var scheduleChoices = []Choice{
	{"daily", both("every day", "chaque jour")}, {"weekdays", both("Monday to Friday", "du lundi au vendredi")}, {"weekly", both("once a week", "une fois par semaine")},
}

// scheduleWordsTyped are other words for the schedules.
var scheduleWordsTyped = map[string]string{
	"quotidien": "daily", "tous les jours": "daily", "jours ouvres": "weekdays", "ouvres": "weekdays", "en semaine": "weekdays",
	"hebdomadaire": "weekly", "chaque semaine": "weekly", "every week": "weekly",
}

var days = [...]struct {
	value string
	name  briefings.Text
}{
	{"mon", both("Monday", "lundi")},
	{"tue", both("Tuesday", "mardi")},
	{"wed", both("Wednesday", "mercredi")},
	{"thu", both("Thursday", "jeudi")},
	{"fri", both("Friday", "vendredi")},
	{"sat", both("Saturday", "samedi")},
	{"sun", both("Sunday", "dimanche")},
}

func dayChoices() []Choice {
	var out []Choice
	for _, d := range days {
		out = append(out, Choice{d.value, d.name})
	}
	return out
}

// readSchedule reads the options schedule, day and time; a schedule may hold
// the others as well: "weekly mon 07:00".
func (w *wish) readSchedule(r Request) error {
	w.day, w.time = r.Option("day"), r.Option("time")
	said := r.Option("schedule")
	words := strings.Fields(said)
	if len(words) > 0 && strings.EqualFold(words[0], "cron") {
		w.rule, w.cron = "cron", strings.Join(words[1:], " ")
		if w.cron == "" {
			w.cron = w.time
		}
		if len(strings.Fields(w.cron)) != 5 {
			return wrong("A cron schedule needs its five fields: schedule:\"cron 0 7 * * 1-5\" is Monday to Friday at 07:00.",
				"Un rythme cron a besoin de ses cinq champs : schedule:\"cron 0 7 * * 1-5\" veut dire du lundi au vendredi à 07:00.").
				try(r.again("schedule", "cron 0 7 * * 1-5", "time", ""))
		}
		w.time = ""
		return nil
	}
	if n := len(words); n > 1 {
		if t, ok := readClock(words[n-1]); ok {
			w.time, words = t, words[:n-1]
		}
	}
	if n := len(words); n > 1 {
		if d, ok := choose(dayChoices(), words[n-1]); ok {
			w.day, words = d, words[:n-1]
		}
	}
	if len(words) > 0 {
		if err := w.readRule(r, strings.Join(words, " ")); err != nil {
			return err
		}
	}
	if w.time == "" {
		return nil
	}
	t, ok := readClock(w.time)
	if !ok {
		return wrong("“%s” is not a time of day. Write it like 07:00.", "« %s » n’est pas une heure. Écrivez-la comme 07:00.", clip(w.time)).
			try(r.again("time", "07:00"), r.again("time", ""))
	}
	w.time = t
	return nil
}

func (w *wish) readRule(r Request, said string) error {
	rule, ok := choose(scheduleChoices, said)
	if !ok {
		rule, ok = scheduleWordsTyped[briefings.Fold(said)]
	}
	if !ok {
		e := wrong("I do not know the schedule “%s”. It can be daily, weekdays, weekly or cron.", "Je ne connais pas le rythme « %s ». Il peut être daily, weekdays, weekly ou cron.", clip(said))
		for _, ch := range scheduleChoices {
			e.offer(ch.Label, r.again("schedule", ch.Value))
		}
		return e
	}
	w.rule = rule
	return nil
}

// readClock reads 07:00, 7:5, 7h, 7h30, 7 and 7:30pm, and writes 07:00.
func readClock(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for i, half := range []string{"am", "pm"} {
		if clock, ok := strings.CutSuffix(s, half); ok {
			return halfDay(strings.TrimSpace(clock), 12*i)
		}
	}
	h, m, _ := strings.Cut(strings.ReplaceAll(s, "h", ":"), ":")
	if m == "" {
		m = "0"
	}
	hour, errH := strconv.ParseUint(h, 10, 8)
	minute, errM := strconv.ParseUint(m, 10, 8)
	if errH != nil || errM != nil || hour > 23 || minute > 59 || len(s) > 5 {
		return "", false
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), true
}

// halfDay reads a time of a clock of twelve hours.
func halfDay(s string, plus int) (string, bool) {
	clock, ok := readClock(s)
	if !ok {
		return "", false
	}
	hour, err := strconv.Atoi(clock[:2])
	if err != nil || hour < 1 || hour > 12 || strings.HasSuffix(s, "m") {
		return "", false
	}
	return fmt.Sprintf("%02d%s", hour%12+plus, clock[2:]), true
}

// scheduleWords says when a digest comes.
func scheduleWords(s Subscription) briefings.Text {
	f := strings.Fields(string(s.Schedule))
	at := func(when briefings.Text, clock string) briefings.Text {
		return both("%s at %s (%s)", "%s à %s (%s)", when, clock, s.Zone)
	}
	switch {
	case len(f) == 2 && f[0] == "daily":
		return at(scheduleChoices[0].Label, f[1])
	case len(f) == 2 && f[0] == "weekdays":
		return at(scheduleChoices[1].Label, f[1])
	case len(f) == 3 && f[0] == "weekly":
		for _, d := range days {
			if d.value == f[1] {
				return at(both("every %s", "chaque %s", d.name), f[2])
			}
		}
	}
	return both("%s (%s)", "%s (%s)", string(s.Schedule), s.Zone)
}

// nextWords says when the next digest comes, in its own zone.
func nextWords(s Subscription) briefings.Text {
	if s.Next.IsZero() {
		return both("It will not come again.", "Il ne viendra plus.")
	}
	at := s.Next.In(clockOf(s).loc)
	next := both("Next: %s at %s (%s).", "Prochain : %s à %s (%s).", inWords(briefings.DateOf(at)), at.Format("15:04"), s.Zone)
	if end := heldUntil(s, at.Format("15:04")); end != "" {
		next = both("%s The quiet hours hold it until %s.", "%s Les heures calmes le retiennent jusqu’à %s.", next, end)
	}
	return next
}

// heldUntil is the end of the quiet hours that a time of day lies in, or "".
func heldUntil(s Subscription, at string) string {
	from, to, ok := strings.Cut(s.QuietHours, "-")
	within := from <= at && at < to
	if to < from { // over midnight
		within = from <= at || at < to
	}
	if !ok || !within {
		return ""
	}
	return to
}
