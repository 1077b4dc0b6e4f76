package diff

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func check(t interface{ Fatalf(string, ...any) }, a, b []uint64, ops []Op) {
	i, j := 0, 0
	for k, o := range ops {
		if o.AFrom != i || o.BFrom != j || o.ATo < i || o.BTo < j || o.ATo == i && o.BTo == j {
			t.Fatalf("operation %d %+v does not follow %d, %d", k, o, i, j)
		}
		if k > 0 && ops[k-1].Equal == o.Equal {
			t.Fatalf("operations %d and %d are of one sort", k-1, k)
		}
		if o.Equal {
			if o.ATo-o.AFrom != o.BTo-o.BFrom {
				t.Fatalf("%+v is not equal", o)
			}
			for n := range o.ATo - o.AFrom {
				if a[o.AFrom+n] != b[o.BFrom+n] {
					t.Fatalf("%+v is not equal at %d", o, n)
				}
			}
		}
		i, j = o.ATo, o.BTo
	}
	if i != len(a) || j != len(b) {
		t.Fatalf("covers %d of %d, %d of %d", i, len(a), j, len(b))
	}
}

func TestAlignmentReconstructsBothSides(t *testing.T) {
	var al Aligner
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.SampledFrom([]uint64{2, 10, 1000}).Draw(t, "words")
		a := rapid.SliceOfN(rapid.Uint64Range(0, top), 0, 120).Draw(t, "a")
		b := rapid.SliceOfN(rapid.Uint64Range(0, top), 0, 120).Draw(t, "b")
		if rapid.Bool().Draw(t, "related") && len(a) > 0 {
			from := rapid.IntRange(0, len(a)-1).Draw(t, "from")
			b = append(append([]uint64{}, a[from:]...), b[:len(b)/4]...)
		}
		check(t, a, b, al.Words(nil, a, b))
	})
}

func TestOneChangeIsOneOperation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var a []uint64
	for range 600 {
		a = append(a, r.Uint64N(300))
	}
	for at := 5; at < 90; at++ {
		b := append([]uint64{}, a[100:200]...)
		b[at] = 9999
		ops := Words(a, b)
		check(t, a, b, ops)
		want := []Op{{0, 100, 0, 0, false}, {100, 100 + at, 0, at, true}, {100 + at, 101 + at, at, at + 1, false}, {101 + at, 200, at + 1, 100, true}, {200, 600, 100, 100, false}}
		if len(ops) != len(want) {
			t.Fatalf("at %d: %+v", at, ops)
		}
		for k := range want {
			if ops[k] != want[k] {
				t.Fatalf("at %d: %+v", at, ops[k])
			}
		}
	}
}

func BenchmarkExcerpt(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var doc []uint64
	for range 700 {
		doc = append(doc, r.Uint64N(400))
	}
	part := append([]uint64{}, doc[200:400]...)
	part[50], part[150] = 9999, 9998
	var al Aligner
	var ops []Op
	b.ReportAllocs()
	for b.Loop() {
		ops = al.Words(ops[:0], doc, part)
	}
}
