package about

import (
	"strings"

	"khue/text"
)

// Found is a place or an office that a text names.
type Found struct {
	Kind  Kind
	Codes []string // of the units in force that it means, several where a former unit was split; a district's own; not to be changed
	text.Span
}

// Finder finds names in one text after another. It belongs to one goroutine.
type Finder struct {
	g     *Gazetteer
	s     string
	toks  []text.Token
	found []Found
	bare  bool // the text is typed without marks
	small bool // and without capitals
	ours  bool // it names the city
	other bool // it names another province
	dists []uint64
}

// NewFinder makes a Finder for a gazetteer.
func NewFinder(g *Gazetteer) *Finder { return &Finder{g: g} }

// Find finds the wards, former districts and offices that a normalised text names, in order. What it gives is valid until the next
// call. A name counts only with its kind (phường Láng, P.Láng, Lang Ward, UBND xã Ba Vì) or in a place where only a place can stand
// (tại Yên Hòa) in a text that is about the city; one that its surroundings put into another province does not count.
func (f *Finder) Find(s string) []Found {
	f.s, f.toks, f.found, f.dists = s, text.AppendTokens(f.toks[:0], s, false), f.found[:0], f.dists[:0]
	f.survey()
	for i := 0; i < len(f.toks); {
		i = max(i+1, f.at(i))
	}
	return f.found
}

// Tokens are those of the text that was looked through last.
func (f *Finder) Tokens() []text.Token { return f.toks }

// survey looks at how the text is written and whether it is about the city or another province.
func (f *Finder) survey() {
	marked, capitals, letters := 0, 0, 0
	f.ours, f.other = false, false
	for i := range f.toks {
		t := &f.toks[i]
		if t.Flags&text.Numeral != 0 {
			continue
		}
		letters++
		if t.Flags&text.Marked != 0 {
			marked++
		}
		if t.Flags&text.Capital == 0 {
			continue
		}
		capitals++
		if c := f.city(i); c > 0 {
			f.ours = true
		} else if f.elsewhere(i) > 0 {
			f.other = true
		}
	}
	f.bare, f.small = marked*20 < letters, capitals*50 < letters
}

// joined tells whether token i follows the one before it as the next syllable of a name does.
func (f *Finder) joined(i int) bool {
	switch gap := f.s[f.toks[i-1].End:f.toks[i].Start]; gap {
	case " ", "-", " - ", "–", " – ", "\u00a0", "'", "’", "&", " & ":
		return true
	case ".", ". ":
		return f.toks[i-1].Flags&text.Upper != 0 && f.toks[i-1].End-f.toks[i-1].Start <= 3
	}
	return false
}

// longest finds the longest name that begins at token i: with marks, or without where the text has none.
func (f *Finder) longest(i int, bare bool) (id int32, n int) {
	id = -1
	if i >= len(f.toks) || !f.g.begins(f.toks[i].Key) {
		return id, 0
	}
	m, k := uint64(seed), uint64(seed)
	for j := i; j < len(f.toks) && j-i < f.g.longest; j++ {
		if j > i && !f.joined(j) {
			break
		}
		m, k = roll(m, f.toks[j].Mark), roll(k, f.toks[j].Key)
		if ids := f.g.byMark[m]; len(ids) > 0 {
			id, n = ids[0], j-i+1
		} else if ids := f.g.byKey[k]; bare && len(ids) == 1 {
			id, n = ids[0], j-i+1
		}
	}
	return id, n
}

// hashAt looks a run up in a set of hashes, the longest first, and gives its length.
func (f *Finder) hashAt(i int, set map[uint64]bool) (n int, h uint64) {
	m := uint64(seed)
	for j := i; j < len(f.toks) && j-i < 4; j++ {
		if j > i && !f.joined(j) {
			break
		}
		m = roll(m, f.toks[j].Mark)
		if set[m] {
			n, h = j-i+1, m
		}
	}
	return n, h
}

// city gives the length of the city's own name at token i, 0 for none.
func (f *Finder) city(i int) int {
	if f.toks[i].Mark == wHN && f.toks[i].Flags&text.Upper != 0 {
		return 1
	}
	n, _ := f.hashAt(i, f.g.city)
	return n
}

