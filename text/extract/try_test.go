package extract

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	out := os.Getenv("TRY_OUT")
	if out == "" {
		t.Skip()
	}
	f, _ := os.Open("../../../shared/data/extraction/pages.jsonl.gz")
	z, _ := gzip.NewReader(f)
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	o, _ := os.Create(out)
	enc := json.NewEncoder(o)
	var spent time.Duration
	n := 0
	for sc.Scan() {
		var p struct{ ID, URL, HTML string }
		if err := json.Unmarshal(sc.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		b := []byte(p.HTML)
		at := time.Now()
		d, _ := Article(b, p.URL)
		spent += time.Since(at)
		n++
		enc.Encode(map[string]any{"id": p.ID, "text": d.Text, "title": d.Title, "author": d.Author, "published": d.Published, "lang": d.Lang})
	}
	t.Logf("%d pages %.0f/s", n, float64(n)/spent.Seconds())
}
