package briefings

import (
	"embed"
	"io/fs"
)

//go:embed content
var embedded embed.FS

// Embedded returns the pack that is built into the program.
func Embedded() fs.FS {
	sub, err := fs.Sub(embedded, "content")
	if err != nil {
		panic(err) // the embedded folder has this name
	}
	return sub
}
