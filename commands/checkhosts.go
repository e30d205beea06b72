package commands

import (
	"regexp"
	"slices"
	"strings"
)

// address is an address in a text, its host first.
var address = regexp.MustCompile(`(?i)\bhttps?://([^\s/?#\\<>()\[\]"”»]+)`)

// strangeHosts are where addresses in a text lead that no source is at. They
// are looked at apart from the words: those of a copy may have lost theirs.
func (v *view) strangeHosts(text string) []string {
	var out, known []string
	for _, m := range address.FindAllStringSubmatchIndex(text, -1) {
		if known == nil {
			for _, s := range v.x.Pack().Sources {
				known = appendNew(known, hostOf(s.URL))
			}
		}
		host := hostIn(text[m[2]:m[3]])
		is := func(ours string) bool {
			return ours == host || m[3] == len(text) && ours != "" && strings.HasPrefix(ours, host) // the text breaks off
		}
		if host != "" && !slices.ContainsFunc(known, is) {
			out = appendNew(out, host)
		}
	}
	return out
}

func hostOf(url string) string {
	if m := address.FindStringSubmatch(url); m != nil {
		return hostIn(m[1])
	}
	return ""
}

// hostIn is the host in what stands before the path of an address.
func hostIn(authority string) string {
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	host, _, _ = strings.Cut(host, ":")
	return strings.TrimPrefix(strings.ToLower(strings.TrimRight(host, ".,;…*_")), "www.")
}
