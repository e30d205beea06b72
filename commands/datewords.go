package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

// mostDateWords is how many words are looked through for dates.
const mostDateWords = 12

var (
	sinceWords = strings.Fields("since depuis")
	untilWords = strings.Fields("until till jusqu")
	toWords    = strings.Fields("to until till and au a et")
	// fillers join dates and a topic.
	fillers = strings.Fields("in on for about between from and sur pour en au aux de du entre et le la les l")
)

// splitDates parts the words of a topic from dates said among them, before or
// behind it: "fishing last month", "2024 fishing", "fishing from 2023 to 2024".
// The dates are options as typed, empty where that end is open; both are empty
// when there are none.
func splitDates(v *view, r Request, said string) (topic, from, to string) {
	words := strings.Fields(said)
	if len(words) > mostDateWords || v.isTopic(said) {
		return said, "", ""
	}
	for i := range words {
		if from, to = r.span(words[i:]); from != "" || to != "" {
			return strings.Join(words[:i], " "), from, to
		}
	}
	for i := len(words) - 1; i > 0; i-- {
		rest := words[i:]
		for len(rest) > 1 && slices.Contains(fillers, briefings.Fold(rest[0])) {
			rest = rest[1:]
		}
		if from, to = r.span(words[:i]); (from != "" || to != "") && v.isTopic(strings.Join(rest, " ")) {
			return strings.Join(rest, " "), from, to
		}
	}
	return said, "", ""
}

func (v *view) isTopic(name string) bool {
	return slices.ContainsFunc(v.x.Find(name, briefings.KindTopic), func(m briefings.Match) bool { return v.topic(m.ID.Slug()) != nil })
}

// span reads the dates that words say, all of them: one period, or from one to
// another. "Since" leaves the end open, "until" the beginning.
func (r Request) span(words []string) (from, to string) {
	if len(words) == 0 {
		return "", ""
	}
	if p := readPeriod(strings.Join(words, " "), r); !p.IsZero() {
		first, _, _ := strings.Cut(briefings.Fold(words[0]), " ")
		switch {
		case slices.Contains(sinceWords, first):
			return p.First.String(), ""
		case slices.Contains(untilWords, first):
			return "", p.Last.String()
		}
		return p.First.String(), p.Last.String()
	}
	for i := 1; i < len(words)-1; i++ {
		if !slices.Contains(toWords, briefings.Fold(words[i])) {
			continue
		}
		start := words[:i]
		if len(start) > 1 && slices.Contains(fillers, briefings.Fold(start[0])) {
			start = start[1:]
		}
		a, b := readPeriod(strings.Join(start, " "), r), readPeriod(strings.Join(words[i+1:], " "), r)
		if !a.IsZero() && !b.IsZero() {
			return a.First.String(), b.Last.String()
		}
	}
	return "", ""
}
