package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"griot/briefings"
	"griot/config"
)

// packFS is the folder of the pack that the settings name.
func packFS(c config.Config) (fs.FS, error) {
	if c.Content == "" {
		return briefings.Embedded(), nil
	}
	info, err := os.Stat(c.Content)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("%s: %w", c.Content, e.Err)
	} else if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s: not a folder", c.Content)
	}
	if err != nil {
		return nil, hinted{fmt.Errorf("content: %w", err), "name a folder that holds a pack.yaml"}
	}
	return os.DirFS(c.Content), nil
}

// eachFile gives every file of a folder but hidden ones, in order.
func eachFile(fsys fs.FS, f func(path string, data []byte) error) error {
	return fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		// A link to a file is as good as the file: mounted settings are made of them.
		if info, err := fs.Stat(fsys, path); err != nil || info.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		return f(path, data)
	})
}

// hash is over the names and bytes of all files but hidden ones.
func hash(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := eachFile(fsys, func(path string, data []byte) error {
		_, err := fmt.Fprintf(h, "%q %d\n%s", path, len(data), data)
		return err
	})
	return string(h.Sum(nil)), err
}

// maxCopy is the most bytes of files that a copy is made of.
const maxCopy = 64 << 20

// zipped is a copy of all files but hidden ones.
func zipped(fsys fs.FS) ([]byte, error) {
	var out bytes.Buffer
	w, size := zip.NewWriter(&out), 0
	err := eachFile(fsys, func(path string, data []byte) error {
		if size += len(data); size > maxCopy {
			return fmt.Errorf("more than %d MB", maxCopy>>20)
		}
		f, err := w.Create(path)
		if err == nil {
			_, err = f.Write(data)
		}
		return err
	})
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("copy files: %w", err)
	}
	return out.Bytes(), nil
}

// unzipped are the files of a copy.
func unzipped(data []byte) (fs.FS, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("read a copy of files: %w", err)
	}
	return r, nil
}