// elsewhere gives the length of another province's name at token i.
func (f *Finder) elsewhere(i int) int {
	n, h := f.hashAt(i, f.g.others)
	if n == 0 || f.toks[i].Flags&text.Capital == 0 {
		return 0
	}
	if i > 0 && (f.toks[i-1].Mark == wPhuong || f.toks[i-1].Mark == wXa || things[f.toks[i-1].Mark] && f.toks[i-1].Mark != wPho) {
		return 0 // phường Điện Biên, phố Huế
	}
	if f.g.elseUnsure[h] && (i == 0 || f.toks[i-1].Mark != wTinh && f.toks[i-1].Mark != wTP && !places[f.toks[i-1].Mark]) {
		return 0
	}
	return n
}

// unit reads the word of a kind of unit at token i.
func (f *Finder) unit(i int) (k unitKind, n int) {
	t := f.toks[i]
	next := func() uint64 {
		if i+1 < len(f.toks) {
			return f.toks[i+1].Mark
		}
		return 0
	}
	dotted := i+1 < len(f.toks) && t.Flags&text.Capital != 0 && strings.HasPrefix(f.s[t.End:f.toks[i+1].Start], ".")
	switch t.Mark {
	case wPhuong:
		return phuong, 1
	case wXa:
		return xa, 1
	case wQuan:
		return quan, 1
	case wHuyen:
		return huyen, 1
	case wTinh, wTP:
		return cityOrProvince, 1
	case wThi:
		if next() == wTran {
			return town, 2
		}
		if next() == wXa {
			return townDistrict, 2
		}
	case wThanh:
		if next() == wPho {
			return cityOrProvince, 2
		}
	}
	if dotted {
		switch t.Mark {
		case wP:
			return phuong, 1
		case wX:
			return xa, 1
		case wQ:
			return quan, 1
		case wH:
			return huyen, 1
		case wTT:
			return town, 1
		case wTX:
			return townDistrict, 1
		}
	}
	if f.bare {
		switch t.Key {
		case kPhuong:
			return phuong, 1
		case kXa:
			return xa, 1
		case kQuan:
			return quan, 1
		case kHuyen:
			return huyen, 1
		}
	}
	return noUnit, 0
}

// at looks at token i and gives the token to go on with.
func (f *Finder) at(i int) int {
	if k, n := f.unit(i); k != noUnit && i+n < len(f.toks) {
		if end := f.withUnit(i, k, i+n); end > 0 {
			return end
		}
	}
	if f.bare || f.toks[i].Flags&text.Marked == 0 {
		if end := f.english(i); end > 0 {
			return end
		}
	}
	id, n := f.longest(i, f.bare)
	if id < 0 {
		return i + 1
	}
	if end := f.office(i, id, n); end > 0 {
		return end
	}
	return f.alone(i, id, n)
}

// capital tells whether the name that begins at token i is written as one; in a text without capitals everything is.
func (f *Finder) capital(i, n int) bool {
	if f.small {
		return true
	}
	for j := i; j < i+n; j++ {
		if f.toks[j].Flags&text.Capital == 0 && f.toks[j].Mark != wVa {
			return false
		}
	}
	return true
}

// add notes what was found over tokens from i to end.
func (f *Finder) add(k Kind, codes []string, i, end int) {
	f.found = append(f.found, Found{Kind: k, Codes: codes, Span: text.Span{Start: int(f.toks[i].Start), End: int(f.toks[end-1].End)}})
}

// withUnit reads a name after the word of its kind, and those that are listed after it: các phường Láng, Kim Liên và Đống Đa.
func (f *Finder) withUnit(i int, k unitKind, at int) int {
	if k == cityOrProvince || !f.joined(at) && !strings.HasPrefix(f.s[f.toks[at-1].End:f.toks[at].Start], ".") {
		return 0
	}
	id, n := f.longest(at, f.bare)
	if id < 0 || !f.capital(at, n) || f.bare && !f.sureBare(i, at, n) || f.goesOn(at+n) {
		return 0
	}
	end, ok := f.resolve(i, k, id, at, at+n)
	if !ok {
		return 0
	}
	if i > 0 && (plural[f.toks[i-1].Mark] || f.toks[i-1].Flags&text.Numeral != 0) {
		end = f.listed(i, k, end)
	}
	return end
}

// listed reads further names of the same kind.
func (f *Finder) listed(i int, k unitKind, end int) int {
	for end < len(f.toks) {
		next := end
		gap := f.s[f.toks[end-1].End:f.toks[end].Start]
		if gap == " " && f.toks[end].Mark == wVa && end+1 < len(f.toks) && f.joined(end+1) {
			next++
		} else if gap != ", " && gap != "; " {
			return end
		}
		id, n := f.longest(next, f.bare)
		if id < 0 || !f.capital(next, n) || f.goesOn(next+n) {
			return end
		}
		after, ok := f.resolve(next, k, id, next, next+n)
		if !ok {
			return end
		}
		end = after
	}
	return end
}

