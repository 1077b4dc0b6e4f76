package about

import (
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"khue/text"
)

// Kind is what a name is the name of.
type Kind uint8

// The kinds of what is found.
const (
	Ward     Kind = iota + 1 // a ward or commune in force; its codes
	District                 // a district of before: no office any more
	Office                   // a body that speaks or answers
)

// String gives the kind as it is stored.
func (k Kind) String() string { return [...]string{"", "ward", "district", "office"}[k] }

// Unit is a ward or commune in force. Name begins with its kind: "Phường Láng".
type Unit struct{ Code, Name string }

// FormerUnit is one of before, with the district that it lay in and the units in force that it went into.
type FormerUnit struct {
	Name, District, DistrictCode string
	Into                         []string
}

// Names is what a Gazetteer is made from.
type Names struct {
	City    []string // the city's own names: "Hà Nội", "Thủ đô"
	Units   []Unit
	Former  []FormerUnit
	Offices map[string][]string // by code, every name that the office goes by
}

// unit kinds.
type unitKind uint8

const (
	noUnit unitKind = iota
	phuong
	xa
	town
	quan
	huyen
	townDistrict // thị xã
	cityOrProvince
)

// meaning is one thing that a name may mean.
type meaning struct {
	kind     Kind
	unit     unitKind
	today    bool // in force
	codes    []string
	district uint64 // identity of the former unit's district
}

// name is a run of syllables and all that it may mean.
type name struct {
	means []meaning
	words int
}

// Gazetteer knows a city's places and offices by all their names. It is read only: many goroutines may find with one.
type Gazetteer struct {
	byMark, byKey map[uint64][]int32 // by the hash of the syllables, with marks and without
	names         []name
	first         [1 << 12 / 64]uint64 // a bit for the first syllable of each name, without marks
	longest       int
	city          map[uint64]bool // hashes of the city's own names
	others        map[uint64]bool // of other provinces
	elseUnsure    map[uint64]bool
}

// seed begins the hash of a run of syllables.
const seed = 0x9E3779B97F4A7C15

func roll(h, syllable uint64) uint64 { return (bits.RotateLeft64(h, 23) ^ syllable) * seed }

// runs hashes the syllables of a written name.
func runs(s string) (mark, key, first uint64, n int) {
	mark, key = seed, seed
	for i, t := range text.Tokens(text.Normalize(s)) {
		mark, key = roll(mark, t.Mark), roll(key, t.Key)
		if i == 0 {
			first = t.Key
		}
		n++
	}
	return mark, key, first, n
}

// New makes a gazetteer. A unit whose name does not begin with its kind is a fault.
func New(n Names) (*Gazetteer, error) {
	g := &Gazetteer{byMark: map[uint64][]int32{}, byKey: map[uint64][]int32{}, city: map[uint64]bool{}, others: map[uint64]bool{}, elseUnsure: map[uint64]bool{}}
	for _, u := range n.Units {
		kind, core, ok := cutKind(u.Name)
		if !ok {
			return nil, fmt.Errorf("unit %s: %q does not begin with Phường or Xã", u.Code, u.Name)
		}
		g.know(core, meaning{kind: Ward, unit: kind, today: true, codes: []string{u.Code}})
	}
	for _, f := range n.Former {
		kind, core, ok := cutKind(f.Name)
		dKind, dCore, dOK := cutKind(f.District)
		if !ok || !dOK {
			return nil, fmt.Errorf("former unit %q in %q: both begin with their kind", f.Name, f.District)
		}
		d, _, _, _ := runs(dCore)
		g.know(core, meaning{kind: Ward, unit: kind, codes: f.Into, district: d})
		g.know(dCore, meaning{kind: District, unit: dKind, codes: []string{f.DistrictCode}})
	}
	for _, code := range slices.Sorted(maps.Keys(n.Offices)) {
		for _, s := range n.Offices[code] {
			if strings.TrimSpace(s) == "" {
				return nil, errors.New("office " + code + ": an empty name")
			}
			g.know(s, meaning{kind: Office, today: true, codes: []string{code}})
		}
	}
	for _, s := range n.City {
		h, _, _, _ := runs(s)
		g.city[h] = true
	}
	for s := range strings.SplitSeq(elsewhere, "|") {
		if h, _, _, _ := runs(s); !g.city[h] {
			g.others[h] = true
			g.elseUnsure[h] = unsure[s]
		}
	}
	return g, nil
}

// know adds a meaning to a name; the same meaning twice counts once.
func (g *Gazetteer) know(s string, m meaning) {
	h, k, first, n := runs(s)
	id := int32(-1)
	for _, i := range g.byMark[h] {
		id = i
	}
	if id < 0 {
		id = int32(len(g.names))
		g.names = append(g.names, name{words: n})
		g.byMark[h] = append(g.byMark[h], id)
		g.byKey[k] = append(g.byKey[k], id)
		g.longest = max(g.longest, n)
		b := first >> 52
		g.first[b>>6] |= 1 << (b & 63)
	}
	for _, old := range g.names[id].means {
		if old.kind == m.kind && old.unit == m.unit && old.today == m.today && old.district == m.district && old.codes[0] == m.codes[0] {
			return
		}
	}
	g.names[id].means = append(g.names[id].means, m)
}

func (g *Gazetteer) begins(key uint64) bool {
	b := key >> 52
	return g.first[b>>6]>>(b&63)&1 == 1
}

// cutKind takes the kind of unit from the front of a name.
func cutKind(s string) (unitKind, string, bool) {
	for _, one := range []struct {
		word string
		kind unitKind
	}{{"Phường ", phuong}, {"Xã ", xa}, {"Thị trấn ", town}, {"Thị Trấn ", town}, {"Quận ", quan}, {"Huyện ", huyen}, {"Thị xã ", townDistrict}, {"Thị Xã ", townDistrict}} {
		if rest, ok := strings.CutPrefix(s, one.word); ok {
			return one.kind, rest, true
		}
	}
	return noUnit, "", false
}
