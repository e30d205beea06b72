// Package config is what the operator decides: settings from griot.yaml and
// the environment, which wins. [Settings] is the one table of them all; the
// help text, the README's table and the loader are made from it. Wrong settings
// are reported all at once, each with its key and its cure, and secrets never
// print.
package config
