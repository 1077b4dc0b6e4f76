package feed

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// dataDir is where the shared feeds lie; tests over them are skipped elsewhere. KHUE_DATA names another place.
func dataDir(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("KHUE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, "feeds")
	if _, err := os.Stat(dir); err != nil {
		tb.Skip("no shared feeds here")
	}
	return dir
}

type sample struct {
	name string
	data []byte
}

// samples reads feed files below a folder: expected results and licences left out.
func samples(tb testing.TB, below string) []sample {
	tb.Helper()
	var out []sample
	err := filepath.WalkDir(filepath.Join(dataDir(tb), below), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ext := filepath.Ext(path)
		if ext != ".xml" && ext != ".json" || strings.Contains(path, "_expected") {
			return nil
		}
		if _, err := os.Stat(strings.TrimSuffix(path, ".json") + ".xml"); ext == ".json" && err == nil {
			return nil // the result of the file beside it
		}
		data, err := os.ReadFile(path)
		out = append(out, sample{filepath.ToSlash(path), data})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// real is the set that both parsers read whole: newspapers' and blogs' feeds of ordinary size.
func realFeeds(tb testing.TB) []sample {
	return append(samples(tb, "vnexpress"), samples(tb, "miniflux/parser")...)
}

func BenchmarkParse(b *testing.B) { benchmark(b, realFeeds(b), ours) }

func BenchmarkParseSmall(b *testing.B) { benchmark(b, samples(b, "feedparser/wellformed"), ours) }

func BenchmarkGofeed(b *testing.B) { benchmark(b, realFeeds(b), theirs) }

func BenchmarkGofeedSmall(b *testing.B) { benchmark(b, samples(b, "feedparser/wellformed"), theirs) }

func ours(b *testing.B, s sample) int {
	f, err := Parse(s.data, "", Options{})
	if err != nil {
		b.Fatal(s.name, err)
	}
	return len(f.Items)
}

func theirs(b *testing.B, s sample) int {
	f, err := gofeed.NewParser().Parse(bytes.NewReader(s.data))
	if err != nil {
		return 0
	}
	return len(f.Items)
}

func benchmark(b *testing.B, set []sample, parse func(*testing.B, sample) int) {
	size, items := 0, 0
	for _, s := range set {
		size += len(s.data)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		items = 0
		for _, s := range set {
			items += parse(b, s)
		}
	}
	b.ReportMetric(float64(b.N*len(set))/b.Elapsed().Seconds(), "feeds/s")
	b.ReportMetric(float64(items), "items")
}