// sureBare tells whether a kind and a name typed without marks can be meant: a long name, or capitals, or what governs a ward before it.
func (f *Finder) sureBare(i, at, n int) bool {
	if f.toks[at].Flags&text.Marked != 0 || n >= 2 && (!f.small || f.toks[i].Flags&text.Capital != 0) {
		return true
	}
	return n >= 2 && i > 0 && (f.toks[i-1].Mark == wUBND || places[f.toks[i-1].Mark] || f.toks[i-1].Key == kTai || f.toks[i-1].Key == kO) ||
		!f.small && n == 1 && f.toks[at].Flags&text.Capital != 0
}

// goesOn tells whether a longer name that is not ours stands here: the syllable after it belongs to it too.
func (f *Finder) goesOn(end int) bool {
	if f.small || end >= len(f.toks) || f.s[f.toks[end-1].End:f.toks[end].Start] != " " {
		return false
	}
	t := f.toks[end]
	if t.Flags&text.Capital == 0 || t.Flags&text.Upper != 0 {
		return false
	}
	k, _ := f.unit(end)
	return k == noUnit && !surnames[t.Mark] && f.city(end) == 0 && f.elsewhere(end) == 0
}

// chain reads what follows a name, "(quận Ba Đình)", ", Q. Ba Đình, Hà Nội", ", tỉnh Hòa Bình": the district and whether it is ours.
func (f *Finder) chain(end int) (district uint64, ours, other, former bool, after int) {
	after = end
	for range 3 {
		if end >= len(f.toks) {
			return
		}
		gap := f.s[f.toks[end-1].End:f.toks[end].Start]
		if f.toks[end].Mark == wCu && (gap == " " || gap == " (") {
			former, after = true, end+1
			end++
			continue
		}
		if gap != ", " && gap != " (" && gap != " - " && gap != " " {
			return
		}
		k, n := f.unit(end)
		at := end + n
		if at >= len(f.toks) {
			return
		}
		switch {
		case f.city(at) > 0:
			return district, true, other, former, after
		case f.elsewhere(at) > 0:
			return district, ours, true, former, after
		case k == quan || k == huyen || k == townDistrict:
			id, m := f.longest(at, f.bare)
			if id < 0 || !f.g.has(id, District) {
				return district, ours, true, former, after
			}
			district, after, end = f.hash(at, at+m), at+m, at+m
			ours = true
		case k == cityOrProvince && gap != " ":
			return district, ours, f.toks[at].Flags&text.Capital != 0, former, after
		default:
			return
		}
	}
	return
}

func (f *Finder) hash(i, end int) uint64 {
	m := uint64(seed)
	for ; i < end; i++ {
		m = roll(m, f.toks[i].Mark)
	}
	return m
}

func (g *Gazetteer) has(id int32, k Kind) bool {
	for _, m := range g.names[id].means {
		if m.kind == k {
			return true
		}
	}
	return false
}

// resolve decides which of a name's meanings a place in a text has, and notes it.
func (f *Finder) resolve(i int, k unitKind, id int32, at, end int) (int, bool) {
	district, ours, other, former, after := f.chain(end)
	if other || !ours && f.foreign(at) {
		return 0, false
	}
	if k == quan || k == huyen || k == townDistrict {
		for _, m := range f.g.names[id].means {
			if m.kind == District && m.unit == k {
				f.dists = append(f.dists, f.hash(at, end))
				f.add(District, m.codes, i, end)
				return end, true
			}
		}
		return 0, false
	}
	codes, ok := f.pick(k, id, district, former)
	if !ok {
		return 0, false
	}
	f.add(Ward, codes, i, end)
	if len(codes) == 1 && i > 0 && (speaksFor[f.toks[i-1].Mark] || f.committee(i)) {
		f.add(Office, codes, i, end)
	}
	return after, true
}

// committee tells whether "Ủy ban nhân dân" or "chủ tịch" stands before token i.
func (f *Finder) committee(i int) bool {
	return i >= 4 && f.toks[i-1].Mark == wDan && f.toks[i-2].Mark == wNhan && f.toks[i-3].Mark == wBan || i >= 2 && f.toks[i-1].Mark == wTich && f.toks[i-2].Mark == wChu
}

