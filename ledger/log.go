package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"khue/ledger/tree"
	"khue/problem"
	"khue/store"
)

const sqlEntryByID = `SELECT entry FROM ledger_entry WHERE id = ?1`

const sqlEntries = `SELECT entry FROM ledger_entry WHERE position >= ?1 AND position < ?2 ORDER BY position`

// Checkpoint gives the newest signed checkpoint as it is served; problem.NotFound before the first.
func (l *Ledger) Checkpoint(ctx context.Context) (string, error) {
	return lastCheckpoint(ctx, l.db)
}

func lastCheckpoint(ctx context.Context, r store.Reader) (string, error) {
	var text string
	err := r.QueryRow(ctx, sqlCheckpoint).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", problem.New(problem.NotFound)
	}
	return text, err
}

// SignedSize gives the size of the newest checkpoint.
func (l *Ledger) SignedSize() int64 { return l.signed.Load() }

// ReadTile gives a tile of hashes or a bundle of entries as it is served. What no checkpoint covers yet is problem.NotFound.
func (l *Ledger) ReadTile(ctx context.Context, t tree.Tile) ([]byte, error) {
	signed := l.signed.Load()
	if t.In(signed) < t.W {
		return nil, problem.New(problem.NotFound)
	}
	if t.Entries {
		return l.bundle(ctx, t)
	}
	if t.W == tree.Width {
		return readTile(ctx, l.db, t)
	}
	return tileData(ctx, l.db, t)
}

func (l *Ledger) bundle(ctx context.Context, t tree.Tile) ([]byte, error) {
	rows, err := l.db.Query(ctx, sqlEntries, t.N*tree.Width, t.N*tree.Width+int64(t.W))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var data []byte
	n := 0
	for rows.Next() {
		var e []byte
		if err := rows.Scan(&e); err != nil {
			return nil, err
		}
		data = tree.AppendBundle(data, e)
		n++
	}
	if n != t.W {
		return nil, fmt.Errorf("ledger: bundle %s has %d entries", t.Path(), n)
	}
	return data, rows.Err()
}

// hashes reads the tree's stored hashes from tiles, for proofs; it makes x/mod's proof functions work on our tables.
type hashes struct {
	ctx   context.Context
	r     store.Reader
	size  int64
	cache map[tree.Tile][]byte
}

// ReadHashes gives stored hashes by x/mod's numbers.
func (h *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		level, n := tlog.SplitStoredHashIndex(x)
		// The tile of the level's group of eight holds it, or its leaves from which it is computed.
		t := tree.Tile{Level: level / 8, W: tree.Width}
		below := level % 8
		first := n << below
		t.N = first / tree.Width
		if in := t.In(h.size); in < tree.Width {
			t.W = in
		}
		data, err := h.tile(t)
		if err != nil {
			return nil, err
		}
		from := int(first%tree.Width) * tree.HashSize
		to := from + tree.HashSize<<below
		if to > len(data) {
			return nil, fmt.Errorf("ledger: hash %d lies outside the log of %d entries", x, h.size)
		}
		list[i] = subtree(data[from:to])
	}
	return list, nil
}

func (h *hashes) tile(t tree.Tile) ([]byte, error) {
	if data, ok := h.cache[t]; ok {
		return data, nil
	}
	var data []byte
	var err error
	if t.W == tree.Width {
		data, err = readTile(h.ctx, h.r, t)
	} else {
		data, err = tileData(h.ctx, h.r, t)
	}
	if err == nil {
		h.cache[t] = data
	}
	return data, err
}

func newHashes(ctx context.Context, r store.Reader, size int64) *hashes {
	return &hashes{ctx: ctx, r: r, size: size, cache: map[tree.Tile][]byte{}}
}

// Inclusion proves that the entry at a position is in the tree of a size, in O(log n) hashes.
func (l *Ledger) Inclusion(ctx context.Context, position, size int64) (tlog.RecordProof, error) {
	return tlog.ProveRecord(size, position, newHashes(ctx, l.db, size))
}

// Consistency proves that the tree of size from is a prefix of the tree of size to.
func (l *Ledger) Consistency(ctx context.Context, from, to int64) (tlog.TreeProof, error) {
	return tlog.ProveTree(to, from, newHashes(ctx, l.db, to))
}

// Proof is all that a person needs to check one public entry without us: C2SP tlog-proof@v1 in Text.
type Proof struct {
	Record     Record
	Entry      []byte // the leaf's content as served
	Leaf       tree.Hash
	Path       []tlog.Hash // from the leaf's neighbour upwards
	Checkpoint string      // signed note
	Size       int64
}

// Prove gives the proof of an entry against the newest checkpoint; problem.Loading when it is not yet signed.
func (l *Ledger) Prove(ctx context.Context, id string) (Proof, error) { return ProveIn(ctx, l.db, id) }

// ProveIn is Prove on a database that another process serves.
func ProveIn(ctx context.Context, r store.Reader, id string) (Proof, error) {
	rec, err := scanRecord(r.QueryRow(ctx, sqlRecordByID, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Proof{}, problem.New(problem.NotFound)
	}
	if err != nil {
		return Proof{}, err
	}
	cp, err := lastCheckpoint(ctx, r)
	if err != nil {
		return Proof{}, err
	}
	c, err := tree.ParseCheckpoint(cp)
	if err != nil {
		return Proof{}, err
	}
	if rec.Position < 0 || rec.Position >= c.Size {
		return Proof{}, problem.New(problem.Loading)
	}
	var entry []byte
	if err := r.QueryRow(ctx, sqlEntryByID, id).Scan(&entry); err != nil {
		return Proof{}, err
	}
	path, err := tlog.ProveRecord(c.Size, rec.Position, newHashes(ctx, r, c.Size))
	if err != nil {
		return Proof{}, err
	}
	return Proof{Record: rec, Entry: entry, Leaf: tree.Leaf(entry), Path: path, Checkpoint: cp, Size: c.Size}, nil
}

// Text gives the proof in the form of c2sp.org/tlog-proof@v1.
func (p Proof) Text() string {
	text := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", p.Record.Position)
	for _, h := range p.Path {
		text += h.String() + "\n"
	}
	return text + "\n" + p.Checkpoint
}

// Verify checks the proof: the entry's leaf, its path and the checkpoint's root agree.
func (p Proof) Verify() error {
	c, err := tree.ParseCheckpoint(p.Checkpoint)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(p.Path, c.Size, c.Root, p.Record.Position, tree.Leaf(p.Entry))
}
