package neardup

import (
	"cmp"
	"slices"
)

const (
	leads     = 12   // groups that may have a gram before it leads to no text any more
	compared  = 6    // candidates that are compared
	standing  = 6    // texts that stand for one group
	standsBy  = 0.75 // nearness from which on a copy says nothing that the text it copies does not
	holding   = 0.5  // how near a text must be to all that stand for its group, as a share of what it must to one
	refreshed = 64   // groups after which it is looked up anew how famous a text's grams are, and as many again as there were
)

// An Index puts texts into groups as they come. It belongs to one goroutine.
type Index struct {
	tuning  tuning
	weights [256]float32
	printer Printer
	texts   uint32 // put so far
	opened  uint32 // groups

	fame   *fame
	exact  map[uint64]uint32 // group of a text by the hash of all its syllables
	live   map[uint32]*group
	joined map[uint32]uint32 // the groups that groups turned out to belong to
	cores  []core
	free   []uint32 // cores that were forgotten
	lists  lists

	query   query
	asked   []uint32 // grams that candidates are looked for by
	hits    []uint8  // of each core meanwhile
	touched []uint32 // cores with hits
	matches []match
}

// core is a text that stands for its group.
type core struct {
	id    string
	print *Print
	group uint32  // never one that was joined to another
	fame  []uint8 // of each gram, when opened was
	as    uint32  // opened then
	turn  uint64  // its last comparison with a query, and how near it was then
	near  float64
}

type group struct {
	name  string // id of its first text
	cores []uint32
	last  uint32 // number of the newest text
}

// match is a group that a text is a copy of.
type match struct {
	core uint32
	near float64
}

// Placed says where a text went.
type Placed struct {
	Group uint32  // its number; Root says what became of it since
	New   bool    // it is the first of its group
	Near  float64 // how near the nearest text was, 0 to 1
	Of    string  // id of the text that it is a copy of, "" if New
}

// New gives an index without texts.
func New() *Index { return newIndex(tuned) }

func newIndex(t tuning) *Index {
	return &Index{
		tuning: t, weights: t.weights(), fame: newFame(), exact: map[uint64]uint32{}, live: map[uint32]*group{},
		joined: map[uint32]uint32{}, lists: newLists(),
	}
}

// Add finds the group of a text; id is the caller's name for it.
func (x *Index) Add(id, text string) Placed { return x.Put(id, x.printer.Print(text)) }

// Put is Add for a text whose print was made elsewhere, such as on another core.
func (x *Index) Put(id string, p *Print) Placed {
	x.texts++
	if p.long == 0 {
		return Placed{Group: x.open(id), New: true}
	}
	if g, ok := x.exact[p.whole]; ok {
		g = x.Root(g)
		x.live[g].last = x.texts
		return Placed{Group: g, Near: 1, Of: x.live[g].name}
	}
	placed := x.place(id, p)
	x.exact[p.whole] = placed.Group
	x.live[placed.Group].last = x.texts
	return placed
}

// Root gives the group that a group turned out to belong to, itself as a rule.
func (x *Index) Root(g uint32) uint32 {
	for {
		up, ok := x.joined[g]
		if !ok {
			return g
		}
		g = up
	}
}

// Name gives the id of the first text of a group, "" if it was forgotten.
func (x *Index) Name(g uint32) string {
	if l := x.live[x.Root(g)]; l != nil {
		return l.name
	}
	return ""
}

// Texts is how many texts were put so far.
func (x *Index) Texts() uint32 { return x.texts }

// Live is how many groups are known.
func (x *Index) Live() int { return len(x.live) }

func (x *Index) open(id string) uint32 {
	g := x.opened
	x.opened++
	x.live[g] = &group{name: id, last: x.texts}
	return g
}

// place looks for the group of a text that is like no other to the letter.
func (x *Index) place(id string, p *Print) Placed {
	if len(p.grams) == 0 {
		return Placed{Group: x.open(id), New: true}
	}
	x.query.set(p, x.fame)
	nearest := x.match(p)
	if len(x.matches) == 0 {
		g := x.open(id)
		x.learn(p, false)
		x.stand(id, p, g)
		return Placed{Group: g, New: true, Near: nearest}
	}
	best := x.matches[0]
	into := x.cores[best.core].group
	for _, m := range x.matches[1:] {
		if m.near > best.near {
			best = m
		}
		into = x.join(into, x.cores[m.core].group)
	}
	if x.cores[best.core].turn != x.query.turn { // learn asks for what the last comparison found
		x.compare(best.core)
	}
	x.learn(p, true)
	if best.near < standsBy && len(x.live[into].cores) < standing {
		x.stand(id, p, into)
	}
	return Placed{Group: into, Near: best.near, Of: x.cores[best.core].id}
}

// match compares the query with the candidates, fills matches with one of each group that it is a copy of, and gives the greatest nearness.
func (x *Index) match(p *Print) (nearest float64) {
	x.matches = x.matches[:0]
	first := x.query.turn + 1
	for _, c := range x.candidates(p) {
		g := x.cores[c].group
		at := slices.IndexFunc(x.matches, func(m match) bool { return x.cores[m.core].group == g })
		if at >= 0 && x.matches[at].near >= standsBy {
			continue
		}
		near, ok := x.compare(c)
		nearest = max(nearest, near)
		switch {
		case !ok || at < 0 && near < standsBy && !x.holds(g, first):
		case at < 0:
			x.matches = append(x.matches, match{c, near})
		case near > x.matches[at].near:
			x.matches[at] = match{c, near}
		}
	}
	return nearest
}

