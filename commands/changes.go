package commands

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"griot/briefings"
)

// The spans of /changes that have a button.
const (
	sinceLook = "look" // since the asker last asked for this
	sinceDay  = "24h"
	sinceWeek = "7d"
)

const (
	aDay  = 24 * time.Hour
	aWeek = 7 * aDay
)

var sinceChoices = []Choice{
	{sinceLook, both("Since I last looked", "Depuis ma dernière visite")},
	{sinceDay, both("24 hours", "24 heures")},
	{sinceWeek, both("7 days", "7 jours")},
}

// neverLooked stands in a button's line instead of when the asker looked before.
const neverLooked = "first"

var whatChanged = both("What changed", "Ce qui a changé")

func (c *Core) changesCommand() Command {
	return Command{
		Name: "changes", Names: both("changes", "changements"), Private: true,
		Summary: both("What changed in the briefings since you last looked", "Ce qui a changé dans les dossiers depuis votre dernière visite"),
		Options: []Option{
			c.topicOption(),
			{
				Name: "since", Names: both("since", "depuis"), Summary: both("Your last look, 24 hours, 7 days, or a date", "Votre dernière visite, 24 heures, 7 jours, ou une date"),
				Complete: func(_ Request, typed string) []Choice { return matching(sinceChoices, typed) },
				Takes: func(words string) bool {
					_, ok := choose(sinceChoices, words)
					return ok || c.isDate(words)
				},
			},
			{Name: "looked", Names: both("looked", "visite"), Summary: both("When you last looked", "Votre dernière visite"), Hidden: true},
			langOption(),
		},
		Run: c.whatChanged,
	}
}

// whatChanged shows what changed in one briefing or in all: for the asker
// alone, since they last asked, or for a while.
func (c *Core) whatChanged(ctx context.Context, r Request) (Reply, error) {
	if c.changes == nil {
		return Reply{}, wrong("What changed is not recorded here.", "Ce qui change n’est pas conservé ici.").offer(both("Latest", "Dernières nouvelles"), r.to("latest"))
	}
	v := c.view()
	var t *briefings.Topic
	var err error
	if name := r.Option("topic"); name != "" {
		if t, err = c.findTopic(v, r, "topic", name); err != nil {
			return Reply{}, err
		}
		r.Options = withOptions(r.Options, "topic", t.Slug)
	}
	s, err := c.spanOf(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	news, err := c.news(ctx, v, topicSet(t), s.from, r.Now)
	if err != nil {
		return Reply{}, err
	}
	title := whatChanged
	if t != nil {
		title = both("What changed: %s", "Ce qui a changé : %s", t.Name)
	}
	w := v.compose(r, title.In(r.Lang))
	w.reply.Private = r.User != ""
	w.add(remark(w.say(s.says)))
	if len(news) == 0 {
		w.add(remark(w.say(both("Nothing changed.", "Rien n’a changé."))))
	}
	if _, err := c.newsList(ctx, w, news); err != nil {
		return Reply{}, err
	}
	w.reply.AsOf = v.asOf(topicSet(t)...)
	for _, ch := range sinceChoices {
		if ch.Value != s.chosen && (ch.Value != sinceLook || r.User != "") {
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(ch.Label), r.again("since", ch.Value, "looked", s.looked), 0))
		}
	}
	if t != nil {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), r.to(t.Command), 1))
	} else {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("Latest", "Dernières nouvelles")), r.to("latest"), 1))
	}
	return w.reply, nil
}

// span is from when on changes are shown.
type span struct {
	from   time.Time
	says   briefings.Text // in a sentence
	chosen string         // the button it is of, or empty
	// looked is when the asker looked before, for the buttons: turning from one
	// span to another and back is one look. It is empty where nobody asked.
	looked string
}

// spanOf reads the span that is asked for. To ask for what changed since the
// last look is a look.
func (c *Core) spanOf(ctx context.Context, r Request) (span, error) {
	looked := r.Option("looked")
	typed := r.Option("since")
	if typed == "" {
		typed = sinceLook
	}
	value, ok := choose(sinceChoices, typed)
	switch {
	case !ok:
		p := readPeriod(typed, r)
		if p.IsZero() {
			return span{}, badDate(r, "since", typed)
		}
		return span{from: r.midnight(p.First), says: both("Since %s.", "Depuis le %s.", inWords(p.First)), looked: looked}, nil
	case value == sinceDay:
		return span{from: r.Now.Add(-aDay), says: both("In the last 24 hours.", "Ces dernières 24 heures."), chosen: value, looked: looked}, nil
	case value == sinceWeek || r.User == "":
		return span{from: r.Now.Add(-aWeek), says: both("In the last 7 days.", "Ces 7 derniers jours."), chosen: sinceWeek, looked: looked}, nil
	}
	last, err := c.lastLook(ctx, r, looked)
	if err != nil {
		return span{}, err
	}
	if last.IsZero() {
		return span{
			from: r.Now.Add(-aWeek), chosen: sinceLook, looked: neverLooked,
			says: both("You have not looked here before, so these are the last 7 days. From now on I remember when you last looked, for half a year; /forget deletes it.",
				"Vous n’aviez pas encore regardé : voici les 7 derniers jours. Désormais je retiens la date de votre dernière visite, pendant six mois ; /forget la supprime."),
		}, nil
	}
	return span{
		from: last, chosen: sinceLook, looked: strconv.FormatInt(last.Unix(), 36),
		says: both("Since you last looked, %s.", "Depuis votre dernière visite, %s.", r.clock().at(last, time.Time{})),
	}, nil
}

// lastLook is when the asker last looked before the answer whose buttons say
// so, or before now; zero when never. The asker looks now.
func (c *Core) lastLook(ctx context.Context, r Request, looked string) (time.Time, error) {
	if looked == neverLooked {
		return time.Time{}, nil
	}
	if at, err := strconv.ParseInt(looked, 36, 64); err == nil && at > 0 && at <= r.Now.Unix() {
		return time.Unix(at, 0), nil
	}
	last, err := c.changes.Look(ctx, person(r), r.Option("topic"), r.Now)
	if err != nil {
		return time.Time{}, fmt.Errorf("note a look: %w", err)
	}
	return last, nil
}

// clock is the wall clock of the asker's zone.
func (r Request) clock() clock {
	if r.Zone == nil {
		return clock{"UTC", time.UTC}
	}
	return clock{r.Zone.String(), r.Zone}
}
