package cluster

import (
	"math"
	"math/bits"

	"khue/text"
)

// A vector is the heaviest terms of a mention, packed: term in the upper 24 bits, weight in the lower 8 as a share of the vector's scale.
// The heaviest come first (the index terms), the others in the order in which they stood.
type vector struct {
	terms []uint32
	scale float32 // weight of 255
}

const (
	termBits   = 24
	keepTerms  = 256
	maxTokens  = 500 // of the text; what comes later rarely tells more about the event
	titleShare = 3.0
	pairShare  = 0.7
	idfPower   = 1.25
	indexTerms = 16
)

func unpack(t uint32) (term uint32, weight uint8) { return t >> 8, uint8(t) }

// A bag counts the terms of one mention: open addressing, emptied by walking what was used.
type bag struct {
	key   [bagSize]uint32 // term + 1
	count [bagSize]float32
	used  []uint16
}

const bagSize = 4096 // more than twice the terms that a mention can have

func (b *bag) add(term uint32, n float32) {
	for i := term * 2654435761 >> (32 - 12); ; i = (i + 1) & (bagSize - 1) {
		switch b.key[i] {
		case term + 1:
			b.count[i] += n
			return
		case 0:
			b.key[i], b.count[i] = term+1, n
			b.used = append(b.used, uint16(i))
			return
		}
	}
}

func (b *bag) reset() {
	for _, i := range b.used {
		b.key[i] = 0
	}
	b.used = b.used[:0]
}

// singleTerm and pairTerm are the terms of a syllable and of two neighbours.
func singleTerm(mark uint64) uint32 { return uint32(mark >> (64 - termBits)) }

func pairTerm(before, mark uint64) uint32 {
	return uint32((bits.RotateLeft64(before, 21) + mark) * 0x9E3779B97F4A7C15 >> (64 - termBits))
}

// fill counts the syllables and pairs of a mention and gives a hash of all it says, in which form does not count.
func (b *bag) fill(toks []text.Token, title, body string) ([]text.Token, uint64) {
	b.reset()
	var said uint64 = 14695981039346656037
	part := func(s string, n int, w float32) {
		toks = text.AppendTokens(toks[:0], s, false)
		for _, t := range toks { // all of the text tells copies apart
			said = bits.RotateLeft64(said^t.Mark, 23) * 0x9E3779B97F4A7C15
		}
		var before uint64
		for i, t := range toks[:min(n, len(toks))] {
			b.add(singleTerm(t.Mark), w)
			if i > 0 {
				b.add(pairTerm(before, t.Mark), w*pairShare)
			}
			before = t.Mark
		}
	}
	part(title, 100, titleShare)
	part(body, maxTokens, 1)
	return toks, said
}

// A background knows how common terms are. It forgets: what was seen a time constant ago counts 1/e. Instead of fading all counts,
// what is new counts more.
type background struct {
	df   []float32
	mask uint32
	docs float64
	unit float64 // what one sighting counts now
	at   float64 // time of the unit, days
}

const forgetDays = 45

func newBackground(bits int) *background {
	return &background{df: make([]float32, 1<<bits), mask: 1<<bits - 1, unit: 1}
}

// see counts the terms of a mention.
func (g *background) see(b *bag, day float64) {
	if g.docs == 0 {
		g.at = day
	}
	if day > g.at {
		g.unit *= math.Exp((day - g.at) / forgetDays)
		g.at = day
		if g.unit > 1e6 {
			for i := range g.df {
				g.df[i] = float32(float64(g.df[i]) / g.unit)
			}
			g.docs /= g.unit
			g.unit = 1
		}
	}
	g.docs += g.unit
	for _, i := range b.used {
		g.df[(b.key[i]-1)&g.mask] += float32(g.unit)
	}
}

// idf tables: the power of the logarithm by sixteenths of a bit.
var (
	idfTable = func() (t [32 * 16]float32) {
		for i := range t {
			t[i] = float32(math.Pow(math.Ln2*float64(i)/16, idfPower))
		}
		return t
	}()
	countTable = func() (t [1024]float32) { // by tenths
		for i := range t {
			x := float64(i) / 10
			t[i] = float32(x)
			if x > 1 {
				t[i] = float32(1 + math.Log(x))
			}
		}
		return t
	}()
	log2Table = func() (t [256]float32) {
		for i := range t {
			t[i] = float32(16 * math.Log2(1+(float64(i)+0.5)/256))
		}
		return t
	}()
)

