package watch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plain is a query as the test makes it, with its sense written from the description: by looking at every pair of places.
type plain struct {
	op    string // "term", "AND", "OR", "NOT", "NEAR"
	words []string
	marks string // "", "=", "~"
	near  int
	of    []plain
}

var plainFold = strings.NewReplacer("chợ", "cho", "chó", "cho").Replace

func (p plain) equal(want, have string) bool {
	if p.marks == "=" || p.marks == "" && strings.ContainsAny(strings.Join(p.words, ""), "ợó") {
		return want == have
	}
	return plainFold(want) == plainFold(have)
}

// places gives every stretch [field, from, to) where the query stands.
func (p plain) places(fields [][]string) (list [][3]int) {
	switch p.op {
	case "term":
		for f, words := range fields {
			for i := 0; i+len(p.words) <= len(words); i++ {
				ok := true
				for j, w := range p.words {
					ok = ok && p.equal(w, words[i+j])
				}
				if ok {
					list = append(list, [3]int{f, i, i + len(p.words)})
				}
			}
		}
	case "OR":
		for _, c := range p.of {
			list = append(list, c.places(fields)...)
		}
	case "NEAR":
		for _, a := range p.of[0].places(fields) {
			for _, b := range p.of[1].places(fields) {
				between := max(b[1]-a[2], a[1]-b[2])
				if a[0] == b[0] && between >= 0 && between <= p.near {
					list = append(list, [3]int{a[0], min(a[1], b[1]), max(a[2], b[2])})
				}
			}
		}
	}
	return list
}

func (p plain) holds(fields [][]string) bool {
	switch p.op {
	case "AND":
		return p.of[0].holds(fields) && p.of[1].holds(fields)
	case "OR":
		return p.of[0].holds(fields) || p.of[1].holds(fields)
	case "NOT":
		return !p.of[0].holds(fields)
	}
	return len(p.places(fields)) > 0
}

func drawPlain(t *rapid.T, depth int, placed bool) plain {
	ops := []string{"term", "OR", "NEAR", "AND", "NOT"}
	if placed {
		ops = ops[:3]
	}
	if depth == 0 {
		ops = ops[:1]
	}
	p := plain{op: rapid.SampledFrom(ops).Draw(t, "op")}
	switch p.op {
	case "term":
		p.words = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "chợ", "cho", "chó"}), 1, 2).Draw(t, "words")
		p.marks = rapid.SampledFrom([]string{"", "", "=", "~"}).Draw(t, "marks")
		return p
	case "NEAR":
		p.near, placed = rapid.IntRange(0, 4).Draw(t, "near"), true
	}
	for range map[bool]int{true: 1, false: 2}[p.op == "NOT"] {
		p.of = append(p.of, drawPlain(t, depth-1, placed))
	}
	return p
}

// write writes the query as people do, with more parentheses than it needs.
func (p plain) write(t *rapid.T) string {
	name := func(names ...string) string { return rapid.SampledFrom(names).Draw(t, "name") }
	inner := func(i int) string {
		s := p.of[i].write(t)
		if p.of[i].op != "term" || rapid.IntRange(0, 4).Draw(t, "brackets") == 0 {
			s = "( " + s + ")"
		}
		return s
	}
	switch p.op {
	case "AND":
		return inner(0) + name(" AND ", " VÀ ") + inner(1)
	case "OR":
		return inner(0) + name(" OR ", " HOẶC ") + inner(1)
	case "NOT":
		return name("NOT ", "KHÔNG ") + inner(0)
	case "NEAR":
		return inner(0) + fmt.Sprintf(name(" NEAR/%d ", " GẦN/%d "), p.near) + inner(1)
	}
	words := strings.Join(p.words, " ")
	if rapid.Bool().Draw(t, "quotes") {
		words = `"` + words + `"`
	}
	return p.marks + words
}

func TestQueriesMeanWhatTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "b", "x", "chợ", "cho", "chó"})
		fields := rapid.SliceOfN(rapid.SliceOfN(word, 0, 9), 1, 3).Draw(t, "fields")
		text := make([]string, len(fields))
		for i, f := range fields {
			text[i] = strings.Join(f, ", ")
		}
		var queries []*Query
		var want []int
		for range rapid.IntRange(1, 5).Draw(t, "count") {
			p := drawPlain(t, 3, false)
			written := p.write(t)
			q, err := Parse(written)
			if empty := p.holds(nil); (err != nil) != empty {
				var f *Fault
				// NOT NOT a demands a, and is refused all the same
				if !errors.As(err, &f) || f.Code != "only-not" {
					t.Fatalf("%s: %v, holds of nothing: %v", written, err, empty)
				}
			}
			if err != nil {
				continue
			}
			if again, err := Parse(q.String()); err != nil || again.String() != q.String() {
				t.Fatalf("%s: in full %s: %v %v", written, q, again, err)
			}
			if p.holds(fields) {
				want = append(want, len(queries))
			}
			queries = append(queries, q)
		}
		var got []int
		Compile(queries).Scan(func(m Match) { got = append(got, m.Query) }, text...)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v match, want %v", text, got, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`"cháy chợ" VÀ (Bến Xanh HOẶC "P. Hòa An") KHÔNG diễn tập`, "a GẦN/5 (b OR c) AND NOT =d", "~“x” NEAR/0 y", "((a", `"a`, "NEAR/", "a)", "= a", "KHO\u0302NG a\x00\xff", "VÀ\u200b", "a\u200b VÀ b", "a = b ~", "ＡＮＤ a",
	} {
		f.Add(s, "Cháy chợ a b c x y")
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		if len(text) > 1000 {
			t.Skip()
		}
		q, err := Parse(query)
		if err != nil {
			var fault *Fault
			if !errors.As(err, &fault) || fault.Start < 0 || fault.End < fault.Start || fault.End > len(query) || fault.Column < 1 || !slices.Contains(faultCodes, fault.Code) {
				t.Fatalf("%q: %#v", query, err)
			}
			return
		}
		again, err := Parse(q.String())
		if err != nil && len(q.String()) <= MaxQuery || err == nil && again.String() != q.String() {
			t.Fatalf("%q: in full %q: %v, %v", query, q, again, err)
		}
		if matches(q) || matches(q, "", "…") {
			t.Fatalf("%q matches what says nothing", query)
		}
		Compile([]*Query{q}).Scan(func(m Match) {
			for _, s := range m.Spans {
				if s.Field != 0 || s.Start < 0 || s.Start >= s.End || s.End > len(text) {
					t.Fatalf("%q in %q: %v", query, text, s)
				}
			}
		}, text)
	})
}

// TestAnotherTextIsNoMatterToTheNext: the memory of one scan is clean for the next, on many goroutines.
func TestAnotherTextIsNoMatterToTheNext(t *testing.T) {
	b := Compile([]*Query{parse(t, "a VÀ b"), parse(t, "a GẦN/1 c"), parse(t, "b KHÔNG a")})
	done := make(chan string)
	for range 4 {
		go func() {
			var got strings.Builder
			for _, text := range []string{"a", "b", "a b", "c x a", "", strings.Repeat("b ", 3000), "a x x c", "b"} {
				b.Scan(func(m Match) { fmt.Fprint(&got, m.Query, " ") }, text)
				got.WriteByte('|')
			}
			done <- got.String()
		}()
	}
	for range 4 {
		if got := <-done; got != "|2 |0 |1 ||2 ||2 |" {
			t.Error(got)
		}
	}
}

// TestATextMadeToBeSlow: both sides of a NEAR stand everywhere.
func TestATextMadeToBeSlow(t *testing.T) {
	text := strings.Repeat("a b ", 1<<18)
	for query, want := range map[string]bool{
		"a GẦN/50 b GẦN/50 a GẦN/50 c": false, "(a OR b) NEAR/50 (a OR b OR c) NEAR/0 d": false, "a NEAR/50 a NEAR/50 b": true,
	} {
		if got := matches(parse(t, query), text); got != want {
			t.Errorf("%s: %v", query, got)
		}
	}
}
