package main

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	trafilatura "github.com/markusmobius/go-trafilatura"
	"github.com/mmcdole/gofeed"

	"khue/radar/feed"
	"khue/text/extract"
)

func pageBenchmarks() []benchmark {
	return []benchmark{
		{
			name: "feeds/real", peer: "gofeed 1.4",
			figures: []figure{{"rate", "feeds/s of CPU", timesAtLeast(5)}, {"items", "", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				return feeds(s, "vnexpress", "miniflux/parser")
			},
		},
		{
			name: "feeds/small", peer: "gofeed 1.4",
			figures: []figure{{"rate", "feeds/s of CPU", timesAtLeast(5)}, {"items", "", told}},
			prepare: func(s *stage) (func() (figures, error), func() (figures, error), error) {
				return feeds(s, "feedparser/wellformed")
			},
		},
		{
			name: "extract/articles", peer: "go-trafilatura 1.12.2",
			figures: []figure{{"rate", "pages/s of CPU", timesAtLeast(5)}},
			prepare: extraction,
		},
	}
}

// feeds reads real feeds of some folders, all in turn, by both.
func feeds(s *stage, folders ...string) (ours, peer func() (figures, error), err error) {
	var set [][]byte
	for _, folder := range folders {
		err := filepath.WalkDir(dataDir(s, "feeds", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" || strings.Contains(path, "_expected") {
				return err
			}
			data, err := os.ReadFile(path)
			set = append(set, data)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	run := func(parse func([]byte) int) func() (figures, error) {
		return func() (figures, error) {
			items, n, busy := 0, 0, cpu()
			for (cpu() - busy).Seconds() < 0.5 {
				items = 0
				for _, data := range set {
					items += parse(data)
				}
				n += len(set)
			}
			return figures{"rate": float64(n) / (cpu() - busy).Seconds(), "items": float64(items)}, nil
		}
	}
	return run(func(data []byte) int {
			f, err := feed.Parse(data, "", feed.Options{})
			if err != nil {
				return 0
			}
			return len(f.Items)
		}), run(func(data []byte) int {
			f, err := gofeed.NewParser().Parse(bytes.NewReader(data))
			if err != nil {
				return 0
			}
			return len(f.Items)
		}), nil
}

// maxPages bounds the pages of a run, since the peer takes long.
const maxPages = 60

// extraction takes the article's text out of real pages.
func extraction(s *stage) (ours, peer func() (figures, error), err error) {
	type page struct{ ID, URL, HTML string }
	pages := jsonLines[page](s, "extraction", "pages.jsonl.gz")
	var few []page
	for i := 0; i < len(pages); i += max(1, len(pages)/maxPages) {
		few = append(few, pages[i])
	}
	run := func(read func(page) error) func() (figures, error) {
		return func() (figures, error) {
			busy := cpu()
			for _, p := range few {
				if err := read(p); err != nil {
					return nil, err
				}
			}
			return figures{"rate": float64(len(few)) / (cpu() - busy).Seconds()}, nil
		}
	}
	return run(func(p page) error {
			_, err := extract.Article([]byte(p.HTML), p.URL)
			return err
		}), run(func(p page) error {
			at, err := url.Parse(p.URL)
			if err != nil {
				at = nil
			}
			_, _ = trafilatura.Extract(strings.NewReader(p.HTML), trafilatura.Options{OriginalURL: at, EnableFallback: true}) // what it cannot read it refuses
			return nil
		}), nil
}
