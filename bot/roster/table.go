package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// record is one subscription of a file before it is understood.
type record struct {
	at     spot
	fields map[string]field
}

// field is one value of a record.
type field struct {
	at     spot
	text   string
	list   []field // what JSON has as a list
	isList bool
	wrong  bool // told as a fault already
}

// readCSV reads the rows of a table that a spreadsheet may have saved: with a
// byte order mark, separated by semicolons or tabs, with cells beyond the last.
// It yields one after the other, as there may be very many.
func readCSV(data []byte, faults *Faults, yield func(record)) {
	data, skipped := plainLines(data)
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.FieldsPerRecord = separator(data), -1
	starts := lineStarts(data)
	at := func(i int) spot {
		line, column := in.FieldPos(i)
		from := starts[line-1]
		return spot{line + skipped, utf8.RuneCount(data[from:min(from+column-1, len(data))]) + 1}
	}
	var header []string
	for {
		row, err := in.Read()
		if pe, ok := errors.AsType[*csv.ParseError](err); ok {
			faults.add(spot{pe.StartLine + skipped, 1}, fmt.Sprintf("the quotes of this row do not match (line %d): what follows was not read", pe.Line+skipped),
				`put a value that holds quotes into quotes, and write each of its own twice: "a ""b"" c"`)
			return
		}
		if err != nil { // the end; nothing else can fail in memory
			break
		}
		switch {
		case !slices.ContainsFunc(row, func(cell string) bool { return trim(cell) != "" }):
			// what a spreadsheet leaves of an empty row
		case header == nil:
			if header = readHeader(row, at, faults); header == nil {
				return
			}
		default:
			yield(readRow(header, row, at, faults))
		}
	}
	if header == nil {
		faults.add(spot{1, 1}, "there is no header", "begin with the line "+headerLine())
	}
}

func headerLine() string {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	return strings.Join(names, ",")
}

// readHeader returns the columns' names, or nil when no row can be read with it.
func readHeader(row []string, at func(int) spot, faults *Faults) []string {
	header := make([]string, len(row))
	for i, cell := range row {
		header[i] = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(trim(cell)))
	}
	if !slices.ContainsFunc(header, isColumn) {
		faults.add(at(0), "the first row is no header", "begin with the line "+headerLine())
		return nil
	}
	before := len(*faults)
	for i, name := range header {
		switch {
		case name == "":
		case !isColumn(name):
			faults.add(at(i), fmt.Sprintf("there is no column %q", clip(trim(row[i]))), "the columns are "+headerLine())
		case slices.Contains(header[:i], name):
			faults.add(at(i), fmt.Sprintf("the column %s is there twice", name), "leave one of them away")
		}
	}
	var missing []string
	for _, c := range columns {
		if !c.optional && !slices.Contains(header, c.name) {
			missing = append(missing, c.name)
		}
	}
	if len(missing) > 0 {
		faults.add(at(0), "the header lacks "+strings.Join(missing, ", "), "begin with the line "+headerLine())
	}
	if len(*faults) > before {
		return nil
	}
	return header
}

func isColumn(name string) bool {
	for _, c := range columns {
		if c.name == name {
			return true
		}
	}
	return false
}

func readRow(header, row []string, at func(int) spot, faults *Faults) record {
	r := record{at: at(0), fields: map[string]field{}}
	for i, cell := range row {
		switch {
		case i < len(header) && header[i] != "":
			r.fields[header[i]] = field{at: at(i), text: cell}
		case trim(cell) != "":
			faults.add(at(i), fmt.Sprintf("%q stands in no column", clip(trim(cell))), "separate topics by a semicolon, and put a value that holds the separator of cells into quotes")
		}
	}
	return r
}

// plainLines takes off what stands before the header, and says how many lines
// went: the mark of UTF-8, and Excel's "sep=;".
func plainLines(data []byte) ([]byte, int) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !bytes.ContainsRune(data, '\n') {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	if first, rest, _ := bytes.Cut(data, []byte("\n")); bytes.HasPrefix(bytes.ToLower(first), []byte("sep=")) {
		return rest, 1
	}
	return data, 0
}

// separator is what stands between the cells of the header.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(data, "\r\n"), []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, c := range ";\t" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// lineStarts are the offsets at which the lines of a text begin.
func lineStarts(data []byte) []int {
	starts := []int{0}
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}
