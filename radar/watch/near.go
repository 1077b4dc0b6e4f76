package watch

import (
	"cmp"
	"slices"
)

// reaches gives where a part stands, in order: of a term its occurrences, of an OR those of all, of a NEAR the stretches from the
// beginning of the one to the end of the other.
func (s *state) reaches(p *part) []reach {
	var list []reach
	switch p.op {
	case opTerm:
		for _, o := range s.said[p.term] {
			list = append(list, o.reach)
		}
	case opNear:
		return s.near(p, maxSaid)
	default: // opOr; Parse lets nothing else stand beside a NEAR
		for i := range p.children {
			list = append(list, s.reaches(&p.children[i])...)
		}
	}
	return inOrder(list)
}

func inOrder(list []reach) []reach {
	slices.SortFunc(list, func(a, b reach) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	list = slices.Compact(list)
	return list[:min(maxSaid, len(list))]
}

// near gives stretches with one of either side, in either order, that do not overlap and have at most p.near syllables between
// them; at least most of them, if there are so many.
func (s *state) near(p *part, most int) []reach {
	left, right := s.reaches(&p.children[0]), s.reaches(&p.children[1])
	widest := 0
	for _, r := range right {
		widest = max(widest, r.to-r.from)
	}
	var found []reach
	first := 0
	for _, l := range left {
		for first < len(right) && right[first].from < l.from-p.near-widest {
			first++
		}
		for _, r := range right[first:] {
			if r.from > l.to+p.near {
				break
			}
			between := max(r.from-l.to, l.from-r.to)
			if between >= 0 && between <= p.near {
				found = append(found, reach{min(l.from, r.from), max(l.to, r.to)})
			}
		}
		if len(found) >= most {
			break
		}
	}
	return inOrder(found)
}
