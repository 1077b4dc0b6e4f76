package about

import "khue/text"

// What a token belongs to, as persons tells it.
const (
	nobody uint8 = iota
	private
	holder // of a public office: stands for the office
	known  // a place or an office of the gazetteer, or another province
	thing  // what a noun before it explains: a street's name, a school's
)

// isPerson tells marks that stand for a person's name.
func isPerson(who uint8) bool { return who == private || who == holder }

// longestPerson is how many syllables a person's name has at most.
const longestPerson = 5

// persons marks the tokens of the text last looked through that look like part of a person's name. It errs on the side of marking:
// what is marked is left out of terms, features and reasons.
func (f *Finder) persons(dst []uint8) []uint8 {
	dst = dst[:0]
	for range f.toks {
		dst = append(dst, nobody)
	}
	next := 0
	for i := 0; i < len(f.toks); {
		t := f.toks[i]
		for next < len(f.found) && f.found[next].End <= int(t.Start) {
			next++
		}
		if next < len(f.found) && f.found[next].Start <= int(t.Start) {
			dst[i] = known
			i++
			continue
		}
		n := 0
		switch {
		case f.small:
			n = f.personSmall(i)
		case t.Flags&text.Capital != 0:
			n = f.person(i)
		}
		if n <= 0 {
			what := nobody
			switch {
			case f.city(i) > 0 || f.elsewhere(i) > 0:
				what = known
			case things[f.toks[i].Mark] || i > 0 && things[f.toks[i-1].Mark]:
				what = thing
			}
			for j := i; j < i-n; j++ {
				dst[j] = what
			}
			i += max(1, -n)
			continue
		}
		who := private
		if f.held(i) {
			who = holder
		}
		for j := i; j < i+n; j++ {
			dst[j] = who
		}
		i += n
	}
	return dst
}

// person gives the length of the person's name at token i, or, negative, that of a run that is something else's.
func (f *Finder) person(i int) int {
	n := 1
	for i+n < len(f.toks) && n < longestPerson && f.toks[i+n].Flags&text.Capital != 0 && f.s[f.toks[i+n-1].End:f.toks[i+n].Start] == " " {
		n++
	}
	if c := max(f.city(i), f.elsewhere(i)); c > 0 {
		return -c
	}
	t := f.toks[i]
	if i > 0 && f.s[f.toks[i-1].End:t.Start] == " " {
		before := f.toks[i-1]
		switch {
		case streets[before.Mark], things[before.Mark] && !surnames[t.Mark]:
			return -n
		case before.Flags&text.Capital == 0 || f.opens(i-1):
			if titles[before.Mark] || i > 1 && titled[before.Mark] && titling[f.toks[i-2].Mark] {
				return n
			}
		}
		if mister[before.Key] {
			return n
		}
	}
	if i > 0 && mister[f.toks[i-1].Key] {
		return n
	}
	if things[t.Mark] && !surnames[t.Mark] { // Trường Chu Văn An
		return -n
	}
	if n >= 3 && middle[f.toks[i+1].Mark] {
		return n
	}
	if n < 2 || !surnames[t.Mark] && (t.Flags&text.Marked != 0 || !surnamesBare[t.Key]) || n < 3 && shortNames[t.Mark] {
		return -1
	}
	if id, m := f.longest(i, false); id >= 0 && m == n { // Hoàng Mai, Trần Phú: ours, or a person's: nobody's
		return -n
	}
	return n
}

// opens tells whether token i begins a sentence.
func (f *Finder) opens(i int) bool { return i == 0 || text.EndsSentence(f.s, f.toks, i-1) }

// personSmall finds a name in a text without capitals, by the one surname that is no other word.
func (f *Finder) personSmall(i int) int {
	if f.toks[i].Key != kNguyen {
		return -1
	}
	n := 1
	for n < 3 && i+n < len(f.toks) && f.s[f.toks[i+n-1].End:f.toks[i+n].Start] == " " {
		n++
	}
	return n
}

// held tells whether what stands before token i names an office that a person holds: Chủ tịch UBND phường Láng, Giám đốc Sở Y tế.
func (f *Finder) held(i int) bool {
	for j := i - 1; j > 0 && i-j < 12; j-- {
		if text.EndsSentence(f.s, f.toks, j) {
			return false
		}
		if holdings[f.toks[j].Mark] && holders[f.toks[j-1].Mark] {
			return true
		}
	}
	return false
}
