package discord

import (
	"regexp"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/briefings"
	"griot/commands"
)

// maxMessageCommands is how many commands an application may have for messages:
// https://docs.discord.com/developers/interactions/application-commands
const maxMessageCommands = 15

// messageCommands are the commands that take a message somebody points at, for
// the menu that opens on one.
func messageCommands(t commands.Table) []*discordgo.ApplicationCommand {
	var out []*discordgo.ApplicationCommand
	for _, c := range t.Offered() {
		if c.Message.EN == "" || len(c.Options) == 0 || len(out) == maxMessageCommands || !menuPattern.MatchString(c.Message.EN) {
			continue
		}
		kinds, contexts := anywhere()
		one := &discordgo.ApplicationCommand{Type: discordgo.MessageApplicationCommand, Name: c.Message.EN, IntegrationTypes: &kinds, Contexts: &contexts}
		if fr := c.Message.FR; fr != c.Message.EN && menuPattern.MatchString(fr) {
			one.NameLocalizations = &map[discordgo.Locale]string{discordgo.French: fr}
		}
		out = append(out, one)
	}
	return out
}

// menuPattern is the rule for names in menus, which may have capitals and spaces.
var menuPattern = regexp.MustCompile(`^[-_'’\p{L}\p{N}](?:[-_'’ \p{L}\p{N}]{0,30}[-_'’\p{L}\p{N}])?$`)

// anywhere is where commands are offered: in servers and private chats, also
// where only the asker has the app.
func anywhere() ([]discordgo.ApplicationIntegrationType, []discordgo.InteractionContextType) {
	return []discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall, discordgo.ApplicationIntegrationUserInstall},
		[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM, discordgo.InteractionContextPrivateChannel}
}

// resolved is what an interaction brings of what was pointed at; the content of
// messages comes with it, no intent is needed.
type resolved struct {
	Messages map[string]pointedMessage `json:"messages"`
}

// pointedMessage is what we read of https://docs.discord.com/developers/resources/message
type pointedMessage struct {
	Content string `json:"content"`
	Embeds  []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Fields      []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"fields"`
		Footer struct {
			Text string `json:"text"`
		} `json:"footer"`
	} `json:"embeds"`
	Components []pointedComponent `json:"components"`
	Snapshots  []struct {
		Message pointedMessage `json:"message"`
	} `json:"message_snapshots"` // of a forwarded one
}

type pointedComponent struct {
	Content    string             `json:"content"`
	Components []pointedComponent `json:"components"`
}

// maxPointed is how many bytes of a message are read.
const maxPointed = 64 << 10

// text is what a message says, in lines.
func (m pointedMessage) text() string {
	var lines []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, s)
		}
	}
	add(m.Content)
	for _, e := range m.Embeds {
		add(e.Title)
		add(e.Description)
		for _, f := range e.Fields {
			add(f.Name)
			add(f.Value)
		}
		add(e.Footer.Text)
	}
	for _, c := range m.Components {
		add(c.text(0))
	}
	for _, s := range m.Snapshots {
		add(s.Message.text())
	}
	text := strings.Join(lines, "\n")
	if len(text) > maxPointed {
		text = strings.ToValidUTF8(text[:maxPointed], "")
	}
	return text
}

func (c pointedComponent) text(depth int) string {
	var b strings.Builder
	b.WriteString(c.Content)
	for _, sub := range c.Components {
		if depth < 4 { // nothing is nested deeper
			b.WriteString("\n" + sub.text(depth+1))
		}
	}
	return b.String()
}

// pointed reads a command that was chosen in the menu of a message; false when
// the table has none of that name, or the message has no text.
func (i *interaction) pointed(t commands.Table) (r commands.Request, known, has bool) {
	for _, c := range t.Offered() {
		if c.Message.EN != i.Data.Name || len(c.Options) == 0 {
			continue
		}
		text := i.Data.Resolved.Messages[i.Data.Target].text()
		r = commands.Request{Command: c.Name, Options: map[string]string{c.Options[0].Name: text}}
		return i.request(r), true, text != ""
	}
	return commands.Request{}, false, false
}

// noText is what somebody reads who points at a message without any.
var noText = briefings.Text{
	EN: "That message has no text that I could read. You can paste one: /check text:…",
	FR: "Ce message n’a pas de texte que je puisse lire. Vous pouvez en coller un\u00a0: /check text:…",
}
