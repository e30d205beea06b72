package briefings

import (
	"embed"
	"io/fs"
)

//go:embed skeleton
var skeleton embed.FS

// Skeleton returns a small valid pack with one item of every kind, to begin
// another pack with. All it says is invented.
func Skeleton() fs.FS {
	sub, err := fs.Sub(skeleton, "skeleton")
	if err != nil {
		panic(err) // the embedded folder has this name
	}
	return sub
}
