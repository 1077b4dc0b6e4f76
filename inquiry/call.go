package inquiry

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"khue/profile"
)

// Guess is what the duty officer's one field seems to say: shown as chips, corrected by hand.
type Guess struct {
	Kind     Kind
	Asker    AskerKind
	Urgent   bool
	Name     string
	Phone    string
	Email    string
	Outlet   string   // as it is written
	OutletID string   // of an outlet that is known
	Offices  []string // codes, the one named first leads
}

// Named is something that a call may name: an office or outlet with its names; Codes are matched in capitals only.
type Named struct {
	ID    string
	Names []string
	Codes []string
}

// word is a run of letters and digits in a text.
type word struct {
	start, end int // bytes in the text
	key        string
	used       bool // belongs to a name that was found
}

func words(text string) []word {
	var list []word
	start := -1
	for i, c := range text + " " {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.Mn, c) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			list = append(list, word{start: start, end: i, key: profile.Key(text[start:i])})
			start = -1
		}
	}
	return list
}

var (
	phonePlace = regexp.MustCompile(`(?:\+84|\b0)(?:[ .\-]?\d){8,10}\b`)
	mailPlace  = regexp.MustCompile(`[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+`)
	namePlace  = regexp.MustCompile(`(?:^|[\s,;:(\-–])(?i:pv|phóng viên|nhà báo|biên tập viên|btv|anh|chị|ông|bà|cô|bác|bạn|tên là|tôi là|tên)[\s:]+((?:\p{Lu}[\p{L}\p{M}]*)(?:\s+\p{Lu}[\p{L}\p{M}]*){0,4})`)
	outletWord = regexp.MustCompile(`(?:^|[\s,;:(\-–])((?i:báo điện tử|báo|tạp chí|đài truyền hình|truyền hình|đài|trang tin|kênh)\s+(?:\p{Lu}[\p{L}\p{M}\d]*)(?:\s+\p{Lu}[\p{L}\p{M}\d]*){0,3})`)
	unitName   = []string{"phuong", "xa", "quan", "huyen", "thi tran", "thi xa"}
)

// GuessCall reads a note of a call. lookup gives the offices that a unit's name of today or of before means.
func GuessCall(text string, offices, outlets []Named, lookup func(name string) []string) Guess {
	text = norm.NFC.String(clean(text))
	g := Guess{Kind: Question, Asker: Citizen}
	rest := text
	g.Email, rest = cutFirst(rest, mailPlace)
	g.Phone, rest = cutFirst(rest, phonePlace)
	g.Phone = cleanLine(g.Phone)
	ws := words(rest)
	if ids, at := find(rest, ws, outlets); len(ids) > 0 {
		g.OutletID, g.Outlet = ids[0], at[0]
	}
	g.Offices, _ = find(rest, ws, offices)
	g.Offices = append(g.Offices, units(ws, lookup)...)
	g.Offices = unique(g.Offices)
	rest = blank(rest, ws)
	if g.Outlet == "" {
		if m := outletWord.FindStringSubmatchIndex(rest); m != nil {
			g.Outlet = cleanLine(rest[m[2]:m[3]])
			rest = rest[:m[2]] + strings.Repeat(" ", m[3]-m[2]) + rest[m[3]:]
		}
	}
	if m := namePlace.FindStringSubmatch(rest); m != nil {
		g.Name = cleanLine(m[1])
	} else if m := afterOutlet.FindStringSubmatch(rest); g.Outlet != "" && m != nil {
		g.Name = cleanLine(m[1])
	}
	key := " " + profile.Key(text) + " "
	if g.Outlet != "" || has(key, "pv", "phong vien", "nha bao", "toa soan") {
		g.Asker = Press
	}
	g.Kind = guessKind(key, g.Asker)
	g.Urgent = g.Asker == Press && has(key, "gap", "khan", "ngay trong", "trong chieu nay", "trong sang nay", "trong toi nay", "can ngay", "len trang", "deadline", "trong ngay", "hom nay can")
	return g
}

// afterOutlet is a name that stands alone at the beginning of a clause, once the outlet was taken out: "PV Báo X, Lê An".
var afterOutlet = regexp.MustCompile(`(?:^|[,;:(\-–])\s*((?:\p{Lu}[\p{L}\p{M}]+)(?:\s+\p{Lu}[\p{L}\p{M}]+){1,4})\s*(?:[,;:.)\-–]|$)`)

// mask hides telephone numbers and addresses in a note: offices answer through the centre, and a subject stands in lists.
func mask(text string) string {
	return cleanSpaces(phonePlace.ReplaceAllString(mailPlace.ReplaceAllString(text, "…"), "…"))
}

// cleanSpaces keeps lines and drops repeated blanks.
func cleanSpaces(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, "\n")
}

// cutFirst takes the first match out of a text.
func cutFirst(text string, re *regexp.Regexp) (found, rest string) {
	at := re.FindStringIndex(text)
	if at == nil {
		return "", text
	}
	return text[at[0]:at[1]], text[:at[0]] + strings.Repeat(" ", at[1]-at[0]) + text[at[1]:]
}

func has(key string, phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(key, " "+p+" ") })
}

