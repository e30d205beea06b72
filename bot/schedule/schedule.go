package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"griot/briefings"
	"griot/commands"
)

// maxCron is the longest cron expression taken, in bytes.
const maxCron = 100

// Schedule is a parsed schedule in its zone. The zero Schedule is never due.
type Schedule struct {
	text commands.Schedule
	spec *cron.SpecSchedule // matches wall times held in UTC fields
	zone *time.Location
}

// Parse reads "daily 07:00", "weekdays 07:00", "weekly mon 07:00" or
// "cron 0 7 * * 1-5", to be read on the wall clock of the zone. Its errors are
// *commands.UserError.
func Parse(s commands.Schedule, zone string) (Schedule, error) {
	loc, err := Zone(zone)
	if err != nil {
		return Schedule{}, err
	}
	text, expr, err := expression(string(s))
	if err != nil {
		return Schedule{}, err
	}
	spec, err := parseCron(expr)
	if err != nil {
		return Schedule{}, userError(
			"The cron expression “%s” cannot be read. Write five fields: minute, hour, day of the month, month, day of the week (0 is Sunday), for example “cron 0 7 * * 1-5”.",
			"L’expression cron « %s » est illisible. Écrivez cinq champs : minute, heure, jour du mois, mois, jour de la semaine (0 est dimanche), par exemple « cron 0 7 * * 1-5 ».", short(expr))
	}
	p := Schedule{text: commands.Schedule(text), spec: spec, zone: loc}
	if p.Next(time.Unix(0, 0)).IsZero() {
		return Schedule{}, userError(
			"The schedule “%s” never comes: there is no such day. Choose another day.",
			"L’horaire « %s » n’arrive jamais : ce jour n’existe pas. Choisissez un autre jour.", short(text))
	}
	return p, nil
}

// String returns the schedule as files write it: "weekly mon 07:00".
func (s Schedule) String() string { return string(s.text) }

// Text returns the schedule as subscriptions keep it.
func (s Schedule) Text() commands.Schedule { return s.text }

// Location returns the zone the schedule is read in.
func (s Schedule) Location() *time.Location { return s.zone }

// Next returns the first instant the schedule is due after the given one, in
// UTC, or the zero time when there is none.
func (s Schedule) Next(after time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	w := wall(after, s.zone)
	for {
		next := s.nextWall(w)
		if next.IsZero() {
			return next
		}
		// A wall time that comes twice may lie before after; all wall times of
		// a gap are one instant.
		if at := instant(next, s.zone); at.After(after) {
			return at
		}
		w = next
	}
}

// nextWall steps the wall clock. robfig/cron gives up after five years, but
// from 1896 or 2096 the next 29 February is eight years away.
func (s Schedule) nextWall(w time.Time) time.Time {
	for range 4 {
		if next := s.spec.Next(w); !next.IsZero() {
			return next
		}
		w = time.Date(w.Year()+4, time.January, 1, 0, 0, 0, -1, time.UTC)
	}
	return time.Time{}
}

// Slot names the instant a run fires at by its local date and time:
// "2026-03-29T03:00". It is what makes a run's key the same however often it is planned.
func (s Schedule) Slot(at time.Time) string {
	if s.zone == nil {
		return ""
	}
	return at.In(s.zone).Format("2006-01-02T15:04")
}

// expression turns what people write into a cron expression, and returns the
// text in its canonical form as well.
func expression(s string) (text, expr string, err error) {
	f := strings.Fields(s)
	if len(f) == 0 || len(s) > maxCron+10 {
		return "", "", unknownSchedule(s)
	}
	rule := strings.ToLower(f[0])
	var day, clock, days string
	switch {
	case rule == "cron" && len(f) > 1:
		expr = strings.Join(f[1:], " ")
		return "cron " + expr, expr, nil
	case rule == "daily" && len(f) == 2:
		clock, days = f[1], "*"
	case rule == "weekdays" && len(f) == 2:
		clock, days = f[1], "1-5"
	case rule == "weekly" && len(f) == 3:
		day, clock = strings.ToLower(f[1]), f[2]
		n, ok := weekday(day)
		if !ok {
			return "", "", userError(
				"“%s” is not a day of the week. Write mon, tue, wed, thu, fri, sat or sun.",
				"« %s » n’est pas un jour de la semaine. Écrivez mon, tue, wed, thu, fri, sat ou sun (de lundi à dimanche).", short(f[1]))
		}
		day, days = " "+day, fmt.Sprint(n)
	default:
		return "", "", unknownSchedule(s)
	}
	h, m, err := readClock(clock)
	if err != nil {
		return "", "", err
	}
	return fmt.Sprintf("%s%s %02d:%02d", rule, day, h, m), fmt.Sprintf("%d %d * * %s", m, h, days), nil
}

func weekday(day string) (int, bool) {
	for i, d := range [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if d == day {
			return i, true
		}
	}
	return 0, false
}

// readClock reads "07:00" or "7:00".
func readClock(s string) (hour, minute int, err error) {
	layout := "15:04"
	if t, err := time.Parse(layout, s); err == nil && len(s) <= len(layout) {
		return t.Hour(), t.Minute(), nil
	}
	return 0, 0, userError(
		"“%s” is not a time of day. Write it as hours and minutes, for example 07:00.",
		"« %s » n’est pas une heure. Écrivez heures et minutes, par exemple 07:00.", short(s))
}

// parseCron reads five fields and nothing else. What robfig/cron takes besides
// is refused before it sees it: seconds, @every (it has no anchor), and zone
// prefixes, on which it panics ("TZ=0").
func parseCron(expr string) (spec *cron.SpecSchedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			spec, err = nil, fmt.Errorf("read cron expression: %v", r)
		}
	}()
	if len(expr) > maxCron || len(strings.Fields(expr)) != 5 || strings.ContainsFunc(expr, notCron) {
		return nil, fmt.Errorf("not five fields of a cron expression")
	}
	p := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	parsed, err := p.Parse(expr)
	if err != nil {
		return nil, fmt.Errorf("read cron expression: %w", err)
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("not a cron expression")
	}
	spec.Location = time.UTC
	return spec, nil
}

// notCron reports whether r has no place in a cron expression.
func notCron(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("*/,- ?", r))
}

func unknownSchedule(s string) error {
	return userError(
		"I do not know the schedule “%s”. Write “daily 07:00”, “weekdays 07:00”, “weekly mon 07:00” or “cron 0 7 * * 1-5”.",
		"Je ne connais pas l’horaire « %s ». Écrivez « daily 07:00 », « weekdays 07:00 », « weekly mon 07:00 » ou « cron 0 7 * * 1-5 ».", short(s))
}

// userError makes a fault the asker can mend; French gets its no-break spaces here.
func userError(en, fr string, args ...any) error {
	fr = strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»", " :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?").Replace(fr)
	return &commands.UserError{Say: briefings.Text{EN: fmt.Sprintf(en, args...), FR: fmt.Sprintf(fr, args...)}}
}

// short cuts what somebody typed to a length fit to repeat.
func short(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "?")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
