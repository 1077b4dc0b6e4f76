package text

import (
	"math"
	"strings"
)

// Kind is a sort of value.
type Kind uint8

// The kinds of values that tokens may spell.
const (
	KindWord   Kind = iota // no value: a word
	KindNumber             // how many, also percent
	KindMoney              // an amount with its currency
	KindDate               // a day, a month, a year
	KindClock              // a time of day
	KindPaper              // the number of a document
)

// Value is what a run of tokens says in numbers.
type Value struct {
	Kind     Kind
	N        float64 // number, amount, or minutes since midnight
	Alt      float64 // the other reading of 1,500, else N
	Scale    float64 // nghìn, triệu, tỷ as they were written, 1 without
	Unit     uint8   // of a number: 1 percent; of an amount: 1 đồng, 2 another currency
	Day      int16   // 0 where it is not said
	Month    int16
	Year     int16
	Paper    uint64 // identity of a document's number
	Currency uint64 // identity of the currency's name where Unit is 2
}

// Same tells whether two values say the same; of a date what is not said on one side is not compared, and a bare number is the
// same as an amount without its unit.
func (v Value) Same(w Value) bool {
	if v.Kind != w.Kind {
		return false
	}
	switch v.Kind {
	case KindDate:
		same := func(a, b int16) bool { return a == b || a == 0 || b == 0 }
		return same(v.Day, w.Day) && same(v.Month, w.Month) && same(v.Year, w.Year)
	case KindPaper:
		return v.Paper == w.Paper
	case KindMoney:
		if v.Unit != w.Unit || v.Currency != w.Currency {
			return false
		}
	case KindNumber:
		if v.Unit != w.Unit {
			return false
		}
	case KindClock, KindWord:
	}
	// the other reading helps only where both are written to the same scale: 1.000 tỷ is not 1.000 triệu
	return near(v.N, w.N) || v.Scale == w.Scale && (near(v.Alt, w.N) || near(v.N, w.Alt))
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// Reader reads values out of a text's tokens. Loose also takes number words without marks.
type Reader struct {
	Text   string
	Tokens []Token
	Loose  bool
}

func (r *Reader) word(i int) Word {
	if i < 0 || i >= len(r.Tokens) {
		return WordNone
	}
	if r.Loose {
		return LooseWord(r.Tokens[i])
	}
	return r.Tokens[i].Word
}

func (r *Reader) isNumeral(i int) bool {
	return i >= 0 && i < len(r.Tokens) && r.Tokens[i].Flags&Numeral != 0
}

// between gives what stands between token i and the next.
func (r *Reader) between(i int) string {
	if i < 0 || i >= len(r.Tokens) {
		return "\n"
	}
	if i+1 == len(r.Tokens) {
		return r.Text[r.Tokens[i].End:]
	}
	return r.Text[r.Tokens[i].End:r.Tokens[i+1].Start]
}

// At reads the value that begins at token i and gives how many tokens it takes, 0 where there is none.
func (r *Reader) At(i int) (Value, int) {
	if n := r.paper(i); n > 0 {
		v := Value{Kind: KindPaper, Paper: fnvOffset}
		for _, t := range r.Tokens[i : i+n] {
			v.Paper = (v.Paper ^ t.Key) * fnvPrime
		}
		return v, n
	}
	if v, n := r.clock(i); n > 0 {
		return v, n
	}
	if v, n := r.date(i); n > 0 {
		return v, n
	}
	v, n := r.number(i)
	if n == 0 {
		return Value{}, 0
	}
	return r.unit(i, v, n)
}

// unit reads what follows a number: a currency, percent.
func (r *Reader) unit(i int, v Value, n int) (Value, int) {
	end := i + n
	gap := strings.TrimSpace(r.between(end - 1))
	switch {
	case strings.HasPrefix(gap, "%"):
		v.Unit = 1
		return v, n
	case strings.HasPrefix(gap, "$"), strings.HasPrefix(gap, "€"), strings.HasPrefix(gap, "₫"):
		v.Kind, v.Unit = KindMoney, 2
		v.Currency = uint64(gap[0])
		return v, n
	}
	if gap != "" {
		return v, n
	}
	switch r.word(end) {
	case WordDong:
		v.Kind, v.Unit = KindMoney, 1
		return v, n + 1
	case WordForeign:
		v.Kind, v.Unit = KindMoney, 2
		v.Currency = r.Tokens[end].Key
		return v, n + 1
	case WordPercent:
		if r.word(end+1) == WordHundred {
			v.Unit = 1
			return v, n + 2
		}
	}
	return v, n
}

// number reads digits and number words: 1.200.000, 1,2 triệu, hai mươi lăm, 3 tỷ 200 triệu, một triệu rưỡi.
func (r *Reader) number(i int) (Value, int) {
	total, first, n := 0.0, 1.0, 0
	alt := math.NaN()
	scaleBefore := math.Inf(1)
	for {
		part, other, used, bare := r.part(i + n)
		if used == 0 {
			break
		}
		scale, scaled := r.scales(i + n + used)
		if n > 0 && (scale >= scaleBefore || bare && scaled == 0 && part >= scaleBefore) {
			break // a number of its own
		}
		if n > 0 && (r.isNumeral(i+n) && scaled == 0 || strings.TrimSpace(r.between(i+n-1)) != "") {
			break
		}
		if n == 0 {
			first = scale
			if other != part {
				alt = other * scale
			}
		}
		total += part * scale
		n += used + scaled
		if scaled == 0 {
			break
		}
		scaleBefore = scale
		if r.word(i+n) == WordHalf {
			total += scale / 2
			n++
			break
		}
	}
	if n == 0 {
		return Value{}, 0
	}
	if math.IsNaN(alt) {
		alt = total
	}
	return Value{Kind: KindNumber, N: total, Alt: alt, Scale: first}, n
}

// scales reads nghìn, triệu, tỷ, also two of them (nghìn tỷ), after a number.
func (r *Reader) scales(i int) (float64, int) {
	scale, n := 1.0, 0
	for n < 2 && (n == 0 || r.between(i+n-1) == " ") {
		f := 0.0
		switch r.word(i + n) {
		case WordHundred:
			if r.word(i+n-1) == WordPercent || n > 0 {
				return scale, n
			}
			f = 100
		case WordThousand:
			f = 1e3
		case WordMillion:
			f = 1e6
		case WordBillion:
			f = 1e9
		default:
			if n > 0 || r.between(i-1) != "" || !r.isNumeral(i-1) || i >= len(r.Tokens) || !strings.EqualFold(r.Tokens[i].Of(r.Text), "k") {
				return scale, n
			}
			f = 1e3 // 100k
		}
		if n == 1 && f <= scale {
			return scale, n
		}
		scale *= f
		n++
	}
	return scale, n
}

// part reads one numeral, or number words below a thousand. bare tells that it was in digits.
func (r *Reader) part(i int) (n, alt float64, used int, bare bool) {
	if r.isNumeral(i) {
		a, b, ok := ParseNumeral(r.Tokens[i].Of(r.Text))
		if !ok {
			return 0, 0, 0, false
		}
		return a, b, 1, true
	}
	if i >= len(r.Tokens) {
		return 0, 0, 0, false
	}
	sum, used := r.hundreds(i)
	return sum, sum, used, false
}

// hundreds reads number words below a thousand: "hai trăm linh năm", "không trăm hai mươi", "mười lăm", "mươi".
func (r *Reader) hundreds(i int) (sum float64, used int) {
	digit := func(k int) (float64, bool) {
		w := r.word(k)
		if w >= WordOne && w <= WordNine {
			return float64(w - WordZero), true
		}
		if w == WordNot && r.word(k+1) == WordHundred && r.Tokens[k].Key == zeroKey {
			return 0, true
		}
		return 0, false
	}
	k := i
	joined := func() bool { return k == i || strings.TrimSpace(r.between(k-1)) == "" }
	if d, ok := digit(k); ok && r.word(k+1) == WordHundred {
		sum, k = d*100, k+2
		if joined() && r.word(k) == WordZero {
			if d, ok := digit(k + 1); ok {
				return sum + d, k + 2 - i
			}
			return sum, k - i
		}
		if !joined() {
			return sum, k - i
		}
	}
	next := func(k int, w Word) bool { return r.word(k) == w && strings.TrimSpace(r.between(k-1)) == "" }
	ones := func() { // the last digit, unless it begins another number; after tens five is lăm, and năm are years
		if u, ok := digit(k); ok && joined() && r.Tokens[k].Key != fiveKey && !next(k+1, WordTen) && !next(k+1, WordHundred) {
			sum, k = sum+u, k+1
		}
	}
	switch d, ok := digit(k); {
	case ok && next(k+1, WordTen):
		sum, k = sum+d*10, k+2
		ones()
	case r.word(k) == WordTen:
		sum, k = sum+10, k+1
		ones()
	case ok && k == i:
		sum, k = sum+d, k+1
	}
	return sum, k - i
}

var (
	zeroKey, _ = identity("không")
	fiveKey, _ = identity("năm")
)

// ParseNumeral reads digits with separators: 1.000.000, 1,000,000, 1.234,5, 1,5, 1.5. Vietnamese writes dots between thousands
// and a comma before decimals; 1,500 can be either, so alt is the other reading (else the same).
func ParseNumeral(s string) (n, alt float64, ok bool) {
	if s == "" || len(s) > 40 {
		return 0, 0, false
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '.' && c != ',' && (c < '0' || c > '9') {
			return 0, 0, false
		}
	}
	plain := func(s string) float64 {
		v := 0.0
		for i := 0; i < len(s); i++ {
			if s[i] >= '0' && s[i] <= '9' {
				v = v*10 + float64(s[i]-'0')
			}
		}
		return v
	}
	decimal := func(s string, at int) float64 {
		return plain(s[:at]) + plain(s[at+1:])/math.Pow10(len(s)-at-1)
	}
	grouped := func(s string, sep byte) bool { // 1 to 3 digits, then groups of three
		parts := strings.Split(s, string(sep))
		if len(parts[0]) == 0 || len(parts[0]) > 3 {
			return false
		}
		for _, p := range parts[1:] {
			if len(p) != 3 {
				return false
			}
		}
		return true
	}
	switch {
	case dots == 0 && commas == 0:
		v := plain(s)
		return v, v, true
	case dots > 0 && commas > 0:
		at := max(strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','))
		v := decimal(s, at)
		return v, v, true
	case dots == 1 && commas == 0:
		at := strings.IndexByte(s, '.')
		if grouped(s, '.') && s[0] != '0' {
			return plain(s), decimal(s, at), true
		}
		v := decimal(s, at)
		return v, v, true
	case commas == 1 && dots == 0:
		at := strings.IndexByte(s, ',')
		if grouped(s, ',') && s[0] != '0' {
			return decimal(s, at), plain(s), true
		}
		v := decimal(s, at)
		return v, v, true
	case dots > 1 && grouped(s, '.'), commas > 1 && grouped(s, ','):
		v := plain(s)
		return v, v, true
	}
	return 0, 0, false
}
