package diff

import (
	"cmp"
	"slices"
)

// Op is a stretch of the alignment: a[AFrom:ATo] beside b[BFrom:BTo]. One side may be empty where it is not Equal.
type Op struct {
	AFrom, ATo, BFrom, BTo int
	Equal                  bool
}

// Words aligns two sequences.
func Words(a, b []uint64) []Op { return new(Aligner).Words(nil, a, b) }

// Aligner keeps memory between alignments; it must not be used by two goroutines at once.
type Aligner struct {
	head  []int32 // by hash of a gram: its last place in b, plus one
	chain []int32 // place in b -> the place before with the same hash, plus one
	runs  []run
	best  []int
	from  []int
	cells []int32
	steps []byte
	ops   []Op
	first int // where the alignment begins in ops
}

// run is a stretch that both sequences share.
type run struct{ a, b, n int }

const (
	seed      = 4         // words of a gram
	maxPlaces = 16        // places of one gram that are tried
	maxRuns   = 400       // runs that are chained
	maxCells  = 1e5       // of the table that aligns what lies between two runs
	edge      = 160       // words at the outer ends that are aligned word by word
	matched   = int32(3)  // scores: a word that is equal,
	differs   = int32(-1) // one that is exchanged, put in or left out
)

// Words appends the alignment of a and b to dst.
func (al *Aligner) Words(dst []Op, a, b []uint64) []Op {
	al.ops, al.first = dst, len(dst)
	al.find(a, b)
	i, j := 0, 0
	chain := al.chained()
	for k, r := range chain {
		al.gap(a, b, i, r.a, j, r.b, k == 0, false)
		al.push(Op{r.a, r.a + r.n, r.b, r.b + r.n, true})
		i, j = r.a+r.n, r.b+r.n
	}
	al.gap(a, b, i, len(a), j, len(b), len(chain) == 0, true)
	ops := al.ops
	al.ops = nil
	return ops
}

// push adds an operation, joined with the one before where both are of a sort.
func (al *Aligner) push(o Op) {
	if o.AFrom == o.ATo && o.BFrom == o.BTo {
		return
	}
	if k := len(al.ops); k > al.first && al.ops[k-1].Equal == o.Equal {
		al.ops[k-1].ATo, al.ops[k-1].BTo = o.ATo, o.BTo
		return
	}
	al.ops = append(al.ops, o)
}

func gramHash(w []uint64) uint64 {
	h := (w[0]*31+w[1])*31 + w[2]
	h = (h*31 + w[3]) * 0x9E3779B97F4A7C15
	return h >> 20
}

// find lists the runs of at least seed words that cannot be made longer.
func (al *Aligner) find(a, b []uint64) {
	al.runs = al.runs[:0]
	if len(a) < seed || len(b) < seed {
		return
	}
	size := 64
	for size < 2*len(b) {
		size *= 2
	}
	al.head = slices.Grow(al.head[:0], size)[:size]
	clear(al.head)
	al.chain = slices.Grow(al.chain[:0], len(b))[:len(b)]
	mask := uint64(size - 1)
	for j := len(b) - seed; j >= 0; j-- {
		h := gramHash(b[j:]) & mask
		al.chain[j] = al.head[h]
		al.head[h] = int32(j) + 1
	}
	for i := 0; i+seed <= len(a); i++ {
		tried := 0
		for p := al.head[gramHash(a[i:])&mask]; p > 0 && tried < maxPlaces; p = al.chain[p-1] {
			j := int(p) - 1
			if i > 0 && j > 0 && a[i-1] == b[j-1] {
				continue // part of a longer one
			}
			tried++
			n := 0
			for i+n < len(a) && j+n < len(b) && a[i+n] == b[j+n] {
				n++
			}
			if n >= seed {
				al.runs = append(al.runs, run{i, j, n})
			}
		}
	}
	if len(al.runs) > maxRuns {
		slices.SortStableFunc(al.runs, func(x, y run) int { return cmp.Compare(y.n, x.n) })
		al.runs = al.runs[:maxRuns]
		slices.SortFunc(al.runs, func(x, y run) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	}
}

// chained picks the runs that follow each other in both sequences with the greatest total length; where two overlap the later
// one is cut.
func (al *Aligner) chained() []run {
	n := len(al.runs)
	if n == 0 {
		return nil
	}
	al.best = slices.Grow(al.best[:0], n)[:n]
	al.from = slices.Grow(al.from[:0], n)[:n]
	top := 0
	for k, r := range al.runs {
		al.best[k], al.from[k] = r.n*4, -1
		for m := range k {
			p := al.runs[m]
			over := max(0, p.a+p.n-r.a, p.b+p.n-r.b)
			if p.a > r.a || p.b > r.b || over >= r.n {
				continue
			}
			shift := (r.a - p.a) - (r.b - p.b) // what was put in or left out between: little is better
			if shift < 0 {
				shift = -shift
			}
			if s := al.best[m] + (r.n-over)*4 - min(3, shift); s > al.best[k] {
				al.best[k], al.from[k] = s, m
			}
		}
		if al.best[k] > al.best[top] {
			top = k
		}
	}
	var chain []run
	for k := top; k >= 0; k = al.from[k] {
		r := al.runs[k]
		if m := al.from[k]; m >= 0 {
			p := al.runs[m]
			over := max(0, p.a+p.n-r.a, p.b+p.n-r.b)
			r = run{r.a + over, r.b + over, r.n - over}
		}
		chain = append(chain, r)
	}
	slices.Reverse(chain)
	return chain
}

// gap aligns what lies between two runs, or before the first or after the last one.
func (al *Aligner) gap(a, b []uint64, a1, a2, b1, b2 int, first, last bool) {
	switch {
	case a1 == a2 || b1 == b2 || first && last && (a2-a1)*(b2-b1) > maxCells:
		al.push(Op{a1, a2, b1, b2, false})
	case first && !last:
		// the words before the first run: aligned from the run backwards
		x, y := max(a1, a2-edge), max(b1, b2-edge)
		al.table(a, b, x, a2, y, b2, true)
		ops := al.trace(x, a2, y, b2, true)
		head := Op{a1, a2, b1, b2, false}
		if len(ops) > 0 {
			head.ATo, head.BTo = ops[0].AFrom, ops[0].BFrom
		}
		al.push(head)
		for _, o := range ops {
			al.push(o)
		}
	case last && !first:
		x, y := min(a2, a1+edge), min(b2, b1+edge)
		al.table(a, b, a1, x, b1, y, false)
		ops := al.trace(a1, x, b1, y, false)
		i, j := a1, b1
		for _, o := range ops {
			al.push(o)
			i, j = o.ATo, o.BTo
		}
		al.push(Op{i, a2, j, b2, false})
	default:
		al.inner(a, b, a1, a2, b1, b2)
	}
}
