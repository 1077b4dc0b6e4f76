package phrase

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"khue/text"
)

// articles gives the texts of the public set of Vietnamese articles.
func articles(t testing.TB) []string {
	f, err := os.Open("../../../shared/data/vi-clusters/mentions.jsonl")
	if err != nil {
		t.Skip("the public data is not here: ", err)
	}
	defer f.Close()
	var texts []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var v struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, v.Text)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}

// watched makes n phrases of three to five syllables as watches are: one in fifty is said in the texts, half of those written without
// marks; the others are syllables of the texts put together.
func watched(texts []string, n int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	var syllables [][]string
	for _, t := range texts {
		var list []string
		for _, s := range plainSyllables(t) {
			list = append(list, t[s.start:s.end])
		}
		if len(list) > 5 {
			syllables = append(syllables, list)
		}
	}
	list := make([]string, n)
	for i := range n {
		said := i%50 == 0
		run := syllables[rng.IntN(len(syllables))]
		at, phrase := rng.IntN(len(run)-5), ""
		for j := range 3 + rng.IntN(3) {
			if !said {
				run = syllables[rng.IntN(len(syllables))]
				at = rng.IntN(len(run) - 5)
			}
			phrase += run[at+j] + " "
		}
		if i%100 == 0 {
			phrase = text.Fold(phrase)
		}
		list[i] = phrase
	}
	return list
}

func BenchmarkScan(b *testing.B) {
	texts := articles(b)
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	for _, n := range []int{100, 10_000, 100_000} {
		set := build(b, watched(texts, n)...)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			hits := 0
			for b.Loop() {
				hits = 0
				for _, t := range texts {
					set.Scan(t, func(Hit) { hits++ })
				}
			}
			if hits == 0 {
				b.Fatal("nothing found")
			}
			b.ReportMetric(float64(hits), "hits")
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	list := watched(articles(b), 100_000)
	for b.Loop() {
		build(b, list...)
	}
}
