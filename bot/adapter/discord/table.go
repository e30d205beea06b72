package discord

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/briefings"
	"griot/commands"
)

// maxCommands is how many slash commands an application may have.
const maxCommands = 100

// wanted is the table as Discord takes it.
func wanted(t commands.Table) []*discordgo.ApplicationCommand {
	names := newNames()
	var out []*discordgo.ApplicationCommand
	for _, c := range t.Offered() {
		if !namePattern.MatchString(c.Name) || len(out) == maxCommands {
			continue
		}
		kinds, contexts := anywhere()
		local := names.local(c.Name, c.Names)
		out = append(out, &discordgo.ApplicationCommand{
			Type: discordgo.ChatApplicationCommand, Name: c.Name, NameLocalizations: &local,
			Description: describe(c.Summary.EN, c.Name), DescriptionLocalizations: new(localText(c.Summary, c.Name)),
			IntegrationTypes: &kinds, Contexts: &contexts, Options: options(c),
		})
	}
	return append(out, messageCommands(t)...)
}

// options are a command's subcommands, or else its options, required ones first.
func options(c commands.Command) []*discordgo.ApplicationCommandOption {
	names := newNames()
	out := []*discordgo.ApplicationCommandOption{}
	for _, s := range c.Subs {
		out = append(out, &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionSubCommand, Name: s.Name, NameLocalizations: names.local(s.Name, s.Names),
			Description: describe(s.Summary.EN, s.Name), DescriptionLocalizations: localText(s.Summary, s.Name), Options: options(s),
		})
	}
	if len(c.Subs) > 0 {
		return out[:min(len(out), maxOptions)]
	}
	for _, o := range c.Options {
		if o.Hidden {
			continue
		}
		one := &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionString, Name: o.Name, NameLocalizations: names.local(o.Name, o.Names),
			Description: describe(o.Summary.EN, o.Name), DescriptionLocalizations: localText(o.Summary, o.Name),
			Required: o.Required, Autocomplete: o.Complete != nil && len(o.Choices) == 0,
		}
		for _, ch := range o.Choices[:min(len(o.Choices), maxOptions)] {
			label := clip(oneLine(ch.Label.EN), maxOption)
			if label == "" {
				label = ch.Value
			}
			choice := &discordgo.ApplicationCommandOptionChoice{Name: label, Value: ch.Value}
			if fr := clip(oneLine(ch.Label.FR), maxOption); fr != "" && fr != label {
				choice.NameLocalizations = map[discordgo.Locale]string{discordgo.French: fr}
			}
			one.Choices = append(one.Choices, choice)
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(x, y *discordgo.ApplicationCommandOption) int {
		switch {
		case x.Required == y.Required:
			return 0
		case x.Required:
			return -1
		}
		return 1
	})
	return out[:min(len(out), maxOptions)]
}

// describe is a description Discord takes: 1 to 100 characters.
func describe(s, name string) string {
	if s = clip(oneLine(s), 100); s == "" {
		return name
	}
	return s
}

func localText(t briefings.Text, name string) map[discordgo.Locale]string {
	en, fr := describe(t.EN, name), describe(t.FR, name)
	if fr == en || t.FR == "" {
		return nil
	}
	return map[discordgo.Locale]string{discordgo.French: fr}
}

// namePattern is Discord's rule for names, which are lower case besides:
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
var namePattern = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// names gives out localized names, none twice in one language: Discord would
// refuse the whole list for it.
type names struct{ en, fr map[string]bool }

func newNames() names { return names{map[string]bool{}, map[string]bool{}} }

func (n names) local(name string, t briefings.Text) map[discordgo.Locale]string {
	out := map[discordgo.Locale]string{}
	give := func(taken map[string]bool, local string, tags ...discordgo.Locale) {
		usable := namePattern.MatchString(local) && strings.ToLower(local) == local && !taken[local]
		if !usable {
			local = name
		}
		taken[local] = true
		for _, tag := range tags {
			if local != name {
				out[tag] = local
			}
		}
	}
	give(n.en, t.EN, discordgo.EnglishUS, discordgo.EnglishGB)
	give(n.fr, t.FR, discordgo.French)
	if len(out) == 0 {
		return nil
	}
	return out
}
