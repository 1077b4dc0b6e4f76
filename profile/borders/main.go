// Borders makes the small map of a profile's wards out of a large one: GeoJSON in, units/borders.tsv out.
//
//	go run ./profile/borders ../shared/data/hanoi/wards.geojson >profile/hanoi/units/borders.tsv
//
// Neighbours share their border, before and after: the line between two points where three wards meet is drawn simpler once, for both (Douglas and
// Peucker 1973), the more so the larger the smaller of the two is. Coordinates are whole numbers of 0.0001 degrees; each line of the table is a ward
// with the ring around it, as the first point and the steps from point to point.
//
// It imports nothing of ours. Read main.go, then ring.go.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "borders:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("give the GeoJSON file of the wards")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	wards, err := read(data)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return write(out, simplify(wards))
}

// scale is how many units a degree has.
const scale = 10_000

// point is a place in units of 1/scale degrees: longitude, latitude.
type point struct{ x, y int }

// ward is a unit with its ring; the last point is not the first again.
type ward struct {
	code string
	ring []point
}

// read reads wards of one ring each. Of a ward with several the largest is taken.
func read(data []byte) ([]ward, error) {
	var file struct {
		Features []struct {
			Properties struct {
				Code string `json:"code"`
			} `json:"properties"`
			Geometry struct {
				Type        string           `json:"type"`
				Coordinates [][][][2]float64 `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	var list []ward
	for i, f := range file.Features {
		if f.Properties.Code == "" || f.Geometry.Type != "MultiPolygon" {
			return nil, fmt.Errorf("feature %d: %q is a %q; write a MultiPolygon with its code", i, f.Properties.Code, f.Geometry.Type)
		}
		w := ward{code: f.Properties.Code}
		for _, polygon := range f.Geometry.Coordinates {
			if len(polygon) == 0 {
				continue
			}
			if ring := points(polygon[0]); math.Abs(area(ring)) > math.Abs(area(w.ring)) {
				w.ring = ring
			}
		}
		if len(w.ring) < 3 {
			return nil, fmt.Errorf("feature %d: %s has no border", i, w.code)
		}
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b ward) int { return cmp.Compare(a.code, b.code) })
	return list, nil
}

func points(coordinates [][2]float64) []point {
	var ring []point
	for _, c := range coordinates {
		p := point{int(math.Round(c[0] * scale)), int(math.Round(c[1] * scale))}
		if len(ring) == 0 || p != ring[len(ring)-1] {
			ring = append(ring, p)
		}
	}
	if len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	return ring
}

// write writes the table.
func write(out io.Writer, wards []ward) error {
	b := bufio.NewWriter(out)
	fmt.Fprintln(b, "code\tring") //nolint:errcheck // Flush tells
	for _, w := range wards {
		fmt.Fprintf(b, "%s\t%d %d", w.code, w.ring[0].x, w.ring[0].y) //nolint:errcheck // Flush tells
		for i := 1; i < len(w.ring); i++ {
			fmt.Fprintf(b, " %d %d", w.ring[i].x-w.ring[i-1].x, w.ring[i].y-w.ring[i-1].y) //nolint:errcheck // Flush tells
		}
		fmt.Fprintln(b) //nolint:errcheck // Flush tells
	}
	return b.Flush()
}
