package tree

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Width is the number of hashes in a full tile.
const Width = 256

// HashSize is the length of a hash in bytes (SHA-256).
const HashSize = tlog.HashSize

// Hash is a node of the tree.
type Hash = tlog.Hash

// Leaf gives the RFC 6962 leaf hash of an entry as it is served.
func Leaf(entry []byte) Hash { return tlog.RecordHash(entry) }

// Edge is the right edge of a tree: the root of each complete subtree from the largest to the smallest, and the leaves' count.
// It is all that is needed to append a leaf and to know the root.
type Edge struct {
	Size   int64
	Hashes []Hash // one for each bit set in Size, high bit first
}

// Append adds a leaf and gives, low level first, the stored hashes that the leaf completed: its own at level 0, then one for each subtree.
func (e *Edge) Append(leaf Hash, completed func(level int, n int64, h Hash)) {
	h := leaf
	n := e.Size
	completed(0, n, h)
	level := 0
	for n&1 == 1 { // a complete subtree of this level stands to the left
		left := e.Hashes[len(e.Hashes)-1]
		e.Hashes = e.Hashes[:len(e.Hashes)-1]
		h = tlog.NodeHash(left, h)
		n >>= 1
		level++
		completed(level, n, h)
	}
	e.Hashes = append(e.Hashes, h)
	e.Size++
}

// Root gives the tree's root; for the empty tree the hash of nothing.
func (e *Edge) Root() Hash {
	if e.Size == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := e.Hashes[len(e.Hashes)-1]
	for i := len(e.Hashes) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.Hashes[i], h)
	}
	return h
}

// MarshalEdge gives the edge's hashes one after the other.
func (e *Edge) MarshalEdge() []byte {
	b := make([]byte, 0, len(e.Hashes)*HashSize)
	for _, h := range e.Hashes {
		b = append(b, h[:]...)
	}
	return b
}

// ErrEdge says that stored hashes do not fit the size.
var ErrEdge = errors.New("tree: the edge does not fit its size")

// UnmarshalEdge reads an edge of a tree of the given size.
func UnmarshalEdge(size int64, data []byte) (*Edge, error) {
	if size < 0 || len(data) != bits.OnesCount64(uint64(size))*HashSize {
		return nil, ErrEdge
	}
	e := &Edge{Size: size, Hashes: make([]Hash, len(data)/HashSize)}
	for i := range e.Hashes {
		copy(e.Hashes[i][:], data[i*HashSize:])
	}
	return e, nil
}

// Checkpoint is a signed statement's text: origin, size and root (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// Text gives the note's text, which ends with a line break.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// ParseCheckpoint reads a checkpoint's text; lines after the third are allowed and not looked at.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return Checkpoint{}, errors.New("tree: a checkpoint has three lines: origin, size, root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || lines[1] != strconv.FormatInt(size, 10) {
		return Checkpoint{}, fmt.Errorf("tree: checkpoint's size %q is not a number", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != HashSize {
		return Checkpoint{}, fmt.Errorf("tree: checkpoint's root %q is not a hash", lines[2])
	}
	c := Checkpoint{Origin: lines[0], Size: size}
	copy(c.Root[:], root)
	return c, nil
}

// Tile names a tile: level (each level holds 8 levels of the tree), number, and width (256, or less for a partial one).
// Entries is true for a bundle of entries instead of hashes; its level is 0.
type Tile struct {
	Level   int
	N       int64
	W       int
	Entries bool
}

// Path gives the tile's address below the log's prefix, as C2SP tlog-tiles has it: "tile/0/x001/234" or "tile/entries/000.p/17".
func (t Tile) Path() string {
	n := fmt.Sprintf("%03d", t.N%1000)
	for rest := t.N / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	level := strconv.Itoa(t.Level)
	if t.Entries {
		level = "entries"
	}
	p := "tile/" + level + "/" + n
	if t.W != Width {
		p += ".p/" + strconv.Itoa(t.W)
	}
	return p
}

// ParsePath reads a tile's address, strictly: what Path would not write is refused.
func ParsePath(p string) (Tile, error) {
	bad := fmt.Errorf("tree: %q is not the address of a tile", p)
	rest, ok := strings.CutPrefix(p, "tile/")
	if !ok || len(p) > 100 {
		return Tile{}, bad
	}
	t := Tile{W: Width}
	level, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return Tile{}, bad
	}
	if level == "entries" {
		t.Entries = true
	} else {
		v, err := strconv.Atoi(level)
		if err != nil || v < 0 || v > 7 {
			return Tile{}, bad
		}
		t.Level = v
	}
	if num, w, ok := strings.Cut(rest, ".p/"); ok {
		v, err := strconv.Atoi(w)
		if err != nil || v < 1 || v >= Width {
			return Tile{}, bad
		}
		t.W, rest = v, num
	}
	for part := range strings.SplitSeq(rest, "/") {
		part = strings.TrimPrefix(part, "x")
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil || v > 999 || len(part) != 3 || t.N > 1<<52 {
			return Tile{}, bad
		}
		t.N = t.N*1000 + int64(v)
	}
	if t.Path() != p {
		return Tile{}, bad
	}
	return t, nil
}

// In says how many hashes or entries the tile has in a tree of the given size; 0 when it does not reach that far.
func (t Tile) In(size int64) int {
	have := size>>(8*t.Level) - t.N*Width
	return int(max(0, min(have, Width)))
}

// AppendBundle adds an entry to a bundle: its length as a big-endian uint16, then its bytes. An entry has at most 65,535 bytes.
func AppendBundle(dst, entry []byte) []byte {
	dst = append(dst, byte(len(entry)>>8), byte(len(entry)))
	return append(dst, entry...)
}

// SplitBundle reads the entries of a bundle; they share its memory.
func SplitBundle(data []byte) ([][]byte, error) {
	var list [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, errors.New("tree: bundle ends inside a length")
		}
		n := int(data[0])<<8 | int(data[1])
		if len(data) < 2+n {
			return nil, errors.New("tree: bundle ends inside an entry")
		}
		if len(list) == Width {
			return nil, errors.New("tree: bundle has more than 256 entries")
		}
		list = append(list, data[2:2+n])
		data = data[2+n:]
	}
	return list, nil
}
