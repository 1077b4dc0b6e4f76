package about

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/text"
)

// maxFacets bounds the facets of a story.
const maxFacets = 48

// The kinds of facets, the first letter of each: what is written alike in every language.
const (
	FacetNumber = 'n' // n2000, n3.2; a percentage is n12%
	FacetMoney  = 'm' // m1200000
	FacetDay    = 'd' // d9/11: a day and its month
	FacetClock  = 'c' // c870: minutes since midnight
	FacetWeek   = 'k' // k4: a day of the week, Monday is 1
	FacetPlace  = 'p' // pward:00199
	FacetOffice = 'o' // oSYT
	FacetLink   = 'l' // lhost/path
	FacetName   = 'x' // the hash of a name without marks; never shown
)

// facetsOf gives the facets of a reading.
func facetsOf(r reading, found []Found) map[string]bool {
	out := map[string]bool{}
	for _, f := range found {
		for _, code := range f.Codes {
			switch f.Kind {
			case Office:
				out["o"+code] = true
			case Ward, District:
				out["p"+f.Kind.String()+":"+code] = true
			}
		}
	}
	values(r, out)
	for i := range r.toks {
		t := r.toks[i]
		if d := weekday(r, i); d > 0 {
			out["k"+strconv.Itoa(d)] = true
		}
		if t.Flags&text.Capital == 0 || i+1 >= len(r.toks) || r.who[i] == known {
			continue
		}
		n := r.toks[i+1]
		if n.Flags&text.Capital != 0 && r.s[t.End:n.Start] == " " && !isPerson(r.who[i]) && r.who[i+1] != known {
			out["x"+strconv.FormatUint(roll(roll(seed, t.Key), n.Key), 36)] = true
		}
	}
	links(r.s, out)
	return out
}

// values adds the numbers, amounts, days and hours of a text. A count below ten says little and is left out.
func values(r reading, out map[string]bool) {
	r.toks = unlinked(r.s, r.toks)
	vr := text.Reader{Text: r.s, Tokens: r.toks}
	for i := 0; i < len(r.toks); {
		if r.lang == text.English {
			if f, n := englishValue(r, i); n > 0 {
				if f != "" {
					out[f] = true
				}
				i += n
				continue
			}
		}
		v, n := vr.At(i)
		if n == 0 {
			i++
			continue
		}
		switch v.Kind {
		case text.KindNumber:
			f := "n" + figure(v.N)
			if v.Unit == 1 {
				out[f+"%"] = true
			} else if v.N >= 10 || v.N != math.Trunc(v.N) {
				out[f] = true
			}
		case text.KindMoney:
			out["m"+figure(v.N)] = true
		case text.KindDate:
			if v.Day > 0 && v.Month > 0 {
				out["d"+strconv.Itoa(int(v.Day))+"/"+strconv.Itoa(int(v.Month))] = true
			}
		case text.KindClock:
			out["c"+figure(v.N)] = true
		case text.KindWord, text.KindPaper:
		}
		i += n
	}
}

// unlinked leaves out the tokens of addresses: their digits count nothing.
func unlinked(s string, toks []text.Token) []text.Token {
	if !strings.Contains(s, "://") {
		return toks
	}
	out := make([]text.Token, 0, len(toks))
	for _, t := range toks {
		from := strings.LastIndexAny(s[:t.Start], " \n\t") + 1
		if !strings.Contains(s[from:t.Start], "://") {
			out = append(out, t)
		}
	}
	return out
}

