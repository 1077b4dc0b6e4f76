package releases

import (
	"hash/maphash"
	"strings"
	"unicode"

	"khue/release"
	align "khue/text/diff"
	"khue/web/ui"
)

// changed compares two texts part by part, word by word.
func changed(old, new release.Text) []ui.Run {
	var runs []ui.Run
	for i, p := range [][2]string{
		{old.Title, new.Title},
		{old.Lede, new.Lede},
		{old.Body, new.Body},
		{old.TitleEN, new.TitleEN},
		{old.LedeEN, new.LedeEN},
		{old.BodyEN, new.BodyEN},
	} {
		if p[0] == "" && p[1] == "" {
			continue
		}
		if i > 0 && len(runs) > 0 {
			runs = append(runs, ui.Run{Kind: ui.Equal, Text: "\n\n"})
		}
		runs = append(runs, diff(p[0], p[1])...)
	}
	return runs
}

var seed = maphash.MakeSeed()

// diff compares two texts word by word: what went, what came, what stayed with its white space. What changes the sense is loud.
func diff(old, new string) []ui.Run {
	a, b := words(old), words(new)
	var runs []ui.Run
	put := func(kind ui.RunKind, list []string) {
		if s := strings.Join(list, ""); s != "" {
			runs = append(runs, ui.Run{Kind: kind, Text: s, Loud: kind != ui.Equal && loud(s)})
		}
	}
	for _, o := range align.Words(keys(a), keys(b)) {
		if o.Equal {
			put(ui.Equal, b[o.BFrom:o.BTo])
			continue
		}
		put(ui.Deleted, a[o.AFrom:o.ATo])
		put(ui.Added, b[o.BFrom:o.BTo])
	}
	return runs
}

// keys gives each word's identity: its letters without the white space behind it.
func keys(list []string) []uint64 {
	out := make([]uint64, len(list))
	for i, w := range list {
		out[i] = maphash.String(seed, strings.TrimSpace(w))
	}
	return out
}

// loud says whether a change of these words changes the sense: a number or a negation.
func loud(s string) bool {
	if strings.ContainsFunc(s, unicode.IsDigit) {
		return true
	}
	for _, w := range strings.Fields(strings.ToLower(s)) {
		switch strings.Trim(w, ".,;:!?“”\"()") {
		case "không", "chưa", "chẳng", "đừng", "cấm", "not", "no", "never":
			return true
		}
	}
	return false
}

// words cuts a text into words, each with the white space behind it.
func words(s string) []string {
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
