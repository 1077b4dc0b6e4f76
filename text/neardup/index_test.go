package neardup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// groups adds texts in order and gives the group of each in the end.
func groups(texts ...string) []uint32 {
	m := &made{texts: texts}
	return m.found()
}

func distinct(groups []uint32) int {
	all := slices.Clone(groups)
	slices.Sort(all)
	return len(slices.Compact(all))
}

func TestHeadsAndFeetDoNotGlueStrangers(t *testing.T) {
	for _, own := range []int{10, 20, 40, 80, 160} { // syllables; head and foot have about 55
		w := newWriter(uint64(own))
		var texts []string
		for range 300 {
			texts = append(texts, outlets[0][0]+"\n"+w.sentence(own)+"\n"+outlets[0][1])
		}
		if n := distinct(groups(texts...)); n < 285 {
			t.Errorf("300 texts of %d syllables under one head and foot: %d groups", own, n)
		}
		// A page that is nothing but head and foot comes first.
		if n := distinct(groups(append([]string{outlets[0][0] + outlets[0][1]}, texts...)...)); n < 285 {
			t.Errorf("the same after a page without a text: %d groups", n)
		}
	}
}

func TestCopiesUnderUnknownHeadsAreFound(t *testing.T) {
	w := newWriter(5)
	a := strings.Join(w.text(8), " ")
	g := groups(a, w.sentence(25)+a+w.sentence(25), w.sentence(30)+a, a+w.sentence(40))
	if distinct(g) != 1 {
		t.Errorf("groups %v", g)
	}
}

func TestQuotedTextIsNoCopy(t *testing.T) {
	w := newWriter(6)
	a := strings.Join(w.text(8), " ")
	long := strings.Join(w.text(6), " ") + " “" + a + "” " + strings.Join(w.text(8), " ")
	if g := groups(a, long); distinct(g) != 2 {
		t.Error("a text and one twice as long that quotes it are one group")
	}
	if g := groups(long, a); distinct(g) != 2 {
		t.Error("the other way round they are one group")
	}
}

func TestGroupsDoNotDrift(t *testing.T) {
	w := newWriter(7)
	var texts []string
	now := w.text(20)
	for range 60 { // each says a little else than the one before
		texts = append(texts, strings.Join(now, " "))
		now = append(slices.Clone(now[1:]), w.sentence(18))
	}
	g := groups(texts...)
	for i := range g {
		if j := i + 14; j < len(g) && g[i] == g[j] {
			t.Fatalf("texts %d and %d, of which 6 sentences of 20 are the same, are one group: %v", i, j, g)
		}
	}
}

func TestTextThatJoinsTwoGroups(t *testing.T) {
	w := newWriter(8)
	m := &made{rng: w.rng, words: w.words}
	a := strings.Join(w.text(12), " ")
	x := New()
	first := x.Add("rewritten", m.edit(a, 0.2))
	second := x.Add("also rewritten", m.edit(a, 0.2))
	if !first.New || !second.New {
		t.Fatal("two texts that share a third of their passages are one")
	}
	third := x.Add("original", a)
	if third.New || x.Root(first.Group) != x.Root(second.Group) || x.Root(second.Group) != third.Group || x.Live() != 1 {
		t.Fatalf("%+v %+v %+v, live %d", first, second, third, x.Live())
	}
	if name := x.Name(second.Group); name != "rewritten" {
		t.Errorf("the group is called %q", name)
	}
	if third.Of == "" || third.Near < 0.4 || third.Near > 0.9 {
		t.Errorf("%+v", third)
	}
	if again := x.Add("copy", a); again.Group != third.Group || again.Near != 1 || again.New || again.Of == "" {
		t.Errorf("%+v", again)
	}
}

func TestShortAndEmptyTexts(t *testing.T) {
	g := groups("", "", "!!! 😀", "Vâng", "vâng ạ", "VÂNG", "Vâng ạ!", "Mưa to quá", "mưa to quá", "mưa to", "Giá xăng hôm nay tăng mạnh", "Giá xăng hôm nay giảm sâu", "giá xăng hôm nay: tăng mạnh")
	same := [][]int{{3, 5}, {4, 6}, {7, 8}, {10, 12}}
	for _, s := range same {
		if g[s[0]] != g[s[1]] {
			t.Errorf("texts %v are not one", s)
		}
	}
	if n := distinct(g); n != len(g)-len(same) {
		t.Errorf("%d groups: %v", n, g)
	}
}

func TestCopiesLeaveNothingBehind(t *testing.T) {
	w := newWriter(9)
	a := strings.Join(w.text(6), " ")
	x := New()
	for range 5000 {
		x.Add("", a)
	}
	for i := range 5000 { // all but the same, each a little different
		x.Add("", fmt.Sprint(a, " Lần ", i))
	}
	if len(x.cores) != 1 || x.Live() != 1 || len(x.lists.more) != 0 {
		t.Errorf("%d texts stand for %d groups", len(x.cores), x.Live())
	}
}

