package trend

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC)

func after(minutes float64) time.Time {
	return start.Add(time.Duration(minutes * float64(time.Minute)))
}

// told gives the moments at which the detector names story 1 when it is told at these minutes by sources of their own.
func told(d *Detector, minutes []float64, m Mention) (raised []float64) {
	for i, t := range minutes {
		m.At, m.Story = after(t), 1
		if m.Source == "" || m.Source[0] == 's' {
			m.Source = fmt.Sprint("s", i)
		}
		if _, ok := d.Add(m); ok {
			raised = append(raised, t)
		}
	}
	return raised
}

func every(minutes float64, n int, from float64) (out []float64) {
	for i := range n {
		out = append(out, from+minutes*float64(i))
	}
	return out
}

func TestBurst(t *testing.T) {
	for _, c := range []struct {
		name    string
		minutes []float64
		m       Mention
		min     int
		max     int
	}{
		{"ten voices in an hour", every(6, 10, 0), Mention{Near: 0.5}, 1, 1},
		{"a voice an hour for two days", every(60, 48, 0), Mention{Near: 0.5}, 0, 0},
		{"copies of one text", every(2, 40, 0), Mention{Near: 1, Copy: true}, 0, 0},
		{"a flood of one source", every(1, 40, 0), Mention{Near: 0.5, Source: "one"}, 0, 0},
		{"mentions that hardly belong to it", every(6, 10, 0), Mention{Near: 0.12}, 0, 0},
		{"eight hours of it are named twice", every(5, 96, 0), Mention{Near: 0.5}, 1, 2},
		{"after two calm days", append(every(120, 24, 0), every(5, 12, 2880)...), Mention{Near: 0.5}, 1, 1},
	} {
		got := told(New(Options{}), c.minutes, c.m)
		if len(got) < c.min || len(got) > c.max {
			t.Errorf("%s: named at minutes %v, want %d to %d times", c.name, got, c.min, c.max)
		}
		for i := 1; i < len(got); i++ {
			if got[i]-got[i-1] < 6*60 {
				t.Errorf("%s: named again after %v minutes", c.name, got[i]-got[i-1])
			}
		}
	}
}

// Two halves of one story, neither of which is a burst, are one when they are merged.
func TestMerge(t *testing.T) {
	d := New(Options{})
	for i := range 6 {
		if _, ok := d.Add(Mention{At: after(float64(10 * i)), Story: uint64(1 + i%2), Source: fmt.Sprint(i), Near: 0.5}); ok {
			t.Fatal("half a story was named")
		}
	}
	d.Merge(2, 1)
	d.Merge(7, 1) // never heard of
	b, ok := d.Add(Mention{At: after(61), Story: 1, Source: "x", Near: 0.5})
	if !ok || b.Voices != 7 || d.Len() != 1 {
		t.Errorf("after the merge: %+v, %v, %d stories", b, ok, d.Len())
	}
}

func TestForgets(t *testing.T) {
	d := New(Options{})
	for i := range 1000 {
		d.Add(Mention{At: after(float64(i)), Story: uint64(i), Source: "a", New: true})
	}
	d.Add(Mention{At: after(1000).Add(72 * time.Hour), Story: 5000, Source: "a", New: true})
	if d.Len() != 1 {
		t.Errorf("%d stories are remembered after three days", d.Len())
	}
}

func BenchmarkAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	sources := make([]string, 200)
	for i := range sources {
		sources[i] = fmt.Sprintf("s%d.example", i)
	}
	d := New(Options{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Add(Mention{At: after(float64(i) / 30), Story: uint64(i/50) - uint64(rng.ExpFloat64()*300), Source: sources[rng.IntN(200)], Near: 0.4})
	}
}
