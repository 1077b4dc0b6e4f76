package fingerprint

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// find gives the documents that a snapshot has for a gram.
func find(s *Snapshot, g Gram) []uint32 {
	var all []uint32
	for _, l := range s.Lookup(nil, g) {
		all = append(all, l...)
	}
	slices.Sort(all)
	return all
}

func TestIndexIsAMultimap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, want := new(Snapshot), map[Gram][]uint32{}
		old := []*Snapshot{}
		for d := range uint32(rapid.IntRange(1, 40).Draw(t, "documents")) {
			var entries []Entry
			for _, g := range rapid.SliceOfNDistinct(rapid.Uint64Range(0, 60), 0, 20, rapid.ID).Draw(t, "grams") {
				gram := Gram(g) << (Bits - 6)
				entries = append(entries, Entry{gram, d})
				want[gram] = append(want[gram], d)
			}
			old = append(old, s)
			s = s.With(entries)
		}
		for g, docs := range want {
			if got := find(s, g); !slices.Equal(got, docs) {
				t.Fatalf("gram %x: %v, want %v", g, got, docs)
			}
		}
		if old[0].Size() != 0 {
			t.Fatal("a snapshot has changed")
		}
		merged := s.Merged(func(d uint32) bool { return d%2 == 1 })
		for g, docs := range want {
			docs = slices.DeleteFunc(slices.Clone(docs), func(d uint32) bool { return d%2 == 1 })
			if got := find(merged, g); !slices.Equal(got, docs) {
				t.Fatalf("merged, gram %x: %v, want %v", g, got, docs)
			}
		}
	})
}

func TestDensePartFindsWhatASmallOneDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var entries []Entry
	for d := range uint32(denseFrom/10 + 1) {
		for range 10 {
			entries = append(entries, Entry{Gram(r.Uint64N(1 << Bits)), d})
		}
	}
	some := slices.Clone(entries[:200])
	s := new(Snapshot).With(entries)
	if _, ok := s.parts[0].(*dense); !ok {
		t.Fatal("not dense")
	}
	s = s.With([]Entry{{some[0].Gram, 1 << 30}})
	for _, e := range some {
		if !slices.Contains(find(s, e.Gram), e.Document) {
			t.Fatalf("%x lost", e.Gram)
		}
	}
	if m := s.Merged(nil); m.Size() != s.Size() || !slices.Contains(find(m, some[0].Gram), 1<<30) {
		t.Fatal("merging lost entries")
	}
	if got := find(s, 12345); len(got) > 1 {
		t.Fatalf("found %v for nothing", got)
	}
}

func TestSharedRunSharesAKeptGram(t *testing.T) {
	const k, window = 5, 8
	rapid.Check(t, func(t *rapid.T) {
		run := rapid.SliceOfN(rapid.Uint64(), k+window-1, k+window+20).Draw(t, "run")
		words := func(name string) []uint64 {
			x := append(rapid.SliceOfN(rapid.Uint64(), 0, 30).Draw(t, name+"-before"), run...)
			return append(x, rapid.SliceOfN(rapid.Uint64(), 0, 30).Draw(t, name+"-after")...)
		}
		a := Select(nil, Grams(nil, words("a"), k), window)
		b := Select(nil, Grams(nil, words("b"), k), window)
		for _, g := range a {
			if slices.Contains(b, g) {
				return
			}
		}
		t.Fatal("no gram in common")
	})
}

func TestGramsRoll(t *testing.T) {
	words := []uint64{1, 2, 3, 4, 5, 6, 7, 1, 2, 3}
	g := Grams(nil, words, 3)
	if len(g) != 8 || g[0] != g[7] || g[0] == g[1] || Grams(nil, words[:3], 3)[0] != g[0] {
		t.Fatal(g)
	}
	if Grams(nil, words[:2], 3) != nil || Select(nil, nil, 4) != nil || len(Select(nil, g[:2], 4)) != 1 {
		t.Fatal("short texts")
	}
}

func BenchmarkLookup(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	entries := make([]Entry, 2<<20)
	for i := range entries {
		entries[i] = Entry{Gram(r.Uint64N(1 << Bits)), uint32(i / 90)}
	}
	s := new(Snapshot).With(entries)
	var lists [][]uint32
	b.ReportAllocs()
	for b.Loop() {
		lists = s.Lookup(lists[:0], Gram(r.Uint64N(1<<Bits)))
	}
}
