package main

import (
	"fmt"
	"strings"
	"time"

	"khue/claim/match"
	"khue/radar/cluster"
	"khue/text/verify"
)

func wordBenchmarks() []benchmark {
	return []benchmark{
		{
			name:    "verify/100k",
			figures: []figure{{"p50", "ms", told}, {"p99", "ms", atMost(1)}, {"altered found", "", told}},
			prepare: verification,
		},
		{
			name:    "claim/match",
			figures: []figure{{"p50", "ms", told}, {"p99", "ms", atMost(1)}},
			prepare: matching,
		},
		{
			name:    "stories/20k live",
			figures: []figure{{"rate", "1/s a core", atLeast(10_000)}},
			prepare: stories,
		},
	}
}

// timed runs f for each of n things, one after another, and gives p50 and p99 (ms).
func timed(n int, f func(i int)) figures {
	took := make([]time.Duration, n)
	start := time.Now()
	for i := range n {
		at := time.Now()
		f(i)
		took[i] = time.Since(at)
	}
	return spread(took, time.Since(start))
}

// verification checks altered articles among 100,000 documents.
func verification(s *stage) (ours, peer func() (figures, error), err error) {
	list := articles(s)
	t := newTeller(list)
	l := verify.NewLibrary()
	load := l.Loader()
	for _, a := range list {
		load.Add(a.ID, a.Text)
	}
	for i := len(list); i < 100_000; i++ {
		load.Add(fmt.Sprint("d", i), t.sentence(20)+t.sentence(15)+t.sentence(25))
	}
	load.Close()
	given := make([]string, len(list))
	for i, a := range list {
		given[i] = changed(a.Text)
	}
	return func() (figures, error) {
		found := 0
		f := timed(len(given), func(i int) {
			if l.Check(given[i]).Verdict == verify.Altered {
				found++
			}
		})
		f["altered found"] = float64(found) / float64(len(given))
		return f, nil
	}, nil, nil
}

// changed is a text with its first digit another one.
func changed(text string) string {
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' {
			return text[:i] + string('0'+(c-'0'+3)%10) + text[i+1:]
		}
	}
	return text + " Không ai được ra ngoài từ 20 giờ."
}

// matching finds posts among the checked claims of a public set.
func matching(s *stage) (ours, peer func() (figures, error), err error) {
	l := match.New()
	for _, c := range jsonLines[struct{ ID, Claim, Title string }](s, "clef2020", "claims.jsonl") {
		l.Put(c.ID, match.Claim{Text: c.Claim, Title: c.Title})
	}
	posts := jsonLines[struct{ ID, Text string }](s, "clef2020", "train.posts.jsonl")
	l.Match(posts[0].Text, 5) // the first builds what all later ones use
	return func() (figures, error) {
		return timed(len(posts), func(i int) { l.Match(posts[i].Text, 5) }), nil
	}, nil, nil
}

// stories assigns mentions while 20,000 are live; half of them tell one of 2,000 events.
func stories(s *stage) (ours, peer func() (figures, error), err error) {
	t := newTeller(articles(s))
	events := make([][]string, 2000)
	for i := range events {
		for range 8 {
			events[i] = append(events[i], t.sentence(3))
		}
	}
	n := 0
	next := func() cluster.Mention {
		n++
		m := cluster.Mention{ID: fmt.Sprint("m", n), Time: time.Unix(1_800_000_000+int64(n), 0), Title: t.sentence(3)}
		if n%2 == 0 {
			m.Text = t.sentence(24)
			return m
		}
		e := events[t.rng.IntN(len(events))]
		t.rng.Shuffle(len(e), func(i, j int) { e[i], e[j] = e[j], e[i] })
		m.Title, m.Text = e[0], strings.Join(e[:5], ", ")+t.sentence(8)
		return m
	}
	c := cluster.New(cluster.Options{MaxLive: 20_000, Window: 10_000 * time.Hour})
	for range 20_000 {
		c.Add(next())
	}
	return func() (figures, error) {
		list := make([]cluster.Mention, 10_000)
		for i := range list {
			list[i] = next()
		}
		busy := cpu()
		for _, m := range list {
			c.Add(m)
		}
		return figures{"rate": float64(len(list)) / (cpu() - busy).Seconds()}, nil
	}, nil, nil
}
