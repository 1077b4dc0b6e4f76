package neardup

import "slices"

// How texts are fingerprinted.
const (
	most  = 128      // a text keeps up to twice as many grams: more are sampled
	space = 4 * most // slots of a table that finds a gram again, a power of two; at most half of them and one are taken
)

// gram is some syllables in a row.
type gram struct {
	three uint32 // the hash of three; the text keeps those that are small enough
	five  uint32 // the hash of these, the one before and the one after: it identifies a passage
}

// A Print is what is kept of a text. It never changes.
type Print struct {
	whole uint64 // of all syllables in order
	long  int    // syllables
	shift uint8  // grams up to limitOf(shift) are kept
	grams []gram // each once, in the order of the text
}

// Syllables is how many syllables the text has.
func (p *Print) Syllables() int { return p.long }

// limitOf gives the largest hash of a gram that is kept at a shift.
func limitOf(shift uint8) uint32 { return ^uint32(0) >> shift }

// A Printer makes prints; it holds the memory for that and belongs to one goroutine.
type Printer struct {
	scanner   scanner
	syllables []uint64
	table     [space]uint16 // place in kept plus one
	kept      []gram
}

const prime, prime2, prime3 = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F

// spread spreads a hash over all its bits.
func spread(h uint64) uint64 {
	h *= prime2
	h ^= h >> 32
	h *= prime2
	return h ^ h>>32
}

// Print gives the print of a text.
func (pr *Printer) Print(s string) *Print {
	pr.syllables = pr.scanner.scan(s)
	p := &Print{long: len(pr.syllables)}
	for i, h := range pr.syllables {
		h = spread(h)
		pr.syllables[i] = h
		p.whole = (p.whole + h) * prime
	}
	for long := p.long; long > 2*most; long /= 2 {
		p.shift++
	}
	pr.sample(&p.shift)
	for len(pr.kept) < most/4 && p.shift > 0 { // the text says the same again and again
		p.shift--
		pr.sample(&p.shift)
	}
	p.grams = slices.Clone(pr.kept)
	return p
}

// sample fills kept with the grams of the syllables, each once; it raises shift where they would be too many.
func (pr *Printer) sample(shift *uint8) {
	clear(pr.table[:])
	pr.kept = pr.kept[:0]
	s := pr.syllables
	limit := limitOf(*shift)
	for i := 0; i+2 < len(s); i++ {
		h := ((s[i]*prime+s[i+1])*prime + s[i+2]) * prime
		three := uint32((h ^ h>>29) * prime >> 32)
		if three > limit || !pr.take(three) {
			continue
		}
		if i > 0 {
			h += s[i-1] * prime2
		}
		if i+3 < len(s) {
			h ^= s[i+3] * prime3
		}
		pr.kept = append(pr.kept, gram{three, uint32(spread(h) >> 32)})
		for len(pr.kept) > 2*most {
			*shift++
			limit = limitOf(*shift)
			pr.thin(limit)
		}
	}
}

// take tells whether a gram is not yet kept, and gives it the next place.
func (pr *Printer) take(three uint32) bool {
	for at := three & (space - 1); ; at = (at + 1) & (space - 1) {
		switch n := pr.table[at]; {
		case n == 0:
			pr.table[at] = uint16(len(pr.kept)) + 1
			return true
		case pr.kept[n-1].three == three:
			return false
		}
	}
}

// thin leaves only the grams up to the limit.
func (pr *Printer) thin(limit uint32) {
	all := pr.kept
	clear(pr.table[:])
	pr.kept = pr.kept[:0]
	for _, g := range all {
		if g.three <= limit && pr.take(g.three) {
			pr.kept = append(pr.kept, g)
		}
	}
}
