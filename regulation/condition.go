package regulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"khue/regulation/place"
)

// costLimit bounds what one condition may cost, in CEL's units.
const costLimit = 10_000

// condition is a compiled CEL expression over declared facts that answers yes or no. The zero condition always holds.
type condition struct {
	text string
	prog cel.Program
}

// compile checks an expression against the facts (each with its allowed values), refuses constants that no fact can be, and
// tries it on all that the facts can be.
func compile(text string, facts Facts) (condition, error) {
	if strings.TrimSpace(text) == "" {
		return condition{}, nil
	}
	var opts []cel.EnvOption
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		opts = append(opts, cel.Variable(name, celType(facts[name])))
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		return condition{}, err
	}
	ast, issues := env.Compile(text)
	if issues != nil && issues.Err() != nil {
		first := issues.Errors()[0]
		return condition{}, &place.Inner{Line: first.Location.Line(), Column: first.Location.Column() + 1, Err: place.Say("cel", "why", first.Message, "facts", factList(facts))}
	}
	if ast.OutputType() != cel.BoolType {
		return condition{}, &place.Inner{Line: 1, Column: 1, Err: place.Say("cel-yes-no", "type", ast.OutputType().String())}
	}
	if err := checkConstants(ast.NativeRep(), facts); err != nil {
		return condition{}, err
	}
	prog, err := env.Program(ast, cel.CostLimit(costLimit))
	if err != nil {
		return condition{}, err
	}
	c := condition{text, prog}
	for sample := range combinations(facts) {
		if _, err := c.holds(sample); err != nil {
			return condition{}, &place.Inner{Line: 1, Column: 1, Err: place.Say("cel-tried", "facts", factText(sample), "why", err.Error())}
		}
	}
	return c, nil
}

func celType(values []any) *cel.Type {
	if len(values) > 0 {
		if _, ok := values[0].(bool); ok {
			return cel.BoolType
		}
	}
	return cel.StringType
}

// checkConstants refuses a text that stands anywhere but beside a fact that can be it: CEL itself takes kind == "publsh".
func checkConstants(a *celast.AST, facts Facts) error {
	good := map[int64]bool{}
	var fault error
	refuse := func(e celast.Expr, err error) {
		if fault == nil {
			at := a.SourceInfo().GetStartLocation(e.ID())
			fault = &place.Inner{Line: max(at.Line(), 1), Column: max(at.Column()+1, 1), Err: err}
		}
	}
	match := func(fact, value celast.Expr) {
		if fact.Kind() != celast.IdentKind || value.Kind() != celast.LiteralKind {
			return
		}
		s, ok := value.AsLiteral().(types.String)
		if !ok {
			return
		}
		good[value.ID()] = true
		if allowed := facts[fact.AsIdent()]; !slices.Contains(allowed, any(string(s))) {
			refuse(value, place.Say("cel-never", "fact", fact.AsIdent(), "value", string(s), "allowed", valueList(allowed)))
		}
	}
	celast.PreOrderVisit(a.Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		if e.Kind() == celast.CallKind && len(e.AsCall().Args()) == 2 {
			x, y := e.AsCall().Args()[0], e.AsCall().Args()[1]
			switch e.AsCall().FunctionName() {
			case operators.Equals, operators.NotEquals:
				match(x, y)
				match(y, x)
			case operators.In:
				if y.Kind() == celast.ListKind {
					for _, v := range y.AsList().Elements() {
						match(x, v)
					}
				}
			}
		}
		if e.Kind() == celast.LiteralKind && !good[e.ID()] {
			if s, ok := e.AsLiteral().(types.String); ok {
				refuse(e, place.Say("cel-alone", "value", string(s)))
			}
		}
	}))
	return fault
}

// holds says whether the condition is true of the facts; a missing fact is an error.
func (c condition) holds(facts map[string]any) (bool, error) {
	if c.prog == nil {
		return true, nil
	}
	out, _, err := c.prog.Eval(facts)
	if err != nil {
		return false, fmt.Errorf("%s: %w", c.text, err)
	}
	yes, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("%s: gave %v", c.text, out)
	}
	return yes, nil
}

func factList(facts Facts) string {
	if len(facts) == 0 {
		return "–"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		parts = append(parts, name+": "+valueList(facts[name]))
	}
	return strings.Join(parts, "; ")
}

// valueList writes the values that a fact may have.
func valueList(values []any) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, ", ")
}
