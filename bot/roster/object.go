package roster

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"unicode/utf8"
)

// readJSON reads an array of objects, or objects one after the other, and
// yields them like [readCSV].
func readJSON(data []byte, faults *Faults, yield func(record)) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := &objects{data: data, dec: json.NewDecoder(bytes.NewReader(data)), starts: lineStarts(data), faults: faults}
	r.dec.UseNumber()
	for {
		at := r.next()
		tok, err := r.dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			if len(bytes.TrimSpace(data)) == 0 {
				faults.add(spot{1, 1}, "there is nothing in it", "write an array of subscriptions: [] if there is none")
			}
			return
		case err != nil:
			r.broken(err)
			return
		case tok == json.Delim('['), tok == json.Delim(']'):
			// around the subscriptions
		case tok == json.Delim('{'):
			rec, err := r.object(at)
			if err != nil {
				r.broken(err)
				return
			}
			yield(rec)
		default:
			faults.add(at, "this is no subscription", `write an object for each: {"platform":"telegram","chat":"-100123",...}`)
		}
	}
}

// objects reads JSON and knows where it is.
type objects struct {
	data   []byte
	dec    *json.Decoder
	starts []int
	faults *Faults
}

// next is where the next token begins.
func (r *objects) next() spot { return r.after(int(r.dec.InputOffset())) }

// after is where what follows an offset begins.
func (r *objects) after(at int) spot {
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	return r.spot(at)
}

func (r *objects) spot(offset int) spot {
	line := sort.SearchInts(r.starts, offset+1)
	from := r.starts[line-1]
	return spot{line, utf8.RuneCount(r.data[from:offset]) + 1}
}

// broken tells of what is no JSON; nothing can be read behind it.
func (r *objects) broken(err error) {
	at := r.next()
	if se, ok := errors.AsType[*json.SyntaxError](err); ok && se.Offset > 0 {
		at = r.after(min(int(se.Offset)-1, len(r.data)))
	}
	what := "this is not JSON: " + err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		what = "the file ends within a subscription"
	}
	r.faults.add(at, what, "mend it, or export the subscriptions anew; what follows was not read")
}

// object reads the rest of an object whose brace was read.
func (r *objects) object(at spot) (record, error) {
	rec := record{at: at, fields: map[string]field{}}
	for r.dec.More() {
		keyAt := r.next()
		tok, err := r.dec.Token()
		if err != nil {
			return rec, err
		}
		key, _ := tok.(string)
		value, err := r.value(key)
		if err != nil {
			return rec, err
		}
		_, had := rec.fields[key]
		switch {
		case !isColumn(key):
			r.faults.add(keyAt, fmt.Sprintf("there is no key %q", clip(key)), "the keys are "+headerLine())
		case had:
			r.faults.add(keyAt, fmt.Sprintf("the key %s is there twice", key), "leave one of them away")
		case value != nil:
			rec.fields[key] = *value
		}
	}
	_, err := r.dec.Token()
	return rec, err
}

// value reads a value: nil for null, and for what was told as a fault.
func (r *objects) value(key string) (*field, error) {
	f := field{at: r.next()}
	tok, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case string:
		f.text = v
	case json.Number:
		f.text = v.String()
	case bool:
		f.text = fmt.Sprint(v)
	case nil:
		return nil, nil
	case json.Delim:
		if v == '[' && key == topics {
			return r.list(f)
		}
		r.faults.add(f.at, "this is neither a text nor a list of topics", "write a text in quotes")
		f.wrong = true
		return &f, r.skip()
	}
	return &f, nil
}

// list reads the rest of an array of texts.
func (r *objects) list(f field) (*field, error) {
	f.isList = true
	for r.dec.More() {
		one, err := r.value("")
		if err != nil {
			return nil, err
		}
		if one != nil {
			f.list = append(f.list, *one)
		}
	}
	_, err := r.dec.Token()
	return &f, err
}

// skip reads to the end of the array or object that was begun.
func (r *objects) skip() error {
	for depth := 1; depth > 0; {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch tok {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
	return nil
}
