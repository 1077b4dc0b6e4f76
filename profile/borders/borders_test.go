package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const shared = "../../../shared/data/hanoi/wards.geojson"

// two is a pair of squares of 2 km whose common side is a stair of 20 m, and which one of them has fewer points of.
func two(t *testing.T) []ward {
	t.Helper()
	var stair []point
	for i := range 20 {
		stair = append(stair, point{200 + i%2*2, i * 10})
	}
	stair = append(stair, point{200, 200})
	left := append([]point{{0, 200}, {0, 0}}, stair...)
	right := []point{{400, 0}, {400, 200}}
	for i := len(stair) - 1; i >= 0; i-- {
		right = append(right, stair[i])
	}
	return []ward{{"left", left}, {"right", right}}
}

func TestNeighboursStillMeet(t *testing.T) {
	wards := two(t)
	before := len(wards[0].ring)
	out := simplify(wards)
	sides := map[edge]int{}
	for _, w := range out {
		for i, p := range w.ring {
			sides[edgeOf(p, w.ring[(i+1)%len(w.ring)])]++
		}
	}
	common := 0
	for _, n := range sides {
		if n == 2 {
			common++
		}
	}
	if len(out[0].ring) >= before/2 || common == 0 {
		t.Fatalf("%d points are left of %d, %d sides in common", len(out[0].ring), before, common)
	}
	sum := math.Abs(area(out[0].ring)) + math.Abs(area(out[1].ring))
	if sum != 400*200 {
		t.Errorf("together they cover %v, before %v", sum, 400*200)
	}
}

// TestPointsOnAStraightRun: a neighbour's corner on one's own straight side is a point of both.
func TestPointsOnAStraightRun(t *testing.T) {
	wards := []ward{
		{"long", []point{{0, 0}, {100, 0}, {100, 300}, {0, 300}}},
		{"low", []point{{100, 0}, {200, 0}, {200, 150}, {100, 150}}},
		{"high", []point{{100, 150}, {200, 150}, {200, 300}, {100, 300}}},
	}
	out := simplify(wards)
	found := false
	for _, p := range out[0].ring {
		found = found || p == point{100, 150}
	}
	if !found {
		t.Errorf("where three wards meet one has no point: %v", out[0].ring)
	}
}

func TestBadMaps(t *testing.T) {
	for name, data := range map[string]string{
		"no JSON":   "{",
		"no code":   `{"features": [{"geometry": {"type": "MultiPolygon", "coordinates": []}}]}`,
		"a point":   `{"features": [{"properties": {"code": "1"}, "geometry": {"type": "Point"}}]}`,
		"no border": `{"features": [{"properties": {"code": "1"}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[1, 1], [1, 2], [1, 1]]]]}}]}`,
	} {
		if _, err := read([]byte(data)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := run(nil, &bytes.Buffer{}); err == nil {
		t.Error("no file is taken")
	}
}

// TestTableIsMade: the table of the profile is what the tool makes of the map, and each ward keeps its size.
func TestTableIsMade(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the map of the wards is not here: " + filepath.Base(shared))
	}
	var made bytes.Buffer
	if err := run([]string{shared}, &made); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../hanoi/units/borders.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if made.String() != strings.ReplaceAll(string(kept), "\r\n", "\n") {
		t.Error("units/borders.tsv is not what the tool makes: run it again")
	}
	data, err := os.ReadFile(shared)
	if err != nil {
		t.Fatal(err)
	}
	wards, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]float64{}
	for _, w := range wards {
		before[w.code] = math.Abs(area(w.ring))
	}
	for _, w := range simplify(wards) {
		if share := math.Abs(area(w.ring)) / before[w.code]; math.Abs(share-1) > 0.03 {
			t.Errorf("%s is drawn %.3f of its size", w.code, share)
		}
	}
}
