package profile

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Unit is a ward or commune (phường, xã) in force.
type Unit struct {
	Code, Name, Type, NameEN string
	ValidFrom                string // day
}

// Former is a unit of before July 2025 and one of those that it went into; a unit that was split has several.
type Former struct {
	Code, Name, District, DistrictCode string
	Into                               string // the new unit's code
	Share                              string // "whole" or "part"
}

// Units is a profile's administrative units, found by any of their names.
type Units struct {
	All    []Unit
	Former []Former
	byKey  map[string][]int // folded name to places in All
}

// LoadUnits reads units/wards.tsv and units/former.tsv of a profile. Faults name file and line.
func LoadUnits(fsys fs.FS) (*Units, error) {
	u := &Units{byKey: map[string][]int{}}
	place := map[string]int{}
	err := rows(fsys, "units/wards.tsv", 5, func(c []string) error {
		if _, twice := place[c[0]]; twice {
			return fmt.Errorf("code %s stands twice", c[0])
		}
		place[c[0]] = len(u.All)
		u.All = append(u.All, Unit{c[0], c[1], c[2], c[3], c[4]})
		u.know(c[1], len(u.All)-1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = rows(fsys, "units/former.tsv", 6, func(c []string) error {
		i, ok := place[c[4]]
		if !ok {
			return fmt.Errorf("successor %q is no unit", c[4])
		}
		u.Former = append(u.Former, Former{c[0], c[1], c[2], c[3], c[4], c[5]})
		u.know(c[1], i)
		u.know(c[1]+" "+c[2], i)
		u.know(c[2], i)
		return nil
	})
	return u, err
}

// rows hands each line below the head to fn.
func rows(fsys fs.FS, name string, columns int, fn func([]string) error) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		c := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		if len(c) != columns {
			return fmt.Errorf("%s:%d: %d columns; write %d, parted by tabs", name, i+1, len(c), columns)
		}
		if i == 0 {
			continue
		}
		if err := fn(c); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

func (u *Units) know(name string, i int) {
	full := key(name)
	for _, k := range []string{full, bare(full)} {
		if !slices.Contains(u.byKey[k], i) {
			u.byKey[k] = append(u.byKey[k], i)
		}
	}
}

// Lookup gives the units in force that a name means: a new name, a former ward's, commune's, town's or district's, with its kind
// (phường, P.) or without it, with marks or without. An exact name of today comes first; none when the name is not known.
func (u *Units) Lookup(name string) []Unit {
	k := key(name)
	var found []Unit
	for _, i := range u.byKey[k] {
		found = append(found, u.All[i])
	}
	return found
}

var kinds = map[string]string{"p": "phuong", "x": "xa", "q": "quan", "h": "huyen", "tt": "thi tran", "tx": "thi xa"}

// key folds a name: no marks, lower case, runs of letters and digits parted by one space, kinds written out.
func key(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if full, ok := kinds[w]; ok {
			words[i] = full
		}
	}
	return strings.Join(words, " ")
}

// bare takes the kind of unit from the front of a folded name.
func bare(k string) string {
	for _, kind := range []string{"phuong ", "xa ", "quan ", "huyen ", "thi tran ", "thi xa "} {
		if rest, ok := strings.CutPrefix(k, kind); ok {
			return rest
		}
	}
	return k
}