// TestWorkIsBounded counts comparisons where everything shares something with everything.
func TestWorkIsBounded(t *testing.T) {
	w := newWriter(10)
	frame := w.text(12)
	x := New()
	const texts = 2000
	for range texts {
		other := slices.Clone(frame)
		for k := range 6 {
			other[2*k] = w.sentence(18)
		}
		x.Add("", strings.Join(other, " "))
	}
	if n := x.query.turn; n > texts*(compared+standing) {
		t.Errorf("%d comparisons for %d texts", n, texts)
	}
	for _, s := range x.lists.slots {
		n := 0
		for l := s.link; l.core != 0; l = x.lists.next(l) {
			n++
		}
		if n > listed {
			t.Fatalf("%d texts on one list", n)
		}
	}
}

func TestForgottenGroups(t *testing.T) {
	w := newWriter(11)
	m := &made{rng: w.rng, words: w.words}
	var texts []string
	x := New()
	for i := range 400 {
		texts = append(texts, strings.Join(w.text(6), " "))
		x.Add(fmt.Sprint(i), texts[i])
	}
	since := x.Texts() + 1
	for i := range 100 { // the first hundred are told again
		x.Add("again", m.edit(texts[i], 0.05))
	}
	x.Forget(since)
	if x.Live() != 100 {
		t.Fatalf("%d groups are left", x.Live())
	}
	for i, text := range texts {
		p := x.Add("late", text)
		if i < 100 && (p.New || x.Name(p.Group) != fmt.Sprint(i)) || i >= 100 && !p.New {
			t.Fatalf("text %d: %+v", i, p)
		}
	}
	if n := len(x.cores); n > 700 {
		t.Errorf("room of forgotten texts is not taken again: %d", n)
	}
	if x.Name(399) != "" {
		t.Error("a forgotten group has a name")
	}
}

func TestPutIsAddWithAPrintMadeElsewhere(t *testing.T) {
	w := newWriter(12)
	m := &made{rng: w.rng, words: w.words, origin: map[int]int{}}
	for g := range 40 {
		m.copies(w.text(4+w.rng.IntN(9)), g)
	}
	m.shuffle()
	x, y := New(), New()
	var pr Printer
	for i, text := range m.texts {
		if a, b := x.Add("", text), y.Put("", pr.Print(text)); a != b {
			t.Fatalf("text %d: %+v, %+v", i, a, b)
		}
	}
}

func TestListsAreAMultimap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, want := newLists(), map[uint32][]uint32{}
		grams := rapid.SliceOfN(rapid.Uint32(), 1, 50).Draw(t, "grams")
		for core := range uint32(rapid.IntRange(1, 2000).Draw(t, "adds")) {
			g := grams[rand.New(rand.NewPCG(uint64(core), 0)).IntN(len(grams))] + core%3*1024
			l.add(g, core)
			if len(want[g]) < listed {
				want[g] = append(want[g], core)
			}
		}
		for g, cores := range want {
			var got []uint32
			for k := l.at(g).link; k.core != 0; k = l.next(k) {
				got = append(got, k.core-1)
			}
			slices.Sort(got)
			if !slices.Equal(got, cores) {
				t.Fatalf("gram %d: %v, want %v", g, got, cores)
			}
		}
	})
}

func TestFameIsCountedAndBounded(t *testing.T) {
	f, rng := newFame(), rand.New(rand.NewPCG(1, 2))
	famous := make([]uint32, 200)
	for i := range famous {
		famous[i] = rng.Uint32()
	}
	for round := range 300 {
		for range 1000 {
			f.count(rng.Uint32())
		}
		for _, g := range famous {
			if round < 20 {
				f.count(g)
			}
		}
	}
	short := 0
	for _, g := range famous {
		if n := f.of(g); n > 21 { // two grams may look alike
			t.Errorf("counted %d times instead of 20", n)
		} else if n < 20 {
			short++
		}
	}
	if short > 2 {
		t.Errorf("%d of 200 lost their count", short)
	}
	for range 500 {
		f.count(famous[0])
	}
	if n := f.of(famous[0]); n != 255 {
		t.Errorf("the count ends at %d", n)
	}
}

func TestFullFameKeepsWhatComesOften(t *testing.T) {
	f, rng := &fame{lines: make([][width]uint32, mostLines)}, rand.New(rand.NewPCG(3, 4))
	f.lines = f.lines[:1] // one line, which cannot grow any more
	f.taken = -1 << 30
	const often = 77 << 8
	for range 20_000 {
		f.count(often)
		f.count(rng.Uint32() | 1<<31)
	}
	if n := f.of(often); n < 200 {
		t.Errorf("what came every second time is counted %d times", n)
	}
}
