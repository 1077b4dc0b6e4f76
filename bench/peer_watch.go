package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"unicode"

	"github.com/coregx/ahocorasick"
	"golang.org/x/text/unicode/norm"
)

// What somebody would write to watch for phrases with a library of Aho and Corasick: each text is folded, once with marks and once without,
// into syllables with one space between them, and one automaton looks for the phrases of each side.

// peerForm is a folded text and, for each of its bytes, the byte of the text that its syllable began at.
type peerForm struct {
	text string
	at   []int32
}

// peerForms folds a text: first without marks, then with them, the tones behind their syllables.
func peerForms(s string) (forms [2]peerForm) {
	var texts [2]strings.Builder
	add := func(k int, w string, at int) {
		texts[k].WriteString(w)
		for range len(w) {
			forms[k].at = append(forms[k].at, int32(at))
		}
	}
	syllable := func(from, to int) {
		var bare, letters, tones []rune
		for _, r := range norm.NFD.String(strings.ToLower(s[from:to])) {
			switch {
			case strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r):
				tones = append(tones, r)
				continue
			case !unicode.IsMark(r):
				if bare = append(bare, r); r == 'đ' {
					bare[len(bare)-1] = 'd'
				}
			}
			letters = append(letters, r)
		}
		add(0, string(bare)+" ", from)
		add(1, string(letters)+string(tones)+" ", from)
	}
	add(0, " ", 0)
	add(1, " ", 0)
	start := -1
	for i, r := range s {
		in := unicode.IsLetter(r) || unicode.IsNumber(r)
		if in && start < 0 {
			start = i
		} else if !in && start >= 0 && !unicode.IsMark(r) {
			syllable(start, i)
			start = -1
		}
	}
	if start >= 0 {
		syllable(start, len(s))
	}
	for k := range forms {
		forms[k].text = texts[k].String()
	}
	return forms
}

// peerWatch is an automaton a side.
type peerWatch struct {
	sides [2]*ahocorasick.Automaton
	of    [2][]int // which phrase a pattern is
}

func newPeerWatch(phrases []string) (*peerWatch, error) {
	var p peerWatch
	for k := range p.sides {
		b := ahocorasick.NewBuilder()
		for i, s := range phrases {
			forms := peerForms(s)
			if side := forms[0].text != forms[1].text; side == (k == 1) {
				b.AddPattern([]byte(forms[k].text))
				p.of[k] = append(p.of[k], i)
			}
		}
		var err error
		if p.sides[k], err = b.Build(); err != nil && len(p.of[k]) > 0 {
			return nil, err
		}
	}
	return &p, nil
}

func (p *peerWatch) count(k int, text string) int {
	if p.sides[k] == nil {
		return 0
	}
	return len(p.sides[k].FindAllOverlapping([]byte(text)))
}

type peerLine struct {
	ID, Phrase, Text string
}

type peerHit struct {
	Mention string `json:"mention"`
	Phrase  string `json:"phrase"`
	At      []int  `json:"at"`
}

// peerWatchMain is the whole program: it reads phrases and mentions and writes hits, on every core.
func peerWatchMain(args []string) error {
	f := flag.NewFlagSet("watch", flag.ExitOnError)
	phrases, in, out := f.String("phrases", "", ""), f.String("in", "", ""), f.String("out", "", "")
	if err := f.Parse(args); err != nil {
		return err
	}
	var ids, list []string
	err := peerLines(*phrases, func(line []byte) error {
		var l peerLine
		err := json.Unmarshal(line, &l)
		ids, list = append(ids, l.ID), append(list, l.Phrase)
		return err
	})
	if err != nil {
		return err
	}
	p, err := newPeerWatch(list)
	if err != nil {
		return err
	}
	to, err := os.Create(*out)
	if err != nil {
		return err
	}
	lines, errs := make(chan []byte, 256), make(chan error, runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	for range cap(errs) {
		go func() {
			for line := range lines {
				told, err := p.look(line, ids)
				mu.Lock()
				if _, e := to.Write(told); err == nil {
					err = e
				}
				mu.Unlock()
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
			errs <- nil
		}()
	}
	err = peerLines(*in, func(line []byte) error { lines <- append([]byte(nil), line...); return nil })
	close(lines)
	for range cap(errs) {
		<-errs
	}
	return errors.Join(err, to.Close())
}

// look gives the hits of a mention as lines.
func (p *peerWatch) look(line []byte, ids []string) ([]byte, error) {
	var m peerLine
	if err := json.Unmarshal(line, &m); err != nil {
		return nil, err
	}
	at := map[int][]int{}
	for k, form := range peerForms(m.Text) {
		if p.sides[k] == nil {
			continue
		}
		for _, h := range p.sides[k].FindAllOverlapping([]byte(form.text)) {
			n := p.of[k][h.PatternID]
			at[n] = append(at[n], int(form.at[h.Start+1]))
		}
	}
	var told []byte
	for n, list := range at {
		b, err := json.Marshal(peerHit{m.ID, ids[n], list})
		if err != nil {
			return nil, err
		}
		told = append(append(told, b...), '\n')
	}
	return told, nil
}

func peerLines(file string, fn func([]byte) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if err := fn(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}
