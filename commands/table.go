package commands

import "griot/briefings"

// makeTable lists the commands there are with this view: a briefing for each
// published topic, then the rest.
func (c *Core) makeTable(v *view) Table {
	fixed := Table{
		c.timelineCommand(), c.latestCommand(), c.searchCommand(), c.whoCommand(), c.defineCommand(), c.sourcesCommand(), c.disputedCommand(),
		c.digestCommand(), c.settingsCommand(), c.helpCommand(), c.aboutCommand(), c.privacyCommand(), c.forgetCommand(), c.startCommand(),
	}
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