// guessKind takes the first kind whose words are said; the order puts what needs care first.
func guessKind(key string, asker AskerKind) Kind {
	switch {
	case has(key, "khieu nai", "to cao"):
		return Complaint
	case has(key, "phong van"):
		return Interview
	case has(key, "yeu cau tra loi tren bao", "tra loi tren bao", "tong bien tap yeu cau"):
		return Demand
	case has(key, "cai chinh", "dinh chinh", "dua sai", "sai su that", "thong tin sai", "noi sai", "viet sai"):
		return Challenge
	case asker == Press && has(key, "chuyen don", "chuyen kien nghi", "kien nghi cua ban doc", "don cua ban doc", "kien nghi"):
		return Petition
	case asker == Citizen && has(key, "cung cap thong tin", "cung cap ho so", "cung cap tai lieu", "cung cap so lieu", "xin tai lieu", "xin ho so"):
		return Access
	case asker == Citizen && has(key, "gop y", "y kien dong gop", "de nghi xem lai"):
		return Feedback
	}
	return Question
}

// find gives the ids of what the words name, in the order of the text, longest names first where they overlap; and how each stands there.
func find(text string, ws []word, list []Named) (ids, as []string) {
	type hit struct {
		from, to int // words
		id       string
	}
	var hits []hit
	try := func(from int, n int, id string) {
		for i := from; i < from+n; i++ {
			if ws[i].used {
				return
			}
		}
		hits = append(hits, hit{from, from + n, id})
	}
	for _, x := range list {
		for _, name := range x.Names {
			parts := strings.Fields(profile.Key(name))
			if len(parts) == 0 {
				continue
			}
			for i := 0; i+len(parts) <= len(ws); i++ {
				same := true
				for j, p := range parts {
					if ws[i+j].key != p {
						same = false
						break
					}
				}
				if same {
					try(i, len(parts), x.ID)
				}
			}
		}
		for i, w := range ws {
			if slices.Contains(x.Codes, text[w.start:w.end]) {
				try(i, 1, x.ID)
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return (b.to - b.from) - (a.to - a.from) })
	var kept []hit
	for _, h := range hits {
		if slices.ContainsFunc(ws[h.from:h.to], func(w word) bool { return w.used }) {
			continue
		}
		for i := h.from; i < h.to; i++ {
			ws[i].used = true
		}
		kept = append(kept, h)
	}
	slices.SortFunc(kept, func(a, b hit) int { return a.from - b.from })
	for _, h := range kept {
		ids, as = append(ids, h.id), append(as, text[ws[h.from].start:ws[h.to-1].end])
	}
	return ids, as
}

// units gives the offices of wards and communes named with their kind: "phường Trúc Bạch", "P. Yên Hòa". The longest name counts.
func units(ws []word, lookup func(string) []string) []string {
	if lookup == nil {
		return nil
	}
	var list []string
	for i := 0; i < len(ws); i++ {
		kind, n := ws[i].key, 1
		if i+1 < len(ws) && slices.Contains(unitName, kind+" "+ws[i+1].key) {
			kind, n = kind+" "+ws[i+1].key, 2
		}
		if ws[i].used || !slices.Contains(unitName, kind) {
			continue
		}
		for most := min(4, len(ws)-i-n); most > 0; most-- {
			name := kind
			for j := range most {
				name += " " + ws[i+n+j].key
			}
			if found := lookup(name); len(found) > 0 {
				list = append(list, found[0])
				for j := i; j < i+n+most; j++ {
					ws[j].used = true
				}
				break
			}
		}
	}
	return list
}

// blank takes the words that belong to a name out of the text.
func blank(text string, ws []word) string {
	b := []byte(text)
	for _, w := range ws {
		if w.used {
			for i := w.start; i < w.end; i++ {
				b[i] = ' '
			}
		}
	}
	return string(b)
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// goodPhone says whether s is a telephone number as people write it: 8 to 15 digits with usual marks between.
func goodPhone(s string) bool {
	digits := 0
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && i == 0, c == ' ', c == '.', c == '-', c == '(', c == ')':
		default:
			return false
		}
	}
	return digits >= 8 && digits <= 15
}

// officeNames gives the ways in which a call names an office: its name, without the city's, the department by its initials.
func officeNames(code, name string) Named {
	n := Named{ID: code, Names: []string{name}, Codes: []string{code}}
	short := name
	for _, tail := range []string{" Thành phố Hà Nội", " Hà Nội", " Thành phố"} {
		if s, ok := strings.CutSuffix(short, tail); ok && len(strings.Fields(s)) > 1 {
			short = s
			n.Names = append(n.Names, s, s+" thành phố", s+" Hà Nội", s+" TP")
			break
		}
	}
	for _, head := range []string{"Sở ", "Ủy ban nhân dân "} {
		body, ok := strings.CutPrefix(short, head)
		if !ok {
			continue
		}
		kind := head
		if head != "Sở " {
			n.Names = append(n.Names, "UBND "+body)
			kind = "UBND "
		}
		var parts []string
		for _, p := range strings.Split(body, " và ") {
			initials := ""
			for _, w := range strings.Fields(strings.ReplaceAll(p, "-", " ")) {
				initials += string([]rune(w)[0])
			}
			parts = append(parts, initials)
		}
		if head == "Sở " {
			n.Names = append(n.Names, kind+strings.Join(parts, " "), kind+strings.Join(parts, ""))
		}
	}
	return n
}
