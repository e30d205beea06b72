package config

import "strings"

// Fault is one thing wrong with the settings.
type Fault struct {
	Key  string // the setting, or the place in the file
	What string // what is wrong, never with a secret's value
	Cure string // what to do
}

// Error says where and what; [Fault.Hint] says the cure.
func (f Fault) Error() string { return f.Key + ": " + f.What }

// Hint says what to do.
func (f Fault) Hint() string { return f.Cure }

// Faults is everything wrong with the settings.
type Faults []Fault

// Error lists the faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults one by one.
func (fs Faults) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}
