package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Repair counts what Normalize had to mend beyond composing letters. Both are used on purpose to pass filters, so they are a
// signal by themselves.
type Repair struct {
	Hidden     int // characters without a place on the screen
	Lookalikes int // letters of another script, or in disguise
}

// Normalize gives the text as a reader sees it: NFC, without hidden characters, and with look-alike letters in the script of
// their neighbours. Invalid bytes become U+FFFD. A text that is in order is returned as it is, without allocating.
func Normalize(s string) string {
	if isPlain(s) {
		return s
	}
	t, _, _ := normalize(s, false)
	return t
}

// NormalizeIn is Normalize for a piece of a text; latin tells whether that is mostly in Latin letters, which decides what a word is whose
// letters could all be Latin ones.
func NormalizeIn(s string, latin bool) string {
	if isPlain(s) {
		return s
	}
	n := normalizer{latin: func() bool { return latin }}
	n.out.Grow(len(s))
	eachRun(s, &n.repair.Hidden, func(run []cluster) { n.run = run; n.flush() }, n.put)
	return n.out.String()
}

// Repaired is Normalize with a count of what was mended.
func Repaired(s string) (string, Repair) {
	if isPlain(s) {
		return s, Repair{}
	}
	t, _, r := normalize(s, false)
	return t, r
}

// Mapped is Repaired with, for every byte of the result and its end, the byte of s that it came from; nil where the result is s.
func Mapped(s string) (string, []int32, Repair) {
	if isPlain(s) {
		return s, nil, Repair{}
	}
	return normalize(s, true)
}

// isPlain tells whether a text is certainly normal: ASCII, precomposed Latin letters, usual punctuation.
func isPlain(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError, r == 0xAD:
			return false
		case r < 0x180:
			if r == 'ł' || r == 'ı' || r == 'Ł' {
				return false
			}
		case r == 'ơ' || r == 'Ơ' || r == 'ư' || r == 'Ư':
		case r >= 0x1EA0 && r <= 0x1EF9:
		case r >= 0x2010 && r <= 0x2027 || r >= 0x2030 && r <= 0x205E || r == 0x20AB || r == 0x20AC:
		default:
			return false
		}
		i += n
	}
	return true
}

// cluster is a letter with the marks that belong to it, and where it began in the text.
type cluster struct {
	r     rune
	marks []rune
	at    int32
	plain string // what compatible gave for it
}

// normalizer writes the normal form of a text run by run; a run is letters of any script with their marks.
type normalizer struct {
	out     strings.Builder
	offsets []int32
	mapped  bool
	repair  Repair
	latin   func() bool // whether the text is mostly in Latin letters
	run     []cluster
}

func normalize(s string, mapped bool) (string, []int32, Repair) {
	n := normalizer{mapped: mapped}
	n.out.Grow(len(s))
	if mapped {
		n.offsets = make([]int32, 0, len(s)+1)
	}
	var state, known bool
	n.latin = func() bool {
		if !known {
			known, state = true, mostlyLatin(s)
		}
		return state
	}
	eachRun(s, &n.repair.Hidden, func(run []cluster) { n.run = run; n.flush() }, n.put)
	if mapped {
		n.offsets = append(n.offsets, int32(len(s)))
	}
	return n.out.String(), n.offsets, n.repair
}

// eachRun walks a text: run gets letters with their marks, other what stands between. Hidden characters are counted and left
// out.
func eachRun(s string, hidden *int, run func([]cluster), other func(r rune, at int32)) {
	var held []cluster
	flush := func() {
		if len(held) > 0 {
			run(held)
			held = held[:0]
		}
	}
	last := rune(' ') // the visible character before
	for i, r := range s {
		switch {
		case isHidden(r) && (!isJoiner(r) || !needsJoiner(last)):
			*hidden++
			continue
		case len(held) > 0 && (isMark(r) || unicode.IsMark(r)):
			c := &held[len(held)-1]
			c.marks = append(c.marks, r)
			continue
		}
		if r >= 0x370 { // letters that Unicode calls another by now
			if one := norm.NFC.String(string(r)); utf8.RuneCountInString(one) == 1 {
				r, _ = utf8.DecodeRuneInString(one)
			}
		}
		last = r
		if p := compatible(r); p != "" {
			last = rune(p[len(p)-1])
			if isDigit(rune(p[0])) {
				flush()
				for _, d := range p {
					other(d, int32(i))
				}
				continue
			}
			held = append(held, cluster{r: r, at: int32(i), plain: p})
			continue
		}
		if isLetter(r) {
			if r >= 0x1161 && r <= 0x11FF && len(held) > 0 { // parts of a Hangul syllable
				c := &held[len(held)-1]
				if one := norm.NFC.String(string(c.r) + string(r)); len(c.marks) == 0 && utf8.RuneCountInString(one) == 1 {
					c.r, _ = utf8.DecodeRuneInString(one)
					continue
				}
			}
			held = append(held, cluster{r: r, at: int32(i)})
			continue
		}
		flush()
		if unicode.IsMark(r) {
			for _, m := range norm.NFC.String(string(r)) {
				other(m, int32(i))
			}
			continue
		}
		other(r, int32(i))
	}
	flush()
}