// pick chooses among wards of a name: that of today, unless its surroundings say the former one; of several former ones that of the
// district which is named.
func (f *Finder) pick(k unitKind, id int32, district uint64, former bool) ([]string, bool) {
	var old []meaning
	var today []string
	for _, m := range f.g.names[id].means {
		if m.kind != Ward || m.unit != k {
			continue
		}
		if m.today {
			today = m.codes
		} else {
			old = append(old, m)
		}
	}
	for _, m := range old {
		if district != 0 && m.district == district {
			return m.codes, true
		}
	}
	if today != nil && !former {
		return today, true
	}
	if len(old) == 1 {
		return old[0].codes, true
	}
	var one []string
	for _, m := range old { // the districts that the text named so far
		for _, d := range f.dists {
			if d == m.district {
				if one != nil && one[0] != m.codes[0] {
					return nil, false
				}
				one = m.codes
			}
		}
	}
	return one, one != nil
}

// foreign tells whether token i stands in a sentence, or a whole text, that is about another province.
func (f *Finder) foreign(i int) bool {
	if !f.other {
		return false
	}
	if !f.ours {
		return true
	}
	from, to := i, i
	for from > 0 && !text.EndsSentence(f.s, f.toks, from-1) && i-from < 60 {
		from--
	}
	for to+1 < len(f.toks) && !text.EndsSentence(f.s, f.toks, to) && to-i < 60 {
		to++
	}
	other := false
	for j := from; j <= to; j++ {
		if f.toks[j].Flags&text.Capital == 0 {
			continue
		}
		if f.city(j) > 0 {
			return false
		}
		other = other || f.elsewhere(j) > 0
	}
	return other
}

// office reads an office's name; one that another province's name follows is not ours.
func (f *Finder) office(i int, id int32, n int) int {
	for _, m := range f.g.names[id].means {
		if m.kind != Office {
			continue
		}
		if !f.small && f.toks[i].Flags&text.Capital == 0 {
			return 0
		}
		end := i + n
		_, ours, other, _, _ := f.chain(end)
		if other || !ours && (f.goesOnElsewhere(end) || f.foreign(i)) {
			return end // also no ward inside it
		}
		f.add(Office, m.codes, i, end)
		return end
	}
	return 0
}

// goesOnElsewhere tells whether a place that is not ours follows an office's name: Sở Y tế Lào Cai, Công an thị trấn …
func (f *Finder) goesOnElsewhere(end int) bool {
	if end >= len(f.toks) || !f.joined(end) {
		return false
	}
	if k, n := f.unit(end); k == cityOrProvince {
		at := end + n
		return at < len(f.toks) && f.toks[at].Flags&text.Capital != 0 && f.city(at) == 0 && !surnames[f.toks[at].Mark]
	}
	return f.elsewhere(end) > 0 || f.goesOn(end)
}

// alone reads the name of a ward without its kind, where only a place can stand and the text is about the city.
func (f *Finder) alone(i int, id int32, n int) int {
	if !f.ours && len(f.found) == 0 || n < 2 || f.bare || i == 0 || !places[f.toks[i-1].Mark] ||
		f.toks[i-1].Flags&text.Capital != 0 && !text.EndsSentence(f.s, f.toks, i-2) {
		return i + 1
	}
	if f.small || surnames[f.toks[i].Mark] || !f.capital(i, n) || f.goesOn(i+n) || f.elsewhere(i) > 0 || f.foreign(i) {
		return i + 1
	}
	for _, m := range f.g.names[id].means {
		if m.kind == Ward && m.today {
			f.add(Ward, m.codes, i, i+n)
			return i + n
		}
	}
	return i + 1
}

// english reads "Lang Ward", "Ba Vi commune", "Dong Da District": the kind stands behind a name without marks.
func (f *Finder) english(i int) int {
	if f.toks[i].Flags&text.Capital == 0 {
		return 0
	}
	id, n := f.longest(i, true)
	if id < 0 || i+n >= len(f.toks) || f.s[f.toks[i+n-1].End:f.toks[i+n].Start] != " " {
		return 0
	}
	var kinds [2]unitKind
	switch f.toks[i+n].Key {
	case eWard:
		kinds = [2]unitKind{phuong, phuong}
	case eCommune:
		kinds = [2]unitKind{xa, xa}
	case eTown:
		kinds = [2]unitKind{town, townDistrict}
	case eDistrict:
		kinds = [2]unitKind{quan, huyen}
	default:
		return 0
	}
	for _, k := range kinds {
		if _, ok := f.resolve(i, k, id, i, i+n); ok {
			f.found[len(f.found)-1].End = int(f.toks[i+n].End)
			return i + n + 1
		}
	}
	return 0
}
