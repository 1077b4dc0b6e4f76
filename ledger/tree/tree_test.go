package tree

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// memory keeps stored hashes the way x/mod numbers them, so that its proofs check ours.
type memory map[int64]Hash

func (m memory) ReadHashes(idx []int64) ([]Hash, error) {
	list := make([]Hash, len(idx))
	for i, x := range idx {
		h, ok := m[x]
		if !ok {
			return nil, fmt.Errorf("hash %d is not stored", x)
		}
		list[i] = h
	}
	return list, nil
}

// One tree grows leaf by leaf; at every size our root is x/mod's, and the edge survives its form in bytes.
func TestEdgeAgreesWithXMod(t *testing.T) {
	m, e := memory{}, &Edge{}
	for n := range int64(600) {
		e.Append(Leaf(fmt.Appendf(nil, "mục %d", n)), func(level int, n int64, h Hash) { m[tlog.StoredHashIndex(level, n)] = h })
		want, err := tlog.TreeHash(n+1, m)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Root(); got != want {
			t.Fatalf("size %d: root %v, want %v", n+1, got, want)
		}
		back, err := UnmarshalEdge(e.Size, e.MarshalEdge())
		if err != nil || back.Root() != want {
			t.Fatalf("size %d: edge does not survive: %v", n+1, err)
		}
	}
	if (&Edge{}).Root() != tlog.RecordHash(nil) && (&Edge{}).Root() == (Hash{}) {
		t.Fatal("the empty tree has the hash of nothing as its root")
	}
}

func TestPathsThereAndBack(t *testing.T) {
	f := func(tile Tile, want string) {
		t.Helper()
		if got := tile.Path(); got != want {
			t.Errorf("%+v: %s, want %s", tile, got, want)
		}
		if back, err := ParsePath(want); err != nil || back != tile {
			t.Errorf("%s: %+v %v", want, back, err)
		}
	}
	f(Tile{0, 0, 256, false}, "tile/0/000")
	f(Tile{1, 1234, 256, false}, "tile/1/x001/234")
	f(Tile{0, 1234067, 17, false}, "tile/0/x001/x234/067.p/17")
	f(Tile{0, 5, 1, true}, "tile/entries/005.p/1")
	rapid.Check(t, func(t *rapid.T) {
		tile := Tile{N: rapid.Int64Range(0, 1<<50).Draw(t, "n"), W: rapid.IntRange(1, 256).Draw(t, "w"), Entries: rapid.Bool().Draw(t, "e")}
		if !tile.Entries {
			tile.Level = rapid.IntRange(0, 7).Draw(t, "l")
		}
		if back, err := ParsePath(tile.Path()); err != nil || back != tile {
			t.Fatalf("%s: %+v %v", tile.Path(), back, err)
		}
	})
}

func FuzzParsePath(f *testing.F) {
	for _, s := range []string{"tile/0/000", "tile/8/000", "tile/0/x000/000", "tile/entries/001.p/256", "tile/0/../x", "tile/0/1", "tile//"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if tile, err := ParsePath(s); err == nil && tile.Path() != s {
			t.Fatalf("%q was read as %q", s, tile.Path())
		}
	})
}

func FuzzSplitBundle(f *testing.F) {
	f.Add(AppendBundle(AppendBundle(nil, []byte("a")), nil))
	f.Add([]byte{0})
	f.Add([]byte{0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := SplitBundle(data)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range list {
			again = AppendBundle(again, e)
		}
		if string(again) != string(data) {
			t.Fatal("a bundle read and written again differs")
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add(Checkpoint{"khue.example/log", 3, Leaf(nil)}.Text())
	f.Add("a\n-1\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCheckpoint(s)
		if err == nil && c.Size < 0 {
			t.Fatal("a tree has no negative size")
		}
	})
}
