package extract

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

type sharedPage struct {
	ID, URL, HTML string
}

type sharedGold struct {
	ID, Text, Title, Set string
}

// shared reads a file of the shared pages; tests over them are skipped elsewhere. KHUE_DATA names another place.
func shared[T any](tb testing.TB, name string) []T {
	tb.Helper()
	dir := os.Getenv("KHUE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "extraction", name))
	if err != nil {
		tb.Skip("no shared pages here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var all []T
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			tb.Fatal(err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}

// shingles counts the runs of four words, as the benchmark of article extraction does.
func shingles(s string) map[string]int {
	words := strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	m := map[string]int{}
	for i := range max(len(words)-3, min(len(words), 1)) {
		m[strings.Join(words[i:min(i+4, len(words))], " ")]++
	}
	return m
}

// TestSharedPages holds the extraction to its targets (quality.md): F1 ≥ 0.965 on "aeb", ≥ 0.97 on both sets, titles ≥ 0.98.
func TestSharedPages(t *testing.T) {
	gold := map[string]sharedGold{}
	for _, g := range shared[sharedGold](t, "gold.jsonl.gz") {
		gold[g.ID] = g
	}
	type sums struct{ precision, recall, found, wanted float64 }
	bySet := map[string]*sums{"aeb": {}, "readability": {}, "": {}}
	titles, right := 0, 0
	for _, p := range shared[sharedPage](t, "pages.jsonl.gz") {
		g := gold[p.ID]
		r, err := Article([]byte(p.HTML), p.URL)
		if err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		if g.Title != "" {
			titles++
			if strings.EqualFold(fold(norm.NFC.String(g.Title)), fold(norm.NFC.String(r.Title))) {
				right++
			}
		}
		want, got := shingles(g.Text), shingles(r.Text)
		var both, nw, ng float64
		for s, n := range want {
			both += float64(min(n, got[s]))
			nw += float64(n)
		}
		for _, n := range got {
			ng += float64(n)
		}
		for _, s := range []*sums{bySet[g.Set], bySet[""]} {
			if ng > 0 {
				s.precision += both / ng
				s.found++
			}
			if nw > 0 {
				s.recall += both / nw
				s.wanted++
			}
		}
	}
	for set, least := range map[string]float64{"aeb": 0.965, "": 0.97} {
		s := bySet[set]
		p, r := s.precision/s.found, s.recall/s.wanted
		f1 := 2 * p * r / (p + r)
		t.Logf("set %q: precision %.4f, recall %.4f, F1 %.4f", set, p, r, f1)
		if f1 < least {
			t.Errorf("set %q: F1 %.4f, want %.3f", set, f1, least)
		}
	}
	if share := float64(right) / float64(titles); share < 0.98 {
		t.Errorf("titles %.4f, want 0.98", share)
	}
}

// BenchmarkArticle reads the shared pages one after another on one core. The peers run beside it in the module bench.
func BenchmarkArticle(b *testing.B) {
	pages := shared[sharedPage](b, "pages.jsonl.gz")
	size := 0
	data := make([][]byte, len(pages))
	for i, p := range pages {
		data[i] = []byte(p.HTML)
		size += len(p.HTML)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i := range data {
			if _, err := Article(data[i], pages[i].URL); err != nil {
				b.Fatal(pages[i].ID, err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(data))/b.Elapsed().Seconds(), "pages/s")
}