// log2x16 is 16 times the binary logarithm of a positive number, to about 0.05.
func log2x16(x float32) float32 {
	b := math.Float32bits(x)
	return float32(int32(b>>23)-127)*16 + log2Table[b>>15&255]
}

// weigh makes the vector of a bag.
func (g *background) weigh(b *bag, w *weigher) vector {
	w.weight = w.weight[:0]
	n := float32(g.docs + g.unit)
	half := float32(g.unit / 2)
	most := float32(0)
	for _, i := range b.used {
		df := g.df[(b.key[i]-1)&g.mask]
		k := int(log2x16(1 + n/(df+half)))
		x := idfTable[min(max(k, 0), len(idfTable)-1)] * countTable[min(int(b.count[i]*10+0.5), len(countTable)-1)]
		w.weight = append(w.weight, x)
		most = max(most, x)
	}
	if most == 0 {
		return vector{}
	}
	// the weight that keepTerms terms reach, by counting
	var level [256]uint16
	q := 255 / most
	for _, x := range w.weight {
		level[uint8(x*q)]++
	}
	cut, room := limit(&level, keepTerms)
	heavy, first := limit(&level, indexTerms)
	w.first, w.rest = w.first[:0], w.rest[:0]
	norm := float32(0)
	for j, i := range b.used {
		k := int(uint8(w.weight[j] * q))
		if k < cut || k == 0 {
			continue
		}
		if k == cut {
			if room--; room < 0 {
				continue
			}
		}
		t := (b.key[i]-1)<<8 | uint32(k)
		norm += float32(k) * float32(k)
		if k == heavy {
			first--
		}
		if k > heavy || k == heavy && first >= 0 {
			w.first = append(w.first, t)
		} else {
			w.rest = append(w.rest, t)
		}
	}
	v := vector{terms: make([]uint32, 0, len(w.first)+len(w.rest))}
	v.terms = append(append(v.terms, w.first...), w.rest...)
	v.scale = 255 / float32(math.Sqrt(float64(norm)))
	return v
}

// limit finds the level at which the n heaviest end, and how many of that level are among them.
func limit(level *[256]uint16, n int) (cut, room int) {
	for cut = 255; cut > 0; cut-- {
		if n -= int(level[cut]); n <= 0 {
			return cut, n + int(level[cut])
		}
	}
	return 1, int(level[1])
}

// A weigher is room for weigh.
type weigher struct {
	weight      []float32
	first, rest []uint32
}

// A probe is a vector laid out for products with many others.
type probe struct {
	maybe  [1 << 13 / 64]uint64 // a bit for every term: most terms of others end here
	key    [probeSize]uint32    // term + 1
	weight [probeSize]float32
	used   []uint16
}

const probeSize = 1024

func (p *probe) set(v vector) {
	for _, i := range p.used {
		p.key[i] = 0
	}
	p.used = p.used[:0]
	clear(p.maybe[:])
	for _, t := range v.terms {
		term, w := unpack(t)
		h := term * 2654435761
		p.maybe[h>>(32-7)] |= 1 << (h >> (32 - 13) & 63)
		i := h >> (32 - 10)
		for p.key[i] != 0 {
			i = (i + 1) & (probeSize - 1)
		}
		p.key[i], p.weight[i] = term+1, float32(w)*v.scale/255
		p.used = append(p.used, uint16(i))
	}
}

// dot is the cosine of the probe's vector and v.
func (p *probe) dot(v vector) float32 {
	sum := float32(0)
	for _, t := range v.terms {
		term, w := unpack(t)
		h := term * 2654435761
		if p.maybe[h>>(32-7)]>>(h>>(32-13)&63)&1 == 0 {
			continue
		}
		for i := h >> (32 - 10); p.key[i] != 0; i = (i + 1) & (probeSize - 1) {
			if p.key[i] == term+1 {
				sum += float32(w) * p.weight[i]
				break
			}
		}
	}
	return sum * v.scale / 255
}
