package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Spec is Discord's own description of its API (OpenAPI 3.1), as far as
// checking request bodies needs it.
type Spec struct {
	Paths map[string]struct {
		Post, Put, Patch, Delete operation
	} `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

// operation is one way to use a path.
type operation struct {
	ID   string `json:"operationId"`
	Body struct {
		Content map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

// schema is the part of JSON Schema that the description uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"` // a name or a list of names
	Properties map[string]*schema `json:"properties"`
	Additional any                `json:"additionalProperties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
	OneOf      []*schema          `json:"oneOf"`
	AnyOf      []*schema          `json:"anyOf"`
	AllOf      []*schema          `json:"allOf"`
	Enum       []any              `json:"enum"`
	Const      any                `json:"const"`
	MaxLength  *int               `json:"maxLength"`
	MinLength  *int               `json:"minLength"`
	MaxItems   *int               `json:"maxItems"`
	MinItems   *int               `json:"minItems"`
	Maximum    *float64           `json:"maximum"`
	Minimum    *float64           `json:"minimum"`
	Pattern    string             `json:"pattern"`
	Format     string             `json:"format"`
	Unique     bool               `json:"uniqueItems"`
}

// SpecFile is where the description lies, seen from the repository's root, on
// machines that have it. It is not part of the repository.
const SpecFile = "../shared/specs/discord-openapi.json"

// FindSpec loads the description; an error wrapping os.ErrNotExist says that
// this machine does not have it.
func FindSpec() (*Spec, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			return nil, errors.New("no go.mod above this folder")
		}
		dir = filepath.Dir(dir)
	}
	b, err := os.ReadFile(filepath.Join(dir, SpecFile))
	if err != nil {
		return nil, err
	}
	s := &Spec{}
	return s, json.Unmarshal(b, s)
}

// Check says what is wrong with the JSON body of a request. Path is behind the
// version: "/channels/1/messages".
func (s *Spec) Check(method, path string, body []byte) error {
	path, _, _ = strings.Cut(path, "?")
	for pattern, item := range s.Paths {
		if !fits(pattern, path) {
			continue
		}
		op, ok := map[string]operation{"POST": item.Post, "PUT": item.Put, "PATCH": item.Patch}[method]
		if !ok || op.Body.Content == nil {
			continue
		}
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			return err
		}
		if faults := s.check(op.Body.Content["application/json"].Schema, v, "body"); len(faults) > 0 {
			return fmt.Errorf("%s %s: %s", method, path, strings.Join(faults, "; "))
		}
		return nil
	}
	return fmt.Errorf("%s %s: there is no such call", method, path)
}

// Operation is what Discord calls a call, "" when there is no such one.
func (s *Spec) Operation(method, path string) string {
	for pattern, item := range s.Paths {
		if fits(pattern, path) {
			return map[string]operation{"POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}[method].ID
		}
	}
	return ""
}

// fits compares a path with a pattern such as /channels/{channel_id}/messages.
func fits(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != have[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

func (s *Spec) check(c *schema, v any, at string) (faults []string) {
	if c == nil {
		return nil
	}
	bad := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	if c.Ref != "" {
		faults = append(faults, s.check(s.Components.Schemas[c.Ref[strings.LastIndex(c.Ref, "/")+1:]], v, at)...)
	}
	if c.Type != nil && !typed(c.Type, v) {
		bad("%T, want %v", v, c.Type)
		return faults
	}
	if c.Const != nil && c.Const != v {
		bad("%v, want %v", v, c.Const)
	}
	if len(c.Enum) > 0 && v != nil {
		found := false
		for _, e := range c.Enum {
			found = found || e == v
		}
		if !found {
			bad("%v, want one of %v", v, c.Enum)
		}
	}
	for _, all := range c.AllOf {
		faults = append(faults, s.check(all, v, at)...)
	}
	// Discord marks its unions oneOf although their members overlap.
	for _, union := range [][]*schema{c.OneOf, c.AnyOf} {
		if len(union) > 0 {
			faults = append(faults, s.any(union, v, at)...)
		}
	}
	switch v := v.(type) {
	case string:
		faults = append(faults, c.text(v, at)...)
	case float64:
		if c.Maximum != nil && v > *c.Maximum || c.Minimum != nil && v < *c.Minimum {
			bad("%v is out of range", v)
		}
	case []any:
		if c.MaxItems != nil && len(v) > *c.MaxItems || c.MinItems != nil && len(v) < *c.MinItems {
			bad("%d entries", len(v))
		}
		for i, item := range v {
			faults = append(faults, s.check(c.Items, item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		faults = append(faults, s.object(c, v, at)...)
	}
	return faults
}

// any wants one of several to fit; else it tells the faults of the nearest.
func (s *Spec) any(union []*schema, v any, at string) []string {
	var nearest []string
	for i, c := range union {
		faults := s.check(c, v, at)
		if len(faults) == 0 {
			return nil
		}
		if i == 0 || len(faults) < len(nearest) {
			nearest = faults
		}
	}
	return nearest
}

func (s *Spec) object(c *schema, v map[string]any, at string) (faults []string) {
	for _, name := range c.Required {
		if _, ok := v[name]; !ok {
			faults = append(faults, at+": no "+name)
		}
	}
	for name, field := range v {
		p, known := c.Properties[name]
		if known {
			faults = append(faults, s.check(p, field, at+"."+name)...)
			continue
		}
		if extra, ok := c.Additional.(map[string]any); ok {
			b, _ := json.Marshal(extra)
			var e schema
			_ = json.Unmarshal(b, &e)
			faults = append(faults, s.check(&e, field, at+"."+name)...)
		}
	}
	return faults
}

func (c *schema) text(v, at string) (faults []string) {
	n := utf8.RuneCountInString(v)
	if c.MaxLength != nil && n > *c.MaxLength || c.MinLength != nil && n < *c.MinLength {
		faults = append(faults, fmt.Sprintf("%s: %d characters", at, n))
	}
	if c.Pattern != "" {
		if re, err := regexp.Compile(c.Pattern); err == nil && !re.MatchString(v) {
			faults = append(faults, fmt.Sprintf("%s: %q does not match %s", at, v, c.Pattern))
		}
	}
	if c.Format == "uri" {
		if u, err := url.Parse(v); err != nil || u.Scheme == "" {
			faults = append(faults, fmt.Sprintf("%s: %q is no address", at, v))
		}
	}
	return faults
}

// typed reports whether v has one of the types.
func typed(want, v any) bool {
	if list, ok := want.([]any); ok {
		for _, w := range list {
			if typed(w, v) {
				return true
			}
		}
		return false
	}
	switch v := v.(type) {
	case nil:
		return want == "null"
	case bool:
		return want == "boolean"
	case float64:
		return want == "number" || want == "integer" && v == math.Trunc(v)
	case string:
		return want == "string"
	case []any:
		return want == "array"
	default:
		return want == "object"
	}
}