// holds tells whether a text is near enough to all that stand for a group: one that is somewhat near to one of them only would chain strangers
// together. What was compared since the turn first is not compared again.
func (x *Index) holds(g uint32, first uint64) bool {
	for _, c := range x.live[g].cores {
		if x.cores[c].turn < first {
			x.compare(c)
		}
		if x.cores[c].near < holding*x.tuning.near {
			return false
		}
	}
	return true
}

// compare compares the query with a text that stands for a group.
func (x *Index) compare(c uint32) (near float64, isCopy bool) {
	d := &x.cores[c]
	if x.opened >= 2*d.as+refreshed {
		d.fame = x.fame.append(d.fame[:0], d.print)
		d.as = x.opened
	}
	a, b := x.query.compare(d.print, d.fame, &x.tuning, &x.weights)
	near, isCopy = x.tuning.judge(&a, &b)
	d.turn, d.near = x.query.turn, near
	return near, isCopy
}

// learn counts the grams that the group of a text had not had.
func (x *Index) learn(p *Print, found bool) {
	for i, g := range p.grams {
		if !found || x.query.turns[i] != x.query.turn {
			x.fame.count(g.five)
		}
	}
}

// stand makes a text one that stands for its group.
func (x *Index) stand(id string, p *Print, g uint32) {
	c := uint32(len(x.cores))
	if n := len(x.free); n > 0 {
		c, x.free = x.free[n-1], x.free[:n-1]
	} else {
		x.cores, x.hits = append(x.cores, core{}), append(x.hits, 0)
	}
	x.cores[c] = core{id: id, print: p, group: g, fame: slices.Clone(x.query.fame), as: x.opened}
	x.live[g].cores = append(x.live[g].cores, c)
	x.list(c)
}

// list puts a text on the lists of its grams.
func (x *Index) list(c uint32) {
	p := x.cores[c].print
	limit := leading(p)
	for _, e := range p.grams {
		if e.three <= limit {
			x.lists.add(e.five, c)
		}
	}
}

// leading gives the bound of the grams that lead to a text: 32 to 64 of them where it has as many.
func leading(p *Print) uint32 {
	limit := limitOf(p.shift)
	for n := len(p.grams); n > 64; n /= 2 {
		limit >>= 1
	}
	return limit
}

// candidates gives the texts that share most with the query, best first.
func (x *Index) candidates(p *Print) []uint32 {
	x.asked, x.touched = x.asked[:0], x.touched[:0]
	limit := leading(p)
	for i, e := range p.grams {
		if e.three <= limit && x.query.fame[i] <= leads {
			x.asked = append(x.asked, e.five)
			x.lists.readAhead(e.five)
		}
	}
	for _, gram := range x.asked {
		for l := x.lists.at(gram).link; l.core != 0; l = x.lists.next(l) {
			c := l.core - 1
			if x.hits[c] == 0 {
				x.touched = append(x.touched, c)
			}
			x.hits[c]++ // no more than grams were asked for
		}
	}
	slices.SortFunc(x.touched, func(a, b uint32) int {
		return cmp.Or(int(x.hits[b])-int(x.hits[a]), int(a)-int(b))
	})
	n, least := 0, uint8(max(1, len(x.asked)/12)) // a copy with a fifth of its syllables exchanged shares a third of these grams
	for _, c := range x.touched {
		if n < compared && x.hits[c] >= least {
			n++
		}
		x.hits[c] = 0
	}
	return x.touched[:n]
}

// join makes two groups one and gives it: the older.
func (x *Index) join(a, b uint32) uint32 {
	if a == b {
		return a
	}
	if b < a {
		a, b = b, a
	}
	to, from := x.live[a], x.live[b]
	to.last = max(to.last, from.last)
	to.cores = append(to.cores, from.cores...)
	for _, c := range from.cores {
		x.cores[c].group = a
	}
	x.joined[b] = a
	delete(x.live, b)
	return a
}

// Forget drops the groups into which none of the texts since the first-th went, as Texts counts them, with all that is known of their texts;
// a copy that comes later opens a group anew. It takes as long as there are groups, so that it is for every hour, not for every text.
func (x *Index) Forget(first uint32) {
	gone := false
	for g, l := range x.live {
		if l.last >= first {
			continue
		}
		gone = true
		for _, c := range l.cores {
			x.cores[c] = core{}
			x.free = append(x.free, c)
		}
		delete(x.live, g)
	}
	if !gone {
		return
	}
	for whole, g := range x.exact {
		if x.live[x.Root(g)] == nil {
			delete(x.exact, whole)
		}
	}
	for g := range x.joined {
		if x.live[x.Root(g)] == nil {
			delete(x.joined, g)
		}
	}
	slices.Sort(x.free) // the groups came in any order
	x.lists = newLists()
	for c := range x.cores {
		if x.cores[c].print != nil {
			x.list(uint32(c))
		}
	}
}
