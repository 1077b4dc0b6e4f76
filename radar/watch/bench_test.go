package watch

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"khue/text"
)

// BenchmarkScan matches the public set of Vietnamese articles against many watches, each of them two phrases of two or three syllables
// with a third that must not stand there, or near each other.
func BenchmarkScan(b *testing.B) {
	f, err := os.Open("../../../shared/data/vi-clusters/mentions.jsonl")
	if err != nil {
		b.Skip("the public data is not here: ", err)
	}
	defer f.Close()
	var texts []string
	size := 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var v struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			b.Fatal(err)
		}
		texts, size = append(texts, v.Text), size+len(v.Text)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	run := func() string {
		for {
			t := texts[rng.IntN(len(texts))]
			list := text.Syllables(t)
			if n := 2 + rng.IntN(2); len(list) > n {
				i := rng.IntN(len(list) - n)
				return `"` + strings.Join(strings.FieldsFunc(t[list[i].Start:list[i+n-1].End], isQuote), " ") + `"`
			}
		}
	}
	for _, n := range []int{100, 10_000} {
		var queries []*Query
		for i := range n {
			form := "%s VÀ %s KHÔNG %s"
			if i%2 == 0 {
				form = "%s GẦN/9 (%s HOẶC %s)"
			}
			q, err := Parse(fmt.Sprintf(form, run(), run(), run()))
			if err != nil {
				b.Fatal(err)
			}
			queries = append(queries, q)
		}
		book := Compile(queries)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				found := 0
				for _, t := range texts {
					book.Scan(func(Match) { found++ }, t)
				}
				if found == 0 && n > 100 {
					b.Fatal("nothing found")
				}
			}
		})
	}
}
