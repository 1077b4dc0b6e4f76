package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// BorderScale is how many units of a Border's points a degree has.
const BorderScale = 10_000

// maxRing bounds the points of one border.
const maxRing = 5000

// Border is the line around a ward, for maps: simpler than the true one, by up to 110 m in the country and 25 m in town.
type Border struct {
	Code string
	Ring [][2]int // longitude and latitude in 1/BorderScale degrees; the last point is not the first again
}

// LoadBorders reads units/borders.tsv of a profile, in the order of the file. Faults name file and line.
func LoadBorders(fsys fs.FS) ([]Border, error) {
	var list []Border
	known := map[string]bool{}
	err := rows(fsys, "units/borders.tsv", 2, func(c []string) error {
		b := Border{Code: c[0]}
		if known[b.Code] {
			return fmt.Errorf("code %s stands twice", b.Code)
		}
		known[b.Code] = true
		fields := strings.Fields(c[1])
		if len(fields) < 6 || len(fields)%2 == 1 || len(fields) > 2*maxRing {
			return fmt.Errorf("a ring of %d numbers; write two for each of 3 to %d points", len(fields), maxRing)
		}
		var x, y int
		for i := 0; i < len(fields); i += 2 {
			dx, err := strconv.Atoi(fields[i])
			dy, err2 := strconv.Atoi(fields[i+1])
			if err := errors.Join(err, err2); err != nil {
				return err
			}
			if x, y = x+dx, y+dy; x < -180*BorderScale || x > 180*BorderScale || y < -90*BorderScale || y > 90*BorderScale {
				return fmt.Errorf("point %d lies at %d %d, beyond the earth", i/2+1, x, y)
			}
			b.Ring = append(b.Ring, [2]int{x, y})
		}
		list = append(list, b)
		return nil
	})
	return list, err
}
