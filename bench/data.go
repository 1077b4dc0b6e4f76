package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// dataDir is where the public data sets lie that are no part of the project; KHUE_DATA names another place.
func dataDir(s *stage, parts ...string) string {
	dir := os.Getenv("KHUE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	dir = filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		s.Skip("the public data is not here (KHUE_DATA): ", err)
	}
	return dir
}

// jsonLines reads a file of JSON lines, compressed or not.
func jsonLines[T any](s *stage, parts ...string) []T {
	f, err := os.Open(dataDir(s, parts...))
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(f.Name(), ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			s.Fatal(err)
		}
	}
	var all []T
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			s.Fatal(err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		s.Fatal(err)
	}
	return all
}

// article is a Vietnamese article of the public sets.
type article struct{ ID, Title, Text string }

func articles(s *stage) []article {
	return append(jsonLines[article](s, "vi-clusters", "mentions.jsonl"), jsonLines[article](s, "vfnd", "items.jsonl")...)
}

// teller makes texts without end: runs of syllables of real articles put together anew.
type teller struct {
	rng  *rand.Rand
	runs []string
}

func newTeller(list []article) *teller {
	t := &teller{rng: rand.New(rand.NewPCG(1, 2))}
	for _, a := range list {
		words := strings.Fields(a.Text)
		for len(words) > 5 {
			n := 2 + t.rng.IntN(4)
			t.runs = append(t.runs, strings.Join(words[:n], " "))
			words = words[n:]
		}
	}
	return t
}

// sentence gives n runs and a number of its own.
func (t *teller) sentence(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(t.runs[t.rng.IntN(len(t.runs))])
		b.WriteByte(' ')
	}
	fmt.Fprintf(&b, "%d. ", t.rng.IntN(100_000))
	return b.String()
}
