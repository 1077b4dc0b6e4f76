package main

import (
	"cmp"
	"math"
	"slices"
)

const (
	metres = 11.13 // of one unit from south to north
	narrow = 0.933 // of one unit from west to east beside it, at 21° north
)

// area gives the area within a ring in square units, positive where it runs against the clock.
func area(ring []point) float64 {
	sum := 0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.x*q.y - q.x*p.y
	}
	return float64(sum) / 2
}

// simplify draws every ward with fewer points.
func simplify(wards []ward) []ward {
	meet(wards)
	joints := jointsOf(wards)
	size := sizes(wards)
	out := make([]ward, len(wards))
	for i, w := range wards {
		out[i] = ward{w.code, draw(w.ring, joints, size)}
	}
	return out
}

// meet gives rings the points of their neighbours that lie on their straight runs, so that what is shared is shared point by point.
func meet(wards []ward) {
	there := map[point]bool{}
	for _, w := range wards {
		for _, p := range w.ring {
			there[p] = true
		}
	}
	for i, w := range wards {
		var ring []point
		for k, p := range w.ring {
			ring = append(ring, p)
			q := w.ring[(k+1)%len(w.ring)]
			n := gcd(abs(q.x-p.x), abs(q.y-p.y))
			for s := 1; s < n; s++ {
				if on := (point{p.x + (q.x-p.x)/n*s, p.y + (q.y-p.y)/n*s}); there[on] {
					ring = append(ring, on)
				}
			}
		}
		wards[i].ring = ring
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func abs(a int) int { return max(a, -a) }

// edge is a side of a ring, whichever way it runs.
type edge struct{ a, b point }

func edgeOf(p, q point) edge {
	if comparePoints(p, q) > 0 {
		p, q = q, p
	}
	return edge{p, q}
}

func comparePoints(p, q point) int { return cmp.Or(cmp.Compare(p.x, q.x), cmp.Compare(p.y, q.y)) }

// jointsOf gives the points in which more than two sides meet: they stay where they are.
func jointsOf(wards []ward) map[point]bool {
	sides := map[edge]bool{}
	degree := map[point]int{}
	for _, w := range wards {
		for i, p := range w.ring {
			q := w.ring[(i+1)%len(w.ring)]
			if e := edgeOf(p, q); !sides[e] {
				sides[e] = true
				degree[p]++
				degree[q]++
			}
		}
	}
	joints := map[point]bool{}
	for p, n := range degree {
		if n != 2 {
			joints[p] = true
		}
	}
	return joints
}

// sizes gives for each side the area of the smallest ward that it belongs to, in square metres.
func sizes(wards []ward) map[edge]float64 {
	size := map[edge]float64{}
	for _, w := range wards {
		a := math.Abs(area(w.ring)) * metres * metres * narrow
		for i, p := range w.ring {
			e := edgeOf(p, w.ring[(i+1)%len(w.ring)])
			if known, ok := size[e]; !ok || a < known {
				size[e] = a
			}
		}
	}
	return size
}

// draw draws a ring with fewer points, line by line from joint to joint.
func draw(ring []point, joints map[point]bool, size map[edge]float64) []point {
	start := slices.IndexFunc(ring, func(p point) bool { return joints[p] })
	if start < 0 { // nobody's neighbour: from its westernmost point on
		start = slices.Index(ring, slices.MinFunc(ring, comparePoints))
	}
	ring = append(slices.Clone(ring[start:]), ring[:start+1]...)
	var out []point
	for from := 0; from < len(ring)-1; {
		to := from + 1
		for to < len(ring)-1 && !joints[ring[to]] {
			to++
		}
		line := ring[from : to+1]
		kept := thin(line, tolerance(size[edgeOf(line[0], line[1])]))
		out = append(out, kept[:len(kept)-1]...)
		from = to
	}
	return out
}

// tolerance is how far, in metres, a drawn border may lie from the true one beside a ward of so many square metres.
func tolerance(size float64) float64 { return min(max(0.02*math.Sqrt(size), 25), 110) }

// thin leaves out points of a line that lie near the straight between others. It gives the same points whichever way the line runs.
func thin(line []point, far float64) []point {
	turned := comparePoints(line[0], line[len(line)-1]) > 0 || line[0] == line[len(line)-1] && len(line) > 2 && comparePoints(line[1], line[len(line)-2]) > 0
	work := slices.Clone(line)
	if turned {
		slices.Reverse(work)
	}
	keep := make([]bool, len(work))
	keep[0], keep[len(work)-1] = true, true
	mark(work, keep, 0, len(work)-1, far)
	var out []point
	for i, k := range keep {
		if k {
			out = append(out, work[i])
		}
	}
	if turned {
		slices.Reverse(out)
	}
	return out
}

func mark(line []point, keep []bool, from, to int, far float64) {
	if to-from < 2 {
		return
	}
	best, at := -1.0, 0
	for i := from + 1; i < to; i++ {
		if d := away(line[i], line[from], line[to]); d > best {
			best, at = d, i
		}
	}
	if best < far && line[from] != line[to] { // a line that comes back to where it began keeps its farthest point
		return
	}
	keep[at] = true
	mark(line, keep, from, at, far)
	mark(line, keep, at, to, far)
}

// away gives how far a point lies from the line between two, in metres.
func away(p, a, b point) float64 {
	px, py := float64(p.x-a.x)*narrow, float64(p.y-a.y)
	bx, by := float64(b.x-a.x)*narrow, float64(b.y-a.y)
	if long := bx*bx + by*by; long > 0 {
		t := min(max((px*bx+py*by)/long, 0), 1)
		px, py = px-t*bx, py-t*by
	}
	return math.Hypot(px, py) * metres
}
