package claims

import (
	"hash/maphash"
	"strings"
	"unicode"

	"khue/text/diff"
	"khue/web/ui"
)

var seed = maphash.MakeSeed()

// compare says word by word what changed between two sealed texts. A change of a number or of a negation is loud, since it
// changes the sense.
func compare(old, new string) []ui.Run {
	a, b := pieces(old), pieces(new)
	var runs []ui.Run
	put := func(kind ui.RunKind, list []string) {
		if s := strings.Join(list, ""); s != "" {
			runs = append(runs, ui.Run{Kind: kind, Text: s, Loud: kind != ui.Equal && loud(s)})
		}
	}
	for _, o := range diff.Words(keys(a), keys(b)) {
		if o.Equal {
			put(ui.Equal, b[o.BFrom:o.BTo])
			continue
		}
		put(ui.Deleted, a[o.AFrom:o.ATo])
		put(ui.Added, b[o.BFrom:o.BTo])
	}
	return runs
}

// pieces cuts a text into words, each with the white space behind it.
func pieces(s string) []string {
	var list []string
	start, gap := 0, false
	for i, c := range s {
		if unicode.IsSpace(c) {
			gap = true
			continue
		}
		if gap {
			list = append(list, s[start:i])
			start, gap = i, false
		}
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}

// keys gives each word's identity, without the white space behind it.
func keys(list []string) []uint64 {
	out := make([]uint64, len(list))
	for i, w := range list {
		out[i] = maphash.String(seed, strings.TrimSpace(w))
	}
	return out
}

// negations are the words whose coming or going turns a sentence round.
var negations = map[string]bool{"không": true, "chưa": true, "chẳng": true, "đừng": true, "chỉ": true, "not": true, "no": true, "never": true, "only": true}

func loud(s string) bool {
	if strings.ContainsFunc(s, unicode.IsDigit) {
		return true
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) }) {
		if negations[w] {
			return true
		}
	}
	return false
}