func figure(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

var (
	englishMonths = map[uint64]int{}
	englishUnits  = map[uint64]float64{}
	englishDays   = map[uint64]int{}
	vietDays      = map[uint64]int{}
	kPM, kAM, kP  = fold1("pm"), fold1("am"), fold1("p")
	kA, kM        = fold1("a"), fold1("m")
	kPercent      = fold1("percent")
	kDong, kVND   = fold1("dong"), fold1("vnd")
	kHundred      = fold1("hundred")
	kThousand     = fold1("thousand")
	kMillion      = fold1("million")
	kBillion      = fold1("billion")
	wWeekday      = mark("thứ")
	wChuNhat      = [2]uint64{mark("chủ"), mark("nhật")}
)

func init() {
	for i, w := range strings.Fields("january february march april may june july august september october november december") {
		englishMonths[fold1(w)], englishMonths[fold1(w[:3])] = i+1, i+1
	}
	for i, w := range strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty") {
		englishUnits[fold1(w)] = float64(i + 1)
	}
	for i, w := range strings.Fields("thirty forty fifty sixty seventy eighty ninety") {
		englishUnits[fold1(w)] = float64(10*i + 30)
	}
	for i, w := range strings.Fields("monday tuesday wednesday thursday friday saturday sunday") {
		englishDays[fold1(w)] = i + 1
	}
	for i, w := range strings.Fields("hai ba tư năm sáu bảy") {
		vietDays[mark(w)] = i + 1
	}
}

// weekday gives the day of the week that token i begins, 0 for none.
func weekday(r reading, i int) int {
	t := r.toks[i]
	if r.lang == text.English {
		return englishDays[t.Key]
	}
	if i+1 < len(r.toks) && r.toks[i+1].Flags&text.Capital != 0 || i+1 < len(r.toks) && t.Mark == wChuNhat[0] {
		switch {
		case t.Mark == wWeekday:
			return vietDays[r.toks[i+1].Mark]
		case t.Mark == wChuNhat[0] && r.toks[i+1].Mark == wChuNhat[1]:
			return 7
		}
	}
	return 0
}

// englishValue reads what English writes otherwise: 9 November, May 9, 2:40 p.m., twelve, forty-five, 2,000, 3.2 million. An empty facet
// is a value that says little.
func englishValue(r reading, i int) (facet string, n int) {
	t := r.toks[i]
	at := func(j int) text.Token {
		if j < len(r.toks) {
			return r.toks[j]
		}
		return text.Token{}
	}
	if t.Flags&text.Numeral != 0 {
		num, err := strconv.ParseFloat(strings.ReplaceAll(t.Of(r.s), ",", ""), 64)
		if err != nil {
			return "", 0
		}
		next := at(i + 1)
		if m := englishMonths[next.Key]; m > 0 && num <= 31 && next.Flags&text.Capital != 0 {
			return "d" + figure(num) + "/" + strconv.Itoa(m), 2
		}
		minutes, hour := 0.0, i+1
		if next.Flags&text.Numeral != 0 && r.s[t.End:next.Start] == ":" {
			minutes, _ = strconv.ParseFloat(next.Of(r.s), 64)
			hour = i + 2
		}
		switch h := at(hour); {
		case h.Key == kPM || h.Key == kP && at(hour+1).Key == kM:
			return "c" + figure(60*math.Mod(num, 12)+720+minutes), hour - i + 1
		case h.Key == kAM || h.Key == kA && at(hour+1).Key == kM:
			return "c" + figure(60*math.Mod(num, 12)+minutes), hour - i + 1
		case hour > i+1:
			return "c" + figure(60*num+minutes), hour - i
		}
		if strings.HasPrefix(r.s[t.End:], "%") || next.Key == kPercent {
			return "n" + figure(num) + "%", 1
		}
		num *= scale(next)
		after := next
		if scale(next) > 1 {
			after = at(i + 2)
		}
		if after.Key == kDong || after.Key == kVND {
			return "m" + figure(num), 1
		}
		if num < 10 && num == math.Trunc(num) {
			return "", 1
		}
		return "n" + figure(num), 1
	}
	if m := englishMonths[t.Key]; m > 0 && t.Flags&text.Capital != 0 && at(i+1).Flags&text.Numeral != 0 {
		if day, err := strconv.Atoi(at(i + 1).Of(r.s)); err == nil && day <= 31 {
			return "d" + strconv.Itoa(day) + "/" + strconv.Itoa(m), 2
		}
	}
	num := englishUnits[t.Key]
	if num == 0 {
		return "", 0
	}
	n = 1
	if u := englishUnits[at(i+1).Key]; num >= 20 && u > 0 && u < 10 {
		num, n = num+u, 2
	}
	num *= scale(at(i + n))
	if num < 10 {
		return "", n
	}
	return "n" + figure(num), n
}

