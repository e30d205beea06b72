package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"griot/briefings"
)

func (c *Core) digestCommand() Command {
	id := Option{Name: digestID, Names: same(digestID), Summary: both("Which digest, as /digest list shows it", "Quel envoi, comme dans /digest list")}
	return Command{
		Name: "digest", Names: both("digest", "envois"),
		Summary: both("Regular digests for this place: subscribe, list, stop", "Envois réguliers pour ce lieu : s’abonner, voir, arrêter"),
		Subs: []Command{
			c.subscribeCommand(),
			{Name: "list", Names: both("list", "liste"), Summary: both("The digests of this place", "Les envois de ce lieu"), Options: []Option{langOption(), pageOption()}, Run: c.digestList},
			{Name: "preview", Names: both("preview", "apercu"), Summary: both("What the next digest would say now", "Ce que dirait le prochain envoi maintenant"), Options: []Option{id}, Run: c.digestPreview},
			{Name: "why", Names: both("why", "pourquoi"), Summary: both("Why this place receives a digest", "Pourquoi ce lieu reçoit un envoi"), Options: []Option{id}, Run: c.digestWhy},
			{Name: "now", Names: both("now", "maintenant"), Private: true, Admin: true, Summary: both("Send a digest now", "Envoyer maintenant"), Options: []Option{id}, Run: c.digestNow},
			{Name: "edit", Names: both("edit", "modifier"), Private: true, Admin: true, Summary: both("Change a digest: briefings, days, time, zone, language, options", "Changer un envoi : dossiers, jours, heure, fuseau, langue, options"), Example: both("/digest edit time:08:00 quiet_hours:22:00-07:00", "/envois modifier heure:08:00 heures_calmes:22:00-07:00"), Options: append([]Option{id, pickOption(), hereOption()}, c.wishOptions()...), Run: c.digestEdit},
			{Name: "pause", Names: same("pause"), Private: true, Admin: true, Summary: both("Hold a digest until you resume it", "Suspendre un envoi jusqu’à sa reprise"), Options: []Option{id}, Run: c.digestPause},
			{Name: "resume", Names: both("resume", "reprendre"), Private: true, Admin: true, Summary: both("Resume a digest, from now on", "Reprendre un envoi, à partir de maintenant"), Options: []Option{id}, Run: c.digestResume},
			{Name: "stop", Names: both("stop", "arreter"), Private: true, Admin: true, Summary: both("Stop a digest for good", "Arrêter un envoi pour de bon"), Options: []Option{id}, Run: c.digestStop},
		},
	}
}

// digestID is the option that names a digest; it may be left out where there is only one.
const digestID = "id"

func (c *Core) completeDigest(ctx context.Context, r Request, typed string) []Choice {
	if c.digests == nil {
		return nil
	}
	subs, err := c.digests.List(ctx, r.Place.Destination)
	if err != nil {
		c.log.Warn("digests not listed", "adapter", string(r.Place.Platform), "err", err)
		return nil
	}
	var all []Choice
	for _, s := range subs {
		all = append(all, Choice{s.ID, c.view().describe(s)})
	}
	others, err := c.elsewhere(ctx, r)
	if err != nil {
		c.log.Warn("digests not listed", "adapter", string(r.Place.Platform), "err", err)
	}
	for _, s := range others {
		all = append(all, Choice{s.ID, both("%s, %s", "%s, %s", placeWords(s), c.view().describe(s))})
	}
	return matching(all, typed)
}

func noDigests() error {
	return wrong("Digests are not offered here. /latest shows what is new.", "Les envois ne sont pas proposés ici. /latest montre ce qui est nouveau.").try("/latest")
}

// digestLine writes a line about one digest; without an id it is about the
// only one of the place.
func digestLine(sub, id string) string {
	return Request{Command: "digest", Sub: sub}.again("id", id)
}

// describe names a digest: its topics and when it comes.
func (v *view) describe(s Subscription) briefings.Text {
	return both("%s, %s", "%s, %s", v.topicNames(s.Topics), scheduleWords(s))
}

func (v *view) topicNames(slugs []string) briefings.Text {
	if len(slugs) > 1 && len(slugs) == len(v.topics) {
		return both("all briefings", "tous les dossiers")
	}
	var out briefings.Text
	for i, slug := range slugs {
		if i > 0 {
			out.EN, out.FR = out.EN+", ", out.FR+", "
		}
		name := v.name(briefings.MakeID(briefings.KindTopic, slug))
		out.EN, out.FR = out.EN+name.EN, out.FR+name.FR
	}
	return out
}

