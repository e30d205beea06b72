package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"griot/briefings"
)

// newPack writes a pack to begin with into a folder that is empty or not there.
func newPack(c call, dir string) error {
	there, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("new pack: %w", err)
	case len(there) > 0:
		return hinted{fmt.Errorf("new pack: %s is not empty", dir), "name a folder that is not there yet"}
	}
	if err := os.CopyFS(dir, briefings.Skeleton()); err != nil {
		return fmt.Errorf("new pack: %w", err)
	}
	_, err = fmt.Fprintf(c.stdout, "a pack to begin with is in %[1]s; everything in it is invented: replace it\nnext: griot check %[1]s, then griot --content %[1]s\n", dir)
	return err
}
