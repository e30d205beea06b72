package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"griot/briefings"
)

// writeReport prints what an editor signs a pack by.
func writeReport(w io.Writer, r briefings.Report) error {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "topic\twords en\tfr\tsentences en\tfr\tsourced\tper sentence\tsources\tas of\tdays\tsame\t")
	for _, t := range r.Topics {
		en, fr := briefings.EN, briefings.FR
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%s\t%.1f\t%d\t%s\t%d\t%s\t\n", named(t), t.Words[en], t.Words[fr], t.Sentences[en], t.Sentences[fr],
			share(t.Sourced[en]+t.Sourced[fr], t.Sentences[en]+t.Sentences[fr]),
			float64(t.Citations[en]+t.Citations[fr])/float64(max(1, t.Sentences[en]+t.Sentences[fr])), t.Sources, t.AsOf, t.AgeDays, yesNo(t.Same))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("lay the report out: %w", err)
	}
	e, s := r.Events, r.Sources
	fmt.Fprintf(&b, "\nevents       %d: confidence %s; %d landmark, %d notable, %d minor; %s, %d disputed; %d with a short title or none needed\n",
		e.Events, shares(e.Confidence, e.Events, "high", "medium", "low"), e.Importance["3"], e.Importance["2"], e.Importance["1"], count(e.Claims, "claim"), e.Disputed, e.Short)
	fmt.Fprintf(&b, "sources      %d: grade %s; %d linked, %d undated, %d speak for a side, %d repeat another, %d cited by nothing\n",
		s.Sources, shares(s.Grades, s.Sources, "A", "B", "C"), s.Linked, s.Undated, s.Voiced, s.Repeats, s.Uncited)
	fmt.Fprintf(&b, "kinds        %s\n", ranked(s.Kinds))
	fmt.Fprintf(&b, "unconfirmed  %d", len(r.Unconfirmed))
	for i, id := range r.Unconfirmed {
		b.WriteString(map[bool]string{true: ": ", false: ", "}[i == 0] + string(id))
	}
	b.WriteString("\n\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// named is a topic's slug, with its status where readers do not see it.
func named(t briefings.TopicReport) string {
	if t.Status != briefings.Published {
		return t.Slug + " (" + string(t.Status) + ")"
	}
	return t.Slug
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "NO"
}

// share is a part of a whole, never rounded up to all of it.
func share(part, of int) string {
	if of == 0 {
		return "-"
	}
	return strconv.Itoa(100*part/of) + " %"
}

// shares lists the parts of a whole in a given order.
func shares[K ~string](parts map[K]int, of int, order ...K) string {
	var out []string
	for _, k := range order {
		out = append(out, fmt.Sprintf("%s %d (%s)", k, parts[k], share(parts[k], of)))
	}
	return strings.Join(out, ", ")
}

// ranked lists counts, the largest first.
func ranked(counts map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	var out []string
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s %d", k, counts[k]))
	}
	return strings.Join(out, ", ")
}

// jsonReport prints the report as JSON lines: a topic each, then the events,
// the sources and what is unconfirmed.
func jsonReport(w io.Writer, r briefings.Report) error {
	for _, t := range r.Topics {
		if err := jsonLine(w, t); err != nil {
			return err
		}
	}
	if err := jsonLine(w, r.Events); err != nil {
		return err
	}
	if err := jsonLine(w, r.Sources); err != nil {
		return err
	}
	return jsonLine(w, map[string][]briefings.ID{"unconfirmed": append([]briefings.ID{}, r.Unconfirmed...)})
}