// state says when the next digest comes, or why none does.
func (w *composer) state(s Subscription) string {
	switch {
	case s.Stopped != "":
		why, cure := stopWords(s, s.Stopped)
		return w.say(both("Stopped. %s %s Then resume it.", "Arrêté. %s %s Reprenez-le ensuite.", why, cure))
	case s.Paused:
		return w.say(both("Paused.", "Suspendu."))
	}
	return w.say(nextWords(s))
}

func (c *Core) digestStop(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	if _, err := c.digests.Stop(ctx, s.To, s.ID); err != nil {
		return Reply{}, fmt.Errorf("stop digest: %w", err)
	}
	return c.done(r, both("Stopped: %s. Nothing more will come of it.", "Arrêté : %s. Plus rien n’en viendra.", c.view().describe(s)),
		button(both("Subscribe again", "Se réabonner").In(r.Lang), subscription(s).Line(), 0)), nil
}

func (c *Core) digestPause(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	if _, err := c.digests.Pause(ctx, s.To, s.ID, true); err != nil {
		return Reply{}, fmt.Errorf("pause digest: %w", err)
	}
	return c.done(r, both("Paused: %s.", "Suspendu : %s.", c.view().describe(s)),
		button(both("Resume", "Reprendre").In(r.Lang), digestLine("resume", s.ID), 0)), nil
}

func (c *Core) digestResume(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	if err := installed(r); err != nil {
		return Reply{}, err
	}
	if _, err := c.digests.Pause(ctx, s.To, s.ID, false); err != nil {
		return Reply{}, fmt.Errorf("resume digest: %w", err)
	}
	return c.done(r, both("Resumed from now on: %s.", "Repris à partir de maintenant : %s.", c.view().describe(s)),
		button(both("Pause", "Suspendre").In(r.Lang), digestLine("pause", s.ID), 0)), nil
}

func (c *Core) digestNow(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	if err := installed(r); err != nil {
		return Reply{}, err
	}
	if err := c.digests.SendNow(ctx, s.To, s.ID); err != nil {
		return Reply{}, fmt.Errorf("send digest now: %w", err)
	}
	return c.done(r, both("On its way: %s.", "En route : %s.", c.view().describe(s))), nil
}

// done is the short answer to a change, with a way to the list.
func (c *Core) done(r Request, what briefings.Text, buttons ...Button) Reply {
	w := c.view().compose(r, "")
	w.add(remark(w.say(what)))
	w.reply.Buttons = append(buttons, button(w.say(both("All digests", "Tous les envois")), "/digest list", 0))
	return w.reply
}

// subscription is the request that makes a digest like s.
func subscription(s Subscription) Request {
	rule, at, _ := strings.Cut(string(s.Schedule), " ")
	r := Request{Command: "digest", Sub: "subscribe", Options: map[string]string{
		"topics": strings.Join(s.Topics, ","), "schedule": rule, "time": at, "zone": s.Zone, "lang": string(s.Lang),
	}}
	switch day, clock, ok := strings.Cut(at, " "); {
	case rule == "cron":
		r.Options["schedule"] = string(s.Schedule)
		delete(r.Options, "time")
	case rule == "weekly" && ok:
		r.Options["day"], r.Options["time"] = day, clock
	}
	if s.WhenQuiet == "brief" {
		r.Options["when_quiet"] = s.WhenQuiet
	}
	if s.QuietHours != "" {
		r.Options["quiet_hours"] = s.QuietHours
	}
	if s.TextOnly {
		r.Options["text_only"] = "yes"
	}
	return r
}

// installed passes places that a digest can be posted in later.
func installed(r Request) error {
	if r.Place.Platform != Discord || r.Place.Postable {
		return nil
	}
	return wrong("I can answer here, but not post by myself: I am installed for you, not in this server. Ask somebody who manages it to add me to the server, then try again.",
		"Je peux répondre ici, mais pas écrire de moi-même : je suis installé pour vous, pas sur ce serveur. Demandez à une personne qui le gère de m’y ajouter, puis réessayez.")
}

// plainTopics reads the topics of a digest, separated by commas or semicolons.
func (c *Core) plainTopics(v *view, r Request, s string) ([]string, error) {
	var chosen []string
	switch briefings.Fold(s) {
	case "all", "tous", "tout":
		return topicSet(v.topics...), nil
	case "none", "aucun":
		return nil, nil
	}
	for _, name := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' }) {
		if strings.TrimSpace(name) == "" {
			continue
		}
		t, err := c.findTopic(v, r, "topics", name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, t.Slug)
	}
	var out []string // in the pack's order
	for _, t := range v.topics {
		if slices.Contains(chosen, t.Slug) {
			out = append(out, t.Slug)
		}
	}
	return out, nil
}
