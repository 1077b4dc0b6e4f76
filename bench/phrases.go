package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"khue/text"
	"khue/text/phrase"
)

func phraseBenchmarks() []benchmark {
	const peer = "coregx/ahocorasick 0.3.1"
	row := func(n int, list ...figure) benchmark {
		name := fmt.Sprint("phrases/", n)
		if n >= 1000 {
			name = fmt.Sprintf("phrases/%dk", n/1000)
		}
		return benchmark{
			name: name, peer: peer, figures: list,
			prepare: func(s *stage) (ours, peer func() (figures, error), err error) { return phrases(s, n) },
		}
	}
	return []benchmark{
		row(100, figure{"rate", "MB/s of CPU", told}, figure{"build", "ms", told}, figure{"hits", "", told}),
		row(10_000, figure{"rate", "MB/s of CPU", atLeast(60)}, figure{"build", "ms", told}, figure{"hits", "", told}),
		row(100_000, figure{"rate", "MB/s of CPU", told}, figure{"100 phrases", "× as fast", atMost(3)}, figure{"build", "ms", atMost(1000)}, figure{"hits", "", told}),
		{
			name: "phrases/command 10k", peer: peer + ", encoding/json, x/text",
			figures: []figure{{"rate", "MB/s", timesAtLeast(7)}, {"cpu", "MB/s of CPU", told}, {"hits", "", told}},
			prepare: phraseCommand,
		},
	}
}

// watched makes n phrases of three to five syllables as watches are: one in fifty is said in the texts, half of those written without marks; the
// others are syllables of the texts put together.
func watched(list []article, n int) []string {
	rng := rand.New(rand.NewPCG(3, 4))
	var runs [][]string
	for _, a := range list {
		var run []string
		for _, sp := range text.Syllables(a.Text) {
			run = append(run, sp.Of(a.Text))
		}
		if len(run) > 5 {
			runs = append(runs, run)
		}
	}
	all := make([]string, n)
	for i := range all {
		run := runs[rng.IntN(len(runs))]
		at := rng.IntN(len(run) - 5)
		words := append([]string{}, run[at:at+3+rng.IntN(3)]...)
		for j := range words {
			if i%50 != 0 {
				other := runs[rng.IntN(len(runs))]
				words[j] = other[rng.IntN(len(other))]
			}
		}
		all[i] = strings.Join(words, " ")
		if i%100 == 0 {
			all[i] = text.Fold(all[i])
		}
	}
	return all
}

// phrases looks for n phrases in real articles. Ours reads the texts as they are; the peer gets them folded beforehand, with marks and without.
func phrases(s *stage, n int) (ours, peer func() (figures, error), err error) {
	list := articles(s)
	given, size := watched(list, n), 0
	var folded [2][]string
	for _, a := range list {
		size += len(a.Text)
		for k, form := range peerForms(a.Text) {
			folded[k] = append(folded[k], form.text)
		}
	}
	scan := func(set *phrase.Set) (rate float64, hits int) {
		rounds, busy := 0, cpu()
		for ; (cpu() - busy).Seconds() < 0.4; rounds++ {
			hits = 0
			for _, a := range list {
				set.Scan(a.Text, func(phrase.Hit) { hits++ })
			}
		}
		return float64(size*rounds) / 1e6 / (cpu() - busy).Seconds(), hits
	}
	few := compiled(watched(list, 100))
	return func() (figures, error) {
			at := cpu()
			set := compiled(given)
			build := cpu() - at
			rate, hits := scan(set)
			ofFew, _ := scan(few)
			return figures{"rate": rate, "100 phrases": ofFew / rate, "build": build.Seconds() * 1e3, "hits": float64(hits)}, nil
		}, func() (figures, error) {
			at := cpu()
			p, err := newPeerWatch(given)
			if err != nil {
				return nil, err
			}
			build := cpu() - at
			rounds, hits, busy := 0, 0, cpu()
			for ; (cpu() - busy).Seconds() < 0.4; rounds++ {
				hits = 0
				for k := range folded {
					for _, t := range folded[k] {
						hits += p.count(k, t)
					}
				}
			}
			return figures{"rate": float64(size*rounds) / 1e6 / (cpu() - busy).Seconds(), "build": build.Seconds() * 1e3, "hits": float64(hits)}, nil
		}, nil
}

func compiled(list []string) *phrase.Set {
	var b phrase.Builder
	for _, p := range list {
		b.Add(p, phrase.AsWritten) //nolint:errcheck // it has syllables
	}
	return b.Set()
}

// phraseCommand runs whole programs on files: khue radar watch, and this program as the peer's (peer_watch.go), both on all cores.
func phraseCommand(s *stage) (ours, peer func() (figures, error), err error) {
	dir := s.TempDir()
	khue := filepath.Join(dir, "khue")
	build := exec.Command("go", "build", "-o", khue, "./cmd/khue")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("building khue: %w: %s", err, out)
	}
	list := articles(s)
	var file bytes.Buffer
	for i, p := range watched(list, 10_000) {
		writeLine(&file, map[string]string{"id": fmt.Sprint("p", i), "phrase": p})
	}
	phrases := filepath.Join(dir, "phrases.jsonl")
	if err := os.WriteFile(phrases, file.Bytes(), 0o600); err != nil {
		return nil, nil, err
	}
	file.Reset()
	t, size := newTeller(list), 0
	for i := range 20_000 {
		said := list[i%len(list)].Text
		if i >= len(list) {
			said = t.sentence(40) + t.sentence(60) + t.sentence(50)
		}
		switch i % 6 {
		case 0:
			said = norm.NFD.String(said)
		case 1:
			said = strings.ToUpper(said)
		case 2:
			said = text.Fold(said)
		}
		size += len(said)
		writeLine(&file, map[string]string{"id": fmt.Sprint("m", i), "time": "2031-03-01T08:00:00+07:00", "source": "bao.example", "text": said})
	}
	mentions := filepath.Join(dir, "mentions.jsonl")
	if err := os.WriteFile(mentions, file.Bytes(), 0o600); err != nil {
		return nil, nil, err
	}
	run := func(name string, args ...string) func() (figures, error) {
		return func() (figures, error) {
			out := filepath.Join(dir, "hits.jsonl")
			cmd := exec.Command(name, append(args, "--phrases", phrases, "--in", mentions, "--out", out)...)
			at := time.Now()
			if told, err := cmd.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("%s: %w: %s", name, err, told)
			}
			took, busy := time.Since(at), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
			hits, err := os.ReadFile(out)
			return figures{
				"rate": float64(size) / 1e6 / took.Seconds(), "cpu": float64(size) / 1e6 / busy.Seconds(), "hits": float64(bytes.Count(hits, []byte("\n"))),
			}, err
		}
	}
	return run(khue, "radar", "watch"), run(os.Args[0], "watch"), nil
}

func writeLine(w *bytes.Buffer, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v) //nolint:errcheck // strings in memory
}
