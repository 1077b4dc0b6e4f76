package site

import (
	"hash/maphash"
	"slices"
	"strings"
	"unicode"

	align "khue/text/diff"
	"khue/web/ui"
)

var diffSeed = maphash.MakeSeed()

// Diff compares two texts word by word for a reader: what went, what came, what stayed with its white space. What changes the sense,
// a number or a negation, is loud.
func Diff(old, new string) []ui.Run {
	a, b := diffWords(old+"\n"), diffWords(new+"\n") // so that a last word is no other word than the same one before more text
	var runs []ui.Run
	put := func(kind ui.RunKind, list []string) {
		s := strings.Join(list, "")
		if strings.TrimSpace(s) == "" && kind != ui.Equal { // white space comes and goes unseen: a reader would hear of nothing
			if kind == ui.Deleted {
				return
			}
			kind = ui.Equal
		}
		if s != "" {
			runs = append(runs, ui.Run{Kind: kind, Text: s, Loud: kind != ui.Equal && diffLoud(s)})
		}
	}
	for _, o := range align.Words(diffKeys(a), diffKeys(b)) {
		if o.Equal {
			put(ui.Equal, b[o.BFrom:o.BTo])
			continue
		}
		put(ui.Deleted, a[o.AFrom:o.ATo])
		put(ui.Added, b[o.BFrom:o.BTo])
	}
	return runs
}

// diffKeys gives each word's identity: its letters without the white space behind it.
func diffKeys(list []string) []uint64 {
	out := make([]uint64, len(list))
	for i, w := range list {
		out[i] = maphash.String(diffSeed, strings.TrimSpace(w))
	}
	return out
}

// turns are the words whose coming or going turns a sentence round.
var turns = map[string]bool{
	"không": true, "chưa": true, "chẳng": true, "đừng": true, "cấm": true, "chỉ": true, "not": true, "no": true, "never": true, "only": true,
}

func diffLoud(s string) bool {
	if strings.ContainsFunc(s, unicode.IsDigit) {
		return true
	}
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) }), func(w string) bool { return turns[w] })
}

// diffWords cuts a text into words, each with the white space behind it.
func diffWords(s string) []string {
	var list []string
	start, space := 0, false
	for i, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && i > start {
			list = append(list, s[start:i])
			start = i
		}
		space = false
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}
