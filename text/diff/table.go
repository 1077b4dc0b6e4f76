package diff

import "slices"

// steps of the table
const (
	stop byte = iota
	diagonal
	left // a word of b alone
	up   // a word of a alone
)

// inner aligns two stretches whose ends both belong together.
func (al *Aligner) inner(a, b []uint64, a1, a2, b1, b2 int) {
	for a1 < a2 && b1 < b2 && a[a1] == b[b1] {
		al.push(Op{a1, a1 + 1, b1, b1 + 1, true})
		a1, b1 = a1+1, b1+1
	}
	tail := 0
	for a1 < a2-tail && b1 < b2-tail && a[a2-tail-1] == b[b2-tail-1] {
		tail++
	}
	a3, b3 := a2-tail, b2-tail
	if a1 < a3 && b1 < b3 && (a3-a1)*(b3-b1) <= maxCells && (a3-a1 > 1 || b3-b1 > 1) {
		al.global(a, b, a1, a3, b1, b3)
	} else {
		al.push(Op{a1, a3, b1, b3, false})
	}
	al.push(Op{a3, a2, b3, b2, true})
}

func (al *Aligner) room(rows, columns int) {
	n := rows * columns
	al.cells = slices.Grow(al.cells[:0], n)[:n]
	al.steps = slices.Grow(al.steps[:0], n)[:n]
}

// global fills the table for two whole stretches and appends their alignment.
func (al *Aligner) global(a, b []uint64, a1, a2, b1, b2 int) {
	rows, columns := a2-a1+1, b2-b1+1
	al.room(rows, columns)
	for j := range columns {
		al.cells[j], al.steps[j] = int32(j)*differs, left
	}
	al.steps[0] = stop
	for i := 1; i < rows; i++ {
		al.cells[i*columns], al.steps[i*columns] = int32(i)*differs, up
		for j := 1; j < columns; j++ {
			al.cell(a[a1+i-1] == b[b1+j-1], i, j, columns)
		}
	}
	ops := al.walk(rows-1, columns-1, columns)
	for k := len(ops) - 1; k >= 0; k-- {
		o := ops[k]
		al.push(Op{a1 + o.AFrom, a1 + o.ATo, b1 + o.BFrom, b1 + o.BTo, o.Equal})
	}
}

// cell computes one cell from its three neighbours.
func (al *Aligner) cell(equal bool, i, j, columns int) {
	at := i*columns + j
	score, step := al.cells[at-columns-1]+differs, diagonal
	if equal {
		score = al.cells[at-columns-1] + matched
	}
	if s := al.cells[at-columns] + differs; s > score {
		score, step = s, up
	}
	if s := al.cells[at-1] + differs; s > score {
		score, step = s, left
	}
	al.cells[at], al.steps[at] = score, step
}

// table fills the table for an outer end; backward aligns from the ends of the stretches towards their beginnings.
func (al *Aligner) table(a, b []uint64, a1, a2, b1, b2 int, backward bool) {
	rows, columns := a2-a1+1, b2-b1+1
	al.room(rows, columns)
	for j := range columns {
		al.cells[j], al.steps[j] = int32(j)*differs, left
	}
	al.steps[0] = stop
	for i := 1; i < rows; i++ {
		al.cells[i*columns], al.steps[i*columns] = int32(i)*differs, up
		for j := 1; j < columns; j++ {
			x, y := a1+i-1, b1+j-1
			if backward {
				x, y = a2-i, b2-j
			}
			al.cell(a[x] == b[y], i, j, columns)
		}
	}
}

// trace gives the alignment of an outer end up to its best cell, in order; what is beyond it stays unaligned.
func (al *Aligner) trace(a1, a2, b1, b2 int, backward bool) []Op {
	rows, columns := a2-a1+1, b2-b1+1
	bi, bj, best := 0, 0, int32(0)
	for i := 1; i < rows; i++ {
		for j := 1; j < columns; j++ {
			if s := al.cells[i*columns+j]; s > best {
				bi, bj, best = i, j, s
			}
		}
	}
	ops := al.walk(bi, bj, columns)
	if backward { // walked from the far end to the run: already in order
		for k := range ops {
			o := ops[k]
			ops[k] = Op{a2 - o.ATo, a2 - o.AFrom, b2 - o.BTo, b2 - o.BFrom, o.Equal}
		}
		return ops
	}
	slices.Reverse(ops)
	for k := range ops {
		o := ops[k]
		ops[k] = Op{a1 + o.AFrom, a1 + o.ATo, b1 + o.BFrom, b1 + o.BTo, o.Equal}
	}
	return ops
}

// walk follows the steps back from a cell; the operations come last first, in counts from the table's corner.
func (al *Aligner) walk(i, j, columns int) []Op {
	var ops []Op
	for i > 0 || j > 0 {
		o := Op{i, i, j, j, false}
		at := i*columns + j
		switch al.steps[at] {
		case diagonal:
			o.AFrom, o.BFrom = i-1, j-1
			o.Equal = al.cells[at] == al.cells[at-columns-1]+matched
		case up:
			o.AFrom = i - 1
		case left:
			o.BFrom = j - 1
		}
		i, j = o.AFrom, o.BFrom
		if k := len(ops); k > 0 && ops[k-1].Equal == o.Equal {
			ops[k-1].AFrom, ops[k-1].BFrom = o.AFrom, o.BFrom
			continue
		}
		ops = append(ops, o)
	}
	return ops
}
