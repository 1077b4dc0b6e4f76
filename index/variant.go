package index

import (
	"math/bits"

	"golang.org/x/text/unicode/norm"
)

// A variant says how a syllable was written: five bits hash its marks (â, ă, đ, ơ … and where they sit), three hold its tone. 0 is
// a syllable without any.
const (
	toneBits  = 0b111
	shapeBits = 0xff &^ toneBits
)

// Key hashes a term's form without marks. Keys are the same on every machine and in every version.
func Key(s string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a, then mixed
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return finish(h)
}

func finish(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	if h == 0 {
		return 1
	}
	return h
}

// pairKey is the key of two neighbours.
func pairKey(a, b uint64) uint64 { return finish(bits.RotateLeft64(a, 23) ^ b*0x9E3779B97F4A7C15) }

// pairVariant joins the variants of two neighbours: a hash of both shapes, and of both tones; 0 only if both are 0.
func pairVariant(a, b uint8) uint8 {
	shape := a&shapeBits ^ bits.RotateLeft8(b&shapeBits, 3)
	if a&shapeBits|b&shapeBits != 0 && shape&shapeBits == 0 {
		shape = 8
	}
	tone := uint8(0)
	if x, y := a&toneBits, b&toneBits; x|y != 0 {
		tone = (x*3+y*5)%7 + 1
	}
	return shape&shapeBits | tone
}

// marks knows the precomposed Latin letters: shape in the upper five bits, tone in the lower three.
var marks = func() map[rune]uint8 {
	tones := map[rune]uint8{0x300: 1, 0x301: 2, 0x303: 3, 0x309: 4, 0x323: 5}
	m := map[rune]uint8{'đ': 1 << 3, 'Đ': 1 << 3}
	add := func(from, to rune) {
		for r := from; r <= to; r++ {
			v := uint8(0)
			for _, d := range norm.NFD.String(string(r)) {
				if t, ok := tones[d]; ok {
					v |= t
				} else if d >= 0x300 && d < 0x370 {
					v |= uint8(d%29+2) << 3
				}
			}
			if v != 0 {
				m[r] = v
			}
		}
	}
	add(0xC0, 0x1B0)
	add(0x1EA0, 0x1EF9)
	return m
}()

// Variant tells how a syllable in NFC is written.
func Variant(syllable string) uint8 {
	shape, tone := uint8(0), uint8(0)
	n := uint8(1)
	for _, r := range syllable {
		n++
		if r < 0xC0 {
			continue
		}
		v := marks[r]
		if t := v & toneBits; t != 0 {
			tone = t
		}
		if s := v >> 3; s != 0 {
			shape += s * n
		}
	}
	if s := shape & 31; s != 0 || shape == 0 {
		return s<<3 | tone
	}
	return 8 | tone
}
