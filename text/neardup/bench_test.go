package neardup

import (
	"testing"
)

// articles are texts and near copies of them, all different, for the time that they take.
func articles() []string {
	w := newWriter(30)
	m := &made{rng: w.rng, words: w.words, origin: map[int]int{}}
	for g := range 500 {
		m.copies(w.text(30), g)
	}
	m.shuffle()
	return m.texts
}

func BenchmarkPrint(b *testing.B) {
	texts, bytes := articles(), int64(0)
	for _, t := range texts {
		bytes += int64(len(t))
	}
	var pr Printer
	b.SetBytes(bytes)
	for b.Loop() {
		for _, t := range texts {
			pr.Print(t)
		}
	}
	b.ReportMetric(float64(len(texts))*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkPut(b *testing.B) {
	var pr Printer
	var prints []*Print
	for _, t := range articles() {
		prints = append(prints, pr.Print(t))
	}
	for b.Loop() {
		x := New()
		for _, p := range prints {
			x.Put("", p)
		}
	}
	b.ReportMetric(float64(len(prints))*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}
