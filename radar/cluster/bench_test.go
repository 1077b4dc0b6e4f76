package cluster

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// teller makes mentions without end: runs of syllables of public articles put together; half of the mentions tell one of 2,000 events in
// some of its clauses, the others say what nobody else says.
type teller struct {
	rng    *rand.Rand
	runs   []string
	events [][]string
	n      int
}

func newTeller(tb testing.TB) *teller {
	ms, _ := public(tb)
	t := &teller{rng: rand.New(rand.NewPCG(1, 2))}
	for _, m := range ms {
		words := strings.Fields(m.Text)
		for len(words) > 5 {
			n := 2 + t.rng.IntN(4)
			t.runs = append(t.runs, strings.Join(words[:n], " "))
			words = words[n:]
		}
	}
	for range 2000 {
		t.events = append(t.events, t.event())
	}
	return t
}

func (t *teller) sentence(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(t.runs[t.rng.IntN(len(t.runs))])
		b.WriteByte(' ')
	}
	return b.String()
}

func (t *teller) event() []string {
	e := make([]string, 8)
	for i := range e {
		e[i] = t.sentence(3)
	}
	return e
}

func (t *teller) next() Mention {
	t.n++
	m := Mention{ID: fmt.Sprint("m", t.n), Time: time.Unix(1_800_000_000+int64(t.n), 0)}
	if t.rng.IntN(2) == 0 {
		e := t.rng.IntN(len(t.events))
		if t.rng.IntN(50) == 0 {
			t.events[e] = t.event()
		}
		t.rng.Shuffle(8, func(i, j int) { t.events[e][i], t.events[e][j] = t.events[e][j], t.events[e][i] })
		m.Title, m.Text = t.events[e][0], strings.Join(t.events[e][:5], ", ")+t.sentence(8)
	} else {
		m.Title, m.Text = t.sentence(3), t.sentence(24)
	}
	return m
}

func BenchmarkAdd(b *testing.B) {
	for _, live := range []int{20_000, 1_000_000} {
		b.Run(fmt.Sprint(live), func(b *testing.B) {
			if live > 100_000 && testing.Short() {
				b.Skip()
			}
			t := newTeller(b)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			c := New(Options{MaxLive: live, Window: 10_000 * time.Hour})
			for range live {
				c.Add(t.next())
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			ms := make([]Mention, 20_000)
			for i := range ms {
				ms[i] = t.next()
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				if i%len(ms) == 0 && i > 0 {
					b.StopTimer()
					for j := range ms {
						ms[j] = t.next()
					}
					b.StartTimer()
				}
				c.Add(ms[i%len(ms)])
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(live), "B/live")
			b.ReportMetric(float64(c.Live()), "live")
		})
	}
}

// Articles as they are printed, not shortened.
func BenchmarkAddArticles(b *testing.B) {
	ms, _ := public(b)
	c := New(Options{})
	b.ReportAllocs()
	bytes := 0
	for i := 0; b.Loop(); i++ {
		m := ms[i%len(ms)]
		m.Text = fmt.Sprint(i, " ", m.Text)
		c.Add(m)
		bytes += len(m.Text)
	}
	b.SetBytes(int64(bytes / b.N))
}