// needsJoiner tells whether a joiner after r does a job: emoji, and scripts that join their letters.
func needsJoiner(r rune) bool {
	if l, ok := letterOf(r); ok {
		return !l.is && r > 0x7F && unicode.IsSymbol(r)
	}
	_, like := seen(r)
	return !like && !isMark(r) && !unicode.IsPunct(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Latin, r)
}

// mostlyLatin counts the letters of a text by script; those of a disguised run are Latin. Exchanging look-alikes does not
// change its answer.
func mostlyLatin(s string) bool {
	latin, others, hidden := 0, 0, 0
	eachRun(s, &hidden, func(run []cluster) {
		n := 0
		for _, c := range run {
			n += max(1, len(c.plain))
		}
		if k := kindOf(run); k == runLatin || k == runDisguised {
			latin += n
		} else {
			others += n
		}
	}, func(rune, int32) {})
	return latin > others
}

type runKind uint8

const (
	runLatin     runKind = iota // nothing to exchange
	runForeign                  // another script
	runDisguised                // Latin, with letters of another script or odd ones among them
	runEither                   // every letter looks like a Latin one, and all are of one other script
)

func kindOf(run []cluster) runKind {
	plain, unknown := 0, 0
	var scripts [4]int // look-alikes by script: odd Latin, Greek, Cyrillic, others
	strange := 0
	for _, c := range run {
		switch _, like := seen(c.r); {
		case c.plain != "":
			plain++
		case like:
			strange++
			scripts[scriptOf(c.r)]++
		case isLatin(c.r):
			plain++
		default:
			unknown++
		}
	}
	mixed := 0
	for _, n := range scripts {
		if n > 0 {
			mixed++
		}
	}
	switch {
	case strange == 0 && unknown == 0:
		return runLatin
	case strange == 0:
		return runForeign
	case plain > 0, unknown == 0 && mixed > 1:
		return runDisguised
	case unknown == 0:
		return runEither
	}
	return runForeign
}

func scriptOf(r rune) int {
	switch {
	case unicode.Is(unicode.Latin, r):
		return 0
	case unicode.Is(unicode.Greek, r):
		return 1
	case unicode.Is(unicode.Cyrillic, r):
		return 2
	}
	return 3
}

func (n *normalizer) put(r rune, at int32) {
	before := n.out.Len()
	n.out.WriteRune(r)
	for range n.out.Len() - before {
		if n.mapped {
			n.offsets = append(n.offsets, at)
		}
	}
}

// flush writes the current run, with its look-alikes exchanged where its letters are otherwise Latin.
func (n *normalizer) flush() {
	kind := kindOf(n.run)
	exchange := kind == runDisguised || kind == runEither && n.latin()
	for _, c := range n.run {
		n.cluster(c, exchange)
	}
}

func isLatin(r rune) bool {
	if l, ok := letterOf(r); ok {
		return l.is
	}
	return unicode.Is(unicode.Latin, r)
}

func (n *normalizer) cluster(c cluster, exchange bool) {
	text := c.plain
	if text != "" {
		n.repair.Lookalikes++
	} else {
		r := c.r
		if l, ok := seen(r); exchange && ok {
			r = l
			n.repair.Lookalikes++
		}
		text = string(r)
	}
	latin := false
	if r, _ := utf8.DecodeRuneInString(text); isLatin(r) {
		latin = true
	}
	if len(c.marks) > 0 {
		var b strings.Builder
		b.WriteString(text)
		for _, m := range c.marks {
			if latin && !writes(m) {
				n.repair.Hidden++ // lines laid under or through a letter
				continue
			}
			b.WriteRune(m)
		}
		text = norm.NFC.String(b.String())
	} else if !latin {
		text = norm.NFC.String(text)
	}
	for _, r := range text {
		n.put(r, c.at)
	}
}

// writes tells the marks that Latin letters are written with; others only disguise.
func writes(m rune) bool {
	return m >= 0x300 && m <= 0x314 || m >= 0x323 && m <= 0x331 || m == horn
}
