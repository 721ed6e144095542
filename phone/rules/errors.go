package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// FileError is what is wrong with a rules file, and where. Line and Column
// start at 1; 0 means the whole file.
type FileError struct {
	Line, Column int
	Reason       string
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// Warning is something in a good file that its author may not have meant.
type Warning struct {
	Rule   string
	Reason string
}

func (w Warning) String() string {
	if w.Rule == "" {
		return w.Reason
	}
	return fmt.Sprintf("rule %q %s", w.Rule, w.Reason)
}

// fromTOML turns the decoder's errors into ours.
func fromTOML(err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		first := unknown.Errors[0]
		row, col := first.Position()
		return &FileError{row, col, fmt.Sprintf("unknown key %q", strings.Join(first.Key(), "."))}
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		row, col := bad.Position()
		return &FileError{row, col, bad.Error()}
	}
	return &FileError{Reason: err.Error()}
}
