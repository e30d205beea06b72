package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct{}

func (versionCmd) run(_ context.Context, c call) error {
	_, err := fmt.Fprintf(c.stdout, "griot %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version names the build: the module's version and the commit, as far as the
// Go tool knew them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	known := map[string]string{}
	for _, s := range info.Settings {
		known[s.Key] = s.Value
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	if commit := known["vcs.revision"]; commit != "" {
		v += " " + commit[:min(12, len(commit))]
		if t := known["vcs.time"]; t != "" {
			v += " " + t
		}
		if known["vcs.modified"] == "true" {
			v += " modified"
		}
	}
	return v
}
