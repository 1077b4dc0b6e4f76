package releases

import (
	"strings"
	"unicode"

	"khue/web/ui"
)

// maxDiffWords bounds the words of a text that are compared one by one; longer texts are compared by paragraph.
const maxDiffWords = 4000

// diff compares two texts word by word: what went, what came, what stayed with its white space. Numbers are loud.
func diff(old, new string) []ui.Run {
	a, b := words(old), words(new)
	if len(a) > maxDiffWords || len(b) > maxDiffWords {
		a, b = strings.SplitAfter(old, "\n"), strings.SplitAfter(new, "\n")
	}
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var runs []ui.Run
	put := func(kind ui.RunKind, s string) {
		loud := kind != ui.Equal && strings.ContainsFunc(s, unicode.IsDigit)
		if n := len(runs); n > 0 && runs[n-1].Kind == kind {
			runs[n-1].Text += s
			runs[n-1].Loud = runs[n-1].Loud || loud
			return
		}
		runs = append(runs, ui.Run{Kind: kind, Text: s, Loud: loud})
	}
	for _, s := range a[:start] {
		put(ui.Equal, s)
	}
	middle(a[start:len(a)-end], b[start:len(b)-end], put)
	for _, s := range a[len(a)-end:] {
		put(ui.Equal, s)
	}
	return runs
}

// middle compares what is left between equal ends by the longest common subsequence.
func middle(a, b []string, put func(ui.RunKind, string)) {
	long := make([][]int32, len(a)+1)
	for i := range long {
		long[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			put(ui.Equal, a[i])
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			put(ui.Deleted, a[i])
			i++
		default:
			put(ui.Added, b[j])
			j++
		}
	}
	for ; i < len(a); i++ {
		put(ui.Deleted, a[i])
	}
	for ; j < len(b); j++ {
		put(ui.Added, b[j])
	}
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
