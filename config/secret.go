package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that never prints itself. The value hides in a closure:
// printers that read unexported fields by reflection find a function there.
type Secret struct{ reveal func() string }

// NewSecret makes a secret of s; the empty secret is no secret.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{func() string { return s }}
}

// Reveal returns the value, for the one call that needs it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s.reveal != nil }

// String returns "***", or "" when there is nothing to hide.
func (s Secret) String() string {
	if !s.IsSet() {
		return ""
	}
	return "***"
}

// Format writes the same for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// GoString returns what String does.
func (s Secret) GoString() string { return s.String() }

// MarshalText returns what String does, for JSON, YAML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns what String does.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
