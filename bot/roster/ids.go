package roster

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"griot/bot/adapter/terminal"
	"griot/commands"
)

// place reads where digests go.
func (c *checker) place(r record) commands.Destination {
	to := commands.Destination{Platform: commands.Platform(strings.ToLower(c.text(r, platform))), Chat: c.id(r, chat), Thread: c.id(r, thread)}
	switch to.Platform {
	case "":
		c.missing(r, platform, "write discord or telegram")
		return to
	case commands.Discord, commands.Telegram:
	case commands.Terminal:
		if to.Chat != terminal.Here.Chat || to.Thread != "" {
			c.fault(r, chat, "a terminal has one chat and no threads", fmt.Sprintf("write %q as chat and leave thread empty", terminal.Here.Chat))
		}
		return to
	default:
		c.fault(r, platform, fmt.Sprintf("there is no platform %q", clip(string(to.Platform))), "write discord or telegram")
		return to
	}
	if to.Chat == "" {
		c.missing(r, chat, chatCure(to.Platform))
		return to
	}
	c.checkID(r, chat, to.Chat, to.Platform == commands.Telegram, chatCure(to.Platform))
	if to.Thread != "" {
		c.checkID(r, thread, to.Thread, false, threadCure(to.Platform))
	}
	return to
}

func chatCure(p commands.Platform) string {
	if p == commands.Telegram {
		return "write the signed id of the chat, such as -1001234567890 for a group and 123456789 for a person, not its name"
	}
	return "write the id of the channel, digits only: turn on Developer Mode in Discord, then Copy Channel ID"
}

func threadCure(p commands.Platform) string {
	if p == commands.Telegram {
		return "write the number of the forum topic, or nothing"
	}
	return "write the id of the thread, digits only, or nothing"
}

// rounded is a number as a spreadsheet shows one that is too long for it.
var rounded = regexp.MustCompile(`^[+-]?\d+([.,]\d+)?[eE][+-]?\d+$`)

// wrapped is how a spreadsheet is made to leave a number alone: ="-100123".
var wrapped = regexp.MustCompile(`^="([^"]*)"$`)

// id reads an id, out of what spreadsheets put around one.
func (c *checker) id(r record, column string) string {
	s := c.text(r, column)
	if m := wrapped.FindStringSubmatch(s); m != nil {
		s = trim(m[1])
	}
	s = strings.TrimPrefix(s, "'")
	if rest, ok := strings.CutPrefix(s, "\u2212"); ok {
		s = "-" + rest
	}
	if rounded.MatchString(s) {
		c.fault(r, column, fmt.Sprintf("the %s %s was rounded by a spreadsheet, its last digits are lost", column, s),
			"take the ids from a new export, and format the column as text before you paste them")
		return ""
	}
	return s
}

// checkID passes what is written as the platform writes ids.
func (c *checker) checkID(r record, column, id string, signed bool, cure string) {
	if r.fields[column].wrong {
		return
	}
	var back string
	if signed {
		n, err := strconv.ParseInt(id, 10, 64)
		if back = strconv.FormatInt(n, 10); err != nil || n == 0 {
			back = ""
		}
	} else {
		n, err := strconv.ParseUint(id, 10, 63)
		if back = strconv.FormatUint(n, 10); err != nil || n == 0 {
			back = ""
		}
	}
	if back != id {
		c.fault(r, column, fmt.Sprintf("the %s %q is no id", column, clip(id)), cure)
	}
}

// trim takes off space, the kinds that spreadsheets put in included.
func trim(s string) string { return strings.Trim(s, " \t\r\n\u00a0\u202f\ufeff") }

// clip cuts a value to a length fit to repeat.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "?")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
