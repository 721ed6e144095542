package rules

import (
	"fmt"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// maxNodes bounds an expression; a decision must not depend on how clever one is.
const maxNodes = 200

// Environment is what an expression sees. It is made of structs, so that a
// misspelt field is an error when the file is loaded.
type Environment struct {
	Caller struct {
		Number  string   `expr:"number"`
		Name    string   `expr:"name"`
		Country string   `expr:"country"`
		Contact bool     `expr:"contact"`
		Tags    []string `expr:"tags"`
	} `expr:"caller"`
	Call struct {
		Kind    string `expr:"kind"`
		Account string `expr:"account"`
		Payload string `expr:"payload"`
		LastDay int    `expr:"last_day"` // calls of this person in the last 24 h, this one included
	} `expr:"call"`
	Me   string    `expr:"me"`
	Now  time.Time `expr:"now"`
	Team struct {
		Free int `expr:"free"`
	} `expr:"team"`
}

func (b *builder) expression(w whenDef) (condition, error) {
	if w.Expr == "" {
		return nil, nil
	}
	program, err := expr.Compile(w.Expr, expr.Env(Environment{}), expr.AsBool(), expr.MaxNodes(maxNodes))
	if err != nil {
		return nil, fmt.Errorf("the expression is wrong: %w", err)
	}
	return func(_ *Book, f Facts) string { return evaluate(program, f) }, nil
}

// evaluate runs an expression; one that fails does not match, and the trace
// says so.
func evaluate(program *vm.Program, f Facts) string {
	out, err := expr.Run(program, environment(f))
	if err != nil {
		return "the expression failed: " + err.Error()
	}
	if out == true {
		return ""
	}
	return "the expression is false"
}

func environment(f Facts) Environment {
	var e Environment
	e.Caller.Number, e.Caller.Name = f.Party.Number, f.Party.Display()
	e.Caller.Country, e.Caller.Contact, e.Caller.Tags = f.number.region, f.Contact, f.Tags
	e.Call.Kind, e.Call.Account, e.Call.Payload = f.Kind, f.Account, f.Payload
	e.Call.LastDay = f.within(24 * time.Hour)
	e.Me, e.Now, e.Team.Free = string(f.Me), f.Now, f.Agents
	return e
}
