package briefings

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// langPattern is an ISO 639-1 code.
var langPattern = regexp.MustCompile(`^[a-z]{2}$`)

// source checks one source, its link above all.
func (c *checker) source(s *Source) {
	if !s.Date.IsZero() {
		c.future(c.at(s.At, "date"), "the date", s.Date)
	}
	if s.Lang != "" && !langPattern.MatchString(s.Lang) {
		c.err(c.at(s.At, "lang"), "Write the two letters of ISO 639-1: en, fr.", "%q is not a language", s.Lang)
	}
	c.voiced(s)
	if s.URL == "" {
		return
	}
	at := c.at(s.At, "url")
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(s.URL, " <>\"`") {
		c.err(at, "Write the page's whole address: https://…", "%q is not the address of a page", s.URL)
		return
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		c.err(at, "Delete the url: the source is then shown without a link.", "%q is not a public host", host)
	}
	if banned := c.neverLinked(host); banned != "" {
		c.err(at, "Delete the url: the source is then shown without a link.", "pages of %q are never linked (never_link in pack.yaml has %q)", host, banned)
	}
}

// neverLinked returns the entry of never_link that forbids the host, or "".
func (c *checker) neverLinked(host string) string {
	for _, n := range c.p.NeverLink {
		if host == n || strings.HasSuffix(host, "."+n) || strings.Contains(n, "*") && partLike(host, n) {
			return n
		}
	}
	return ""
}

// partLike reports whether a part of a host is like a pattern of never_link,
// such as origin-*, test.* and *-stg. The last two parts are the name of a site
// and say nothing about a staging copy.
func partLike(host, pattern string) bool {
	parts := strings.Split(host, ".")
	for _, part := range parts[:max(len(parts)-2, 0)] {
		start, begins := strings.CutSuffix(pattern, "*")
		end, ends := strings.CutPrefix(pattern, "*")
		if begins && strings.HasPrefix(part+".", start) || ends && strings.HasSuffix(part, end) {
			return true
		}
	}
	return false
}
