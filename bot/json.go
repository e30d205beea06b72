package main

import (
	"encoding/json"
	"io"
)

// jsonLine writes v on a line of its own, with < > & as they are: no browser reads it.
func jsonLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
