package phrase

import "unicode/utf8"

// A syllable is spelled as letters without marks, packed eight to a word, what marks each of them bears (four bits a letter: in
// Vietnamese only which of ă â đ ê ô ơ ư it is) and its tones in their order. The first alone makes the identity without marks,
// all together the one with marks; the two are the same number exactly for a syllable without marks.

// toned is the bit of a letter's four that says that it bears a tone; it is no part of the identity.
const (
	toned    = 8
	allToned = 0x8888888888888888
)

// Odd constants without pattern: digits of the golden ratio, of π and of e.
const (
	k1 = 0x9E3779B97F4A7C15
	k2 = 0x243F6A8885A308D3
	k3 = 0xB7E151628AED2A6B
)

// mix spreads a number over all bits; it maps no two numbers to one (the finaliser of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}

// without is the identity without marks: of the last letters, up to eight, and the groups of eight before them.
func without(letters, before uint64) uint64 { return mix(letters + before) }

// with is the identity with marks; more is what earlier groups and rarer marks make.
func with(letters, before, qualities, tones, more uint64) uint64 {
	return mix(letters + before + (qualities&^allToned)*k2 + tones*k3 + more)
}

// regroup puts a full group of eight letters behind it.
func regroup(letters, before, qualities, more uint64) (newBefore, newMore uint64) {
	before = mix(before+letters) + k1
	if q := qualities &^ allToned; q != 0 {
		more = mix(more+q) + before
	}
	return before, more
}

// next finds the first syllable that begins at i or later: its bytes and its identities. start is -1 where there is none.
func next(s string, i int) (start, end int, fold, mark uint64) {
	for ; i < len(s); i++ {
		if c := s[i]; c < utf8.RuneSelf {
			if entries[c] != gap {
				return read(s, i)
			}
			continue
		}
		e, size := wide(s, i)
		if e.kind() == plain || e.kind() == odd && startsAt(s[i:]) {
			return read(s, i)
		}
		i += size - 1
	}
	return -1, len(s), 0, 0
}

// read reads the syllable that begins at start.
func read(s string, start int) (from, end int, fold, mark uint64) {
	var letters, qualities, tones, before, more uint64
	i := start
	for n := 0; i < len(s); {
		e, size := entry(0), 1
		if c := s[i]; c < utf8.RuneSelf {
			e = entries[c]
		} else {
			e, size = wide(s, i)
		}
		if e.kind() == plain {
			if n == 8 {
				before, more = regroup(letters, before, qualities, more)
				letters, qualities, n = 0, 0, 0
			}
			letters = letters<<8 | e.letter()
			qualities = qualities<<4 | e.quality()
			tones = tones<<e.shift() | e.tone()
			n++
			i += size
			continue
		}
		if e == gap {
			break
		}
		// two tones or qualities on one letter, or what Vietnamese does not write, are for spell
		switch {
		case e.kind() == tone && qualities&toned == 0:
			tones, qualities = tones<<3|e.tone(), qualities|toned
		case e.kind() == quality && qualities&7 == 0:
			qualities |= e.quality()
		default:
			return spell(s, start)
		}
		i += size
	}
	if tones>>60 != 0 {
		return spell(s, start)
	}
	return start, i, without(letters, before), with(letters, before, qualities, tones, more)
}