func scale(t text.Token) float64 {
	switch t.Key {
	case kHundred:
		return 100
	case kThousand:
		return 1e3
	case kMillion:
		return 1e6
	case kBillion:
		return 1e9
	}
	return 1
}

// links adds the addresses that a text holds, without scheme, query and "www.".
func links(s string, out map[string]bool) {
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			return
		}
		s = s[i+3:]
		end := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`"'<>?#()[]`, r) })
		if end < 0 {
			end = len(s)
		}
		link := strings.TrimRight(strings.ToLower(s[:end]), "/.,;:")
		if link = strings.TrimPrefix(link, "www."); strings.Contains(link, "/") && len(link) < 300 {
			out["l"+link] = true
		}
	}
}

// most keeps the facets that most texts have.
func most(counts map[string]int) []string {
	keys := make([]string, 0, len(counts))
	for f := range counts {
		keys = append(keys, f)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	keys = keys[:min(len(keys), maxFacets)]
	slices.Sort(keys)
	return keys
}

// Within is how far apart two stories may lie in time to be one matter.
const Within = 48 * time.Hour

// Likeness is how much two stories in different languages have in common.
type Likeness struct {
	Score  float64
	Shared []string // facets in common that may be shown, the heaviest first
	Names  int      // names in common: only their number is told
}

// What a facet in common weighs, from how seldom strangers of one city and two days share it; by own made-up pairs.
var weights = map[byte]float64{FacetNumber: 1.5, FacetMoney: 2.5, FacetDay: 0.8, FacetClock: 1.6, FacetWeek: 0.4, FacetPlace: 2, FacetOffice: 1, FacetLink: 8, FacetName: 1.6}

// The bounds of the score: from which on a pair is worth a look, and from which on the stories are joined at once. A joined pair also
// shares three kinds of facets, a suggested one two.
const (
	suggestAt = 3.2
	joinAt    = 7.0
	mostOne   = 4.0 // what facets of one kind add at most
)

// Like compares two stories by their facets, which lie in order, as Digest gives them.
func Like(a, b []string) Likeness {
	var l Likeness
	var kinds [128]float64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := cmp.Compare(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			k := a[i][0] & 127
			w := weights[k]
			if k == FacetNumber { // a rounder number is met more often
				w *= plain(a[i][1:])
			}
			kinds[k] += w
			if k == FacetName {
				l.Names++
			} else {
				l.Shared = append(l.Shared, a[i])
			}
			i++
			j++
		}
	}
	for k, w := range kinds {
		if k == FacetLink {
			l.Score += w
			continue
		}
		l.Score += min(w, mostOne)
	}
	slices.SortFunc(l.Shared, func(x, y string) int { return cmp.Or(cmp.Compare(weights[y[0]], weights[x[0]]), cmp.Compare(x, y)) })
	return l
}

// plain is less than 1 for numbers that many texts hold: tens, fifteens.
func plain(n string) float64 {
	if len(n) == 2 && (n[1] == '0' || n[1] == '5') {
		return 0.6
	}
	return 1
}

// kindsOf counts the kinds of what is shared.
func (l Likeness) kindsOf() int {
	kinds := map[byte]bool{}
	for _, f := range l.Shared {
		kinds[f[0]] = true
	}
	if l.Names > 0 {
		kinds[FacetName] = true
	}
	return len(kinds)
}

func (l Likeness) linked() bool {
	return slices.ContainsFunc(l.Shared, func(f string) bool { return f[0] == FacetLink })
}

// Suggests tells whether the two are worth a look as one matter.
func (l Likeness) Suggests() bool { return l.linked() || l.Score >= suggestAt && l.kindsOf() >= 2 }

// Joins tells whether they are one matter without anybody looking: a link in common and something else, or much of three kinds.
func (l Likeness) Joins() bool {
	return l.linked() && l.kindsOf() >= 2 || l.Score >= joinAt && l.kindsOf() >= 3
}
