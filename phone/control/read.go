package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// errHalf says that a client left in the middle of a line. JSON alone would
// not tell a whole request from one that was cut off.
var errHalf = errors.New("the last line has no end")

// wholeLines is a bufio.SplitFunc that never takes an unfinished line for one.
func wholeLines(data []byte, atEOF bool) (advance int, line []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errHalf
	}
	return 0, nil, nil
}

// read understands one line. The request's id is told even when the rest is
// wrong, as far as it could be read.
func read(line []byte) (Request, With, error) {
	var req Request
	var with With
	if err := strict(line, &req); err != nil {
		return req, with, &Error{"malformed", "this line is not a request: " + err.Error()}
	}
	v, known := verbs[req.Do]
	if !known {
		return req, with, &Error{"unknown", fmt.Sprintf("there is no request %.40q", req.Do)}
	}
	if len(req.With) == 0 {
		return req, with, nil
	}
	if err := strict(req.With, &with); err != nil {
		return req, with, &Error{"malformed", `"with" cannot be read: ` + err.Error()}
	}
	if field := stranger(req.With, v); field != "" {
		return req, with, &Error{"usage", fmt.Sprintf("%q does not take %.40q", req.Do, field)}
	}
	return req, with, nil
}

// strict reads one JSON value and refuses fields that nobody would look at: a
// misspelt "call" must not hang another call up.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is more than one value")
	}
	return nil
}

// stranger is the first field of with that a verb does not read, or empty.
func stranger(with json.RawMessage, v verb) string {
	var fields map[string]json.RawMessage
	json.Unmarshal(with, &fields) // it has been read before
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.ContainsFunc(strings.Fields(v.fields), func(f string) bool { return strings.EqualFold(f, name) }) {
			return name
		}
	}
	return ""
}
