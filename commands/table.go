package commands

import "griot/briefings"

// Reserved returns the names of the commands that are there whatever the pack
// holds, which no topic can have.
func Reserved() []string {
	var out []string
	for _, cmd := range (&Core{}).fixed() {
		for _, name := range []string{cmd.Name, cmd.Names.EN, cmd.Names.FR} {
			out = appendNew(out, name)
		}
	}
	return out
}

// fixed are the commands that are there whatever the pack holds.
func (c *Core) fixed() Table {
	return Table{
		c.askCommand(), c.checkCommand(), c.timelineCommand(), c.latestCommand(), c.changesCommand(), c.searchCommand(), c.whoCommand(), c.defineCommand(), c.sourcesCommand(), c.disputedCommand(),
		c.digestCommand(), c.pinCommand(), c.unpinCommand(), c.pinsCommand(), c.settingsCommand(), c.reportCommand(), c.helpCommand(), c.aboutCommand(), c.privacyCommand(), c.forgetCommand(), c.startCommand(), c.editorsCommand(),
	}
}

// makeTable lists the commands there are with this view: a briefing for each
// published topic, then the rest.
func (c *Core) makeTable(v *view) Table {
	fixed := c.fixed()
	var t Table
	for _, topic := range v.topics {
		if topic.Command == "" || fixed.Find(topic.Command) != nil || t.Find(topic.Command) != nil {
			c.log.Error("topic has no command of its own", "topic", topic.Slug, "command", topic.Command)
			continue
		}
		t = append(t, c.topicCommand(topic))
	}
	return append(t, fixed...)
}

func same(name string) briefings.Text { return briefings.Same(name) }
