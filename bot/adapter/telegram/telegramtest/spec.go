package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Spec is a machine-readable description of the Bot API. Tests hold what we
// send against it where it is at hand.
type Spec struct {
	Methods map[string]object `json:"methods"`
	Types   map[string]object `json:"types"`
}

type object struct {
	Fields []struct {
		Name     string   `json:"name"`
		Types    []string `json:"types"`
		Required bool     `json:"required"`
	} `json:"fields"`
}

// SpecFile is where the description lies, seen from the repository's root, on
// machines that have it. It is not part of the repository.
const SpecFile = "../shared/specs/telegram-bot-api.json"

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

// Check says what is wrong with the JSON body of a request. Path is the method: "/sendMessage".
func (s *Spec) Check(path string, body []byte) error {
	method, ok := s.Methods[strings.TrimPrefix(path, "/")]
	if !ok {
		return fmt.Errorf("there is no method %s", path)
	}
	if why := s.object(method, body); why != "" {
		return fmt.Errorf("%s: %s", path, why)
	}
	return nil
}

func (s *Spec) object(o object, raw json.RawMessage) string {
	var have map[string]json.RawMessage
	if err := json.Unmarshal(raw, &have); err != nil {
		return "not an object"
	}
	for _, f := range o.Fields {
		value, ok := have[f.Name]
		delete(have, f.Name)
		if !ok {
			if f.Required {
				return f.Name + " is missing"
			}
			continue
		}
		why := "of no type"
		for _, typ := range f.Types {
			if why = s.value(typ, value); why == "" {
				break
			}
		}
		if why != "" {
			return f.Name + ": " + why
		}
	}
	for name := range have {
		return name + " is unknown"
	}
	return ""
}

func (s *Spec) value(typ string, raw json.RawMessage) string {
	if of, ok := strings.CutPrefix(typ, "Array of "); ok {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return "not a list"
		}
		for _, item := range list {
			if why := s.value(of, item); why != "" {
				return why
			}
		}
		return ""
	}
	var ok bool
	switch typ {
	case "String", "InputFile":
		ok = json.Unmarshal(raw, new(string)) == nil
	case "Integer":
		ok = json.Unmarshal(raw, new(int64)) == nil
	case "Boolean":
		ok = json.Unmarshal(raw, new(bool)) == nil
	default:
		o, known := s.Types[typ]
		if !known {
			return "unknown type " + typ
		}
		return s.object(o, raw)
	}
	if !ok {
		return "not a " + typ
	}
	return ""
}
