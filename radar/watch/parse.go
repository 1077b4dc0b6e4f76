package watch

// Parse reads a query. The error is a *Fault.
func Parse(query string) (*Query, error) {
	if len(query) > MaxQuery {
		return nil, fault(query, "long", span{0, len(query)}, "most", MaxQuery)
	}
	p := parser{lexer: lexer{query: query}}
	root, f := p.whole()
	if f != nil {
		return nil, f
	}
	return &Query{root, p.terms}, nil
}

// parser goes down the grammar:
//
//	or   = and { OR and }
//	and  = not { [AND] not }         without AND only before NOT
//	not  = NOT not | near
//	near = one { NEAR/n one }
//	one  = term | "(" or ")"
type parser struct {
	lexer
	t     token // at hand
	last  token // the one before
	depth int
	terms int
}

func (p *parser) advance() (f *Fault) {
	p.last = p.t
	p.t, f = p.next()
	return f
}

func (p *parser) fault(code string, at span, args ...any) *Fault {
	return fault(p.query, code, at, args...)
}

func (p *parser) whole() (*node, *Fault) {
	if f := p.advance(); f != nil {
		return nil, f
	}
	if p.t.kind == kindEnd {
		return nil, p.fault("empty", span{0, 0})
	}
	root, f := p.or()
	if f != nil {
		return nil, f
	}
	if p.t.kind == kindClose {
		return nil, p.fault("close", p.t.at)
	}
	if !root.demands() {
		return nil, p.fault("only-not", root.undemanding().at)
	}
	return root, nil
}

func (p *parser) or() (*node, *Fault) {
	return p.chain(opOr, (*parser).and, func() bool { return p.t.kind == kindOr })
}

func (p *parser) and() (*node, *Fault) {
	n, f := p.chain(opAnd, (*parser).not, func() bool { return p.t.kind == kindAnd || p.t.kind == kindNot })
	if f == nil && (p.t.kind == kindTerm || p.t.kind == kindOpen) {
		return nil, p.fault("no-operator", p.t.at)
	}
	return n, f
}

// chain reads operands with one operator between them into one node.
func (p *parser) chain(o op, operand func(*parser) (*node, *Fault), goesOn func() bool) (*node, *Fault) {
	first, f := operand(p)
	if f != nil || !goesOn() {
		return first, f
	}
	n := &node{op: o, at: p.t.at, children: []*node{first}}
	for goesOn() {
		if p.t.kind != kindNot { // which begins the next operand
			if f := p.advance(); f != nil {
				return nil, f
			}
		}
		next, f := operand(p)
		if f != nil {
			return nil, f
		}
		n.children = append(n.children, next)
	}
	return n, nil
}

func (p *parser) not() (*node, *Fault) {
	if p.t.kind != kindNot {
		return p.near()
	}
	n := &node{op: opNot, at: p.t.at}
	if f := p.deeper(); f != nil {
		return nil, f
	}
	child, f := p.not()
	p.depth--
	n.children = []*node{child}
	return n, f
}

// deeper goes behind the token at hand into a part of its own.
func (p *parser) deeper() *Fault {
	if p.depth++; p.depth > maxDepth {
		return p.fault("deep", p.t.at, "most", maxDepth)
	}
	return p.advance()
}

func (p *parser) near() (*node, *Fault) {
	n, f := p.one()
	for f == nil && p.t.kind == kindNear {
		both := &node{op: opNear, at: p.t.at, near: p.t.near, children: []*node{n}}
		if f = p.advance(); f != nil {
			break
		}
		var right *node
		if right, f = p.one(); f != nil {
			break
		}
		both.children = append(both.children, right)
		if f = p.standing(both); f != nil {
			break
		}
		n = both
	}
	return n, f
}

// standing refuses what stands at no place of a text, beside NEAR.
func (p *parser) standing(near *node) *Fault {
	for _, c := range near.children {
		if bad := c.placeless(); bad != nil {
			return p.fault("near-operand", bad.at, "near", p.query[near.at.from:near.at.to])
		}
	}
	return nil
}

// placeless finds an AND or NOT in a node.
func (n *node) placeless() *node {
	if n.op == opAnd || n.op == opNot {
		return n
	}
	for _, c := range n.children {
		if bad := c.placeless(); bad != nil {
			return bad
		}
	}
	return nil
}

func (p *parser) one() (*node, *Fault) {
	switch at := p.t.at; p.t.kind {
	case kindTerm:
		if p.terms++; p.terms > MaxTerms {
			return nil, p.fault("terms", at, "most", MaxTerms)
		}
		n := &node{op: opTerm, term: p.t.term, at: at}
		return n, p.advance()
	case kindOpen:
		if f := p.deeper(); f != nil {
			return nil, f
		}
		if p.t.kind == kindClose {
			return nil, p.fault("nothing-inside", span{at.from, p.t.at.to})
		}
		n, f := p.or()
		if f != nil {
			return nil, f
		}
		if p.t.kind != kindClose {
			return nil, p.fault("open", at)
		}
		p.depth--
		return n, p.advance()
	case kindClose:
		if p.depth == 0 {
			return nil, p.fault("close", at)
		}
		return nil, p.fault("no-operand", p.last.at)
	case kindEnd:
		if p.last.kind == kindOpen {
			return nil, p.fault("open", p.last.at)
		}
		return nil, p.fault("no-operand", p.last.at)
	default:
		return nil, p.fault("no-operand", at)
	}
}
