package match

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

func lines(t testing.TB, p string, f func(b []byte)) {
	fh, err := os.Open(p)
	if err != nil {
		t.Skip(err)
	}
	sc := bufio.NewScanner(fh)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		f(sc.Bytes())
	}
}

type post struct {
	id, text string
	gold     map[string]bool
}

// data holds a public test set that is not part of the repository; tests that need it are skipped without.
const data = "../../../shared/data/clef2020/"

func posts(t testing.TB, set string) []post {
	var ps []post
	at := map[string]int{}
	lines(t, data+set+".posts.jsonl", func(b []byte) {
		var p struct{ ID, Text string }
		json.Unmarshal(b, &p)
		at[p.ID] = len(ps)
		ps = append(ps, post{p.ID, p.Text, map[string]bool{}})
	})
	lines(t, data+set+".gold.jsonl", func(b []byte) {
		var g struct {
			ID     string
			Claims []string
		}
		json.Unmarshal(b, &g)
		for _, c := range g.Claims {
			ps[at[g.ID]].gold[c] = true
		}
	})
	return ps
}

func library(t testing.TB) *Library {
	l := New()
	lines(t, data+"claims.jsonl", func(b []byte) {
		var c struct{ ID, Claim, Title string }
		json.Unmarshal(b, &c)
		l.Put(c.ID, Claim{c.Claim, c.Title})
	})
	return l
}
