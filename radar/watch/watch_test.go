package watch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"khue/catalogue"
)

func parse(t testing.TB, query string) *Query {
	t.Helper()
	q, err := Parse(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return q
}

func matches(q *Query, fields ...string) bool {
	found := false
	Compile([]*Query{q}).Scan(func(Match) { found = true }, fields...)
	return found
}

func TestWhatMatches(t *testing.T) {
	f := func(query, text string, want bool) {
		t.Helper()
		if got := matches(parse(t, query), text); got != want {
			t.Errorf("%s in %q: %v, want %v", query, text, got, want)
		}
	}
	const fire = "Đêm qua cháy chợ Bến Xanh, khói lan sang kho gỗ. Không ai bị thương."
	f("cháy chợ", fire, true)
	f("chay cho", fire, true)
	f("cháy kho", fire, false)
	f("cháy VÀ kho", fire, true)
	f("cháy AND kho AND gỗ", fire, true)
	f("cháy VÀ trường", fire, false)
	f("trường HOẶC chợ", fire, true)
	f("trường OR nhà máy", fire, false)
	f("cháy KHÔNG diễn tập", fire, true)
	f("cháy NOT kho", fire, false)
	f("cháy VÀ KHÔNG (trường HOẶC nhà máy)", fire, true)
	f("trường HOẶC cháy VÀ kho", fire, true) // AND before OR
	f("(trường HOẶC cháy) VÀ nhà máy", fire, false)
	f("cháy KHÔNG trường HOẶC nhà máy", fire, true)
	f(`"không ai" VÀ "bị thương"`, fire, true)
	f(`"VÀ"`, "cháy và nổ", true)
	f("không ai bị thương", fire, true) // small letters are no operator
	f("cháy GẦN/3 khói", fire, true)
	f("cháy GẦN/2 khói", fire, false)
	f("khói NEAR/3 cháy", fire, true)
	f("cháy NEAR/0 chợ", fire, true)
	f("chợ NEAR/0 cháy", fire, true)
	f("cháy NEAR/5 cháy", fire, false) // one occurrence is not two
	f("cháy NEAR/5 cháy", "cháy to, cháy nhỏ", true)
	f("cháy chợ NEAR/5 chợ Bến", fire, false) // they overlap
	f("(trường HOẶC cháy) GẦN/1 (Bến Xanh HOẶC Bến Đỏ)", fire, true)
	f("cháy NEAR/0 chợ NEAR/0 Bến", fire, true)
	f("cháy NEAR/0 Bến NEAR/9 chợ", fire, false)
	f("a NEAR/10 b NEAR/2 c", "a x b x x x b x c", true) // the farther b is the one beside c
	f("(a NEAR/1 b) NEAR/1 (c NEAR/1 d)", "a x b x c x d", true)
	f("(a NEAR/1 b) NEAR/0 (c NEAR/1 d)", "a x b x c x d", false)
	f("NOT kho AND cháy", fire, false)
	f("NOT NOT cháy AND cháy", fire, true)
	f("=cho", "cho, chợ", true)
	f("=cho", "chợ", false)
	f("~chợ", "cho", true)
	f(`~"cháy chợ"`, "chay chó", true)
	f(`="cháy chợ"`, "chay chợ", false)
	f("chợ", "cho", false)
	f("CHÁY CHỢ", norm.NFD.String(fire), true)
	f(norm.NFD.String("cháy VÀ kho"), fire, true)
	f("“cháy chợ” VÀ „kho gỗ“", fire, true)
	f("cháy-chợ", fire, true)
	f("TP.HCM", "ở TP HCM", true)
	f("cháy chợ", "chá\u200by chợ, ch\u00e1y ch\u1ee3", true)
	f("cháy", "сháy", true) // Cyrillic с
	f("сháy", "cháy", true)
	f("cháy", "", false)
	f(`"cháy chợ" GẦN/20 ("Bến Xanh" HOẶC "P. Hòa An") KHÔNG (diễn tập HOẶC phim)`, fire, true)
	f("x", strings.Repeat("y ", 1000)+"x", true)
}

func TestFieldsAreApart(t *testing.T) {
	f := func(query string, want bool) {
		t.Helper()
		if got := matches(parse(t, query), "Cháy", "chợ Bến Xanh"); got != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	f("cháy chợ", false)
	f("cháy GẦN/50 chợ", false)
	f("cháy VÀ chợ", true)
	f("chợ GẦN/1 Xanh", true)
}

func TestMatchesTellWhere(t *testing.T) {
	b := Compile([]*Query{parse(t, "kho"), parse(t, "cháy VÀ KHÔNG trường"), parse(t, "nhà"), parse(t, "chợ HOẶC Bến Xanh"), parse(t, "bến GẦN/1 chợ")})
	if b.Len() != 5 {
		t.Error(b.Len())
	}
	var got []string
	fields := []string{"Ch\u00adáy chợ", "Ở chợ Bến Xanh"}
	b.Scan(func(m Match) {
		line := fmt.Sprint(m.Query, ":")
		for _, s := range m.Spans {
			line += fmt.Sprintf(" %d %q", s.Field, fields[s.Field][s.Start:s.End])
		}
		got = append(got, line)
	}, fields...)
	want := []string{`1: 0 "Ch\u00adáy"`, `3: 0 "chợ" 1 "chợ" 1 "Bến Xanh"`, `4: 0 "chợ" 1 "chợ" 1 "Bến"`}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	got = nil
	b.Scan(func(m Match) { got = append(got, fmt.Sprint(m)) }, "không có gì")
	if got != nil {
		t.Errorf("what was said before is still there: %v", got)
	}
}

func TestQueriesInFull(t *testing.T) {
	f := func(query, want string) {
		t.Helper()
		if got := parse(t, query).String(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	f("cháy  chợ", `"cháy  chợ"`)
	f("a HOẶC b VÀ c", `"a" OR "b" AND "c"`)
	f("(a HOẶC b) VÀ c", `("a" OR "b") AND "c"`)
	f("a KHÔNG b", `"a" AND NOT "b"`)
	f("a KHÔNG (b VÀ c)", `"a" AND NOT ("b" AND "c")`)
	f("a AND (b AND c)", `"a" AND ("b" AND "c")`)
	f("a GẦN/3 b c NEAR/07 =d", `"a" NEAR/3 "b c" NEAR/7 ="d"`)
	f("a GẦN/3 (b GẦN/4 c)", `"a" NEAR/3 ("b" NEAR/4 "c")`)
}

func TestFaultsSayWhereAndHowToMend(t *testing.T) {
	seen := map[string]bool{}
	f := func(query, code, words string) {
		t.Helper()
		_, err := Parse(query)
		var fault *Fault
		if !errors.As(err, &fault) || fault.Code != code {
			t.Errorf("%s: %v, want %s", query, err, code)
			return
		}
		seen[code] = true
		if got := query[fault.Start:fault.End]; got != words {
			t.Errorf("%s: %s is about %q, want %q", query, code, got, words)
		}
		if want := len([]rune(query[:fault.Start])) + 1; fault.Column != want {
			t.Errorf("%s: column %d, want %d", query, fault.Column, want)
		}
		for _, l := range catalogue.Langs {
			if s := l.T("watch.fault."+code, fault.Args...); strings.ContainsAny(s, "⟦{") {
				t.Errorf("%s in %s: %s", code, l, s)
			}
		}
	}
	f("", "empty", "")
	f("  \n", "empty", "")
	f(strings.Repeat("a ", MaxQuery/2+1), "long", strings.Repeat("a ", MaxQuery/2+1))
	f(strings.Repeat("a OR ", MaxTerms)+"thừa", "terms", "thừa")
	f(strings.Repeat("(", maxDepth+1)+"a", "deep", "(")
	f("a AND "+strings.Repeat("NOT ", maxDepth+1)+"a", "deep", "NOT")
	f(`chợ VÀ "cháy`, "quote", `"`)
	f("(cháy HOẶC (chợ VÀ kho)", "open", "(")
	f("(", "open", "(")
	f("cháy) VÀ chợ", "close", ")")
	f(")", "close", ")")
	f("cháy VÀ ()", "nothing-inside", "()")
	f(`cháy VÀ "…"`, "no-syllable", `"…"`)
	f("cháy VÀ - VÀ chợ", "no-syllable", "-")
	f("cháy VÀ", "no-operand", "VÀ")
	f("HOẶC cháy", "no-operand", "HOẶC")
	f("cháy VÀ HOẶC chợ", "no-operand", "HOẶC")
	f("(cháy VÀ) HOẶC chợ", "no-operand", "VÀ")
	f("chợ GẦN/3 KHÔNG cháy", "no-operand", "KHÔNG")
	f("cháy KHÔNG", "no-operand", "KHÔNG")
	f(`“cháy chợ” Bến Xanh`, "no-operator", "Bến Xanh")
	f("cháy (chợ)", "no-operator", "(")
	f("cháy ~chợ", "no-operator", "~chợ")
	f("chợ GẦN kho", "near-number", "GẦN")
	f("chợ NEAR/ kho", "near-number", "NEAR/")
	f("chợ NEAR/-1 kho", "near-number", "NEAR/-1")
	f("chợ NEAR/51 kho", "near-range", "NEAR/51")
	f("chợ NEAR/99999999999999999999 kho", "near-range", "NEAR/99999999999999999999")
	f("a GẦN/3 (b HOẶC c VÀ d)", "near-operand", "VÀ")
	f("(a HOẶC KHÔNG b) GẦN/3 c", "near-operand", "KHÔNG")
	f("KHÔNG cháy", "only-not", "KHÔNG")
	f("NOT NOT cháy", "only-not", "NOT")
	f("cháy HOẶC KHÔNG chợ", "only-not", "KHÔNG")
	f("NOT a AND NOT b", "only-not", "NOT")
	f("cháy VÀ = chợ", "prefix", "=")
	f("~(a)", "prefix", "~")
	for _, code := range faultCodes {
		if !seen[code] {
			t.Errorf("nothing shows %s", code)
		}
	}
}
