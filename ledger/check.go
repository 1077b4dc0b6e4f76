package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"khue/ledger/tree"
	"khue/store"
)

// Report is what a check found when all is well.
type Report struct {
	Entries     int64
	Public      int64
	Erased      int64
	Checkpoints int
	Root        tree.Hash
}

// Fault names the first thing that is wrong.
type Fault struct {
	Position int64  // of the entry, -1 when it is not about one entry
	What     string // technical, for the operator
}

// Error names the entry and what is wrong with it.
func (f *Fault) Error() string {
	if f.Position < 0 {
		return "ledger check: " + f.What
	}
	return fmt.Sprintf("ledger check: entry %d: %s", f.Position, f.What)
}

func fault(position int64, format string, args ...any) *Fault {
	return &Fault{position, fmt.Sprintf(format, args...)}
}

const (
	sqlCheckEntries = `SELECT id, position, kind, version, public, actor, thing, body, at, salt, leaf, entry FROM ledger_entry
WHERE position >= ?1 AND position < ?2 ORDER BY position`
	sqlAllTiles       = `SELECT level, n, data FROM ledger_tile ORDER BY level, n`
	sqlAllCheckpoints = `SELECT size, note FROM ledger_checkpoint ORDER BY size`
)

// Check reads a whole database's log and verifies it: every entry opens to its leaf, positions have no gap, the tiles and the
// head are those of the leaves, every checkpoint is signed by the key and has the root of its size. It gives a *Fault that
// names the first wrong entry.
func Check(ctx context.Context, db *store.DB, vkey string) (Report, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return Report{}, fmt.Errorf("ledger check: key: %w", err)
	}
	var rep Report
	err = db.View(ctx, func(r store.Reader) error {
		c := &checker{r: r, verifier: verifier, edge: &tree.Edge{}, tiles: map[tree.Tile][]byte{}}
		if err := c.readCheckpoints(ctx); err != nil {
			return err
		}
		if err := c.entries(ctx, &rep); err != nil {
			return err
		}
		rep.Entries, rep.Root, rep.Checkpoints = c.edge.Size, c.edge.Root(), len(c.roots)
		return c.finish(ctx)
	})
	return rep, err
}

type checker struct {
	r        store.Reader
	verifier note.Verifier
	edge     *tree.Edge
	roots    map[int64]tree.Hash // of the checkpoints, by size
	left     int                 // checkpoints not met yet
	tiles    map[tree.Tile][]byte
}

func (c *checker) readCheckpoints(ctx context.Context) error {
	rows, err := c.r.Query(ctx, sqlAllCheckpoints)
	if err != nil {
		return err
	}
	defer rows.Close()
	c.roots = map[int64]tree.Hash{}
	for rows.Next() {
		var size int64
		var text string
		if err := rows.Scan(&size, &text); err != nil {
			return err
		}
		n, err := note.Open([]byte(text), note.VerifierList(c.verifier))
		if err != nil {
			return fault(-1, "checkpoint of size %d: signature: %v", size, err)
		}
		cp, err := tree.ParseCheckpoint(n.Text)
		if err != nil || cp.Size != size || cp.Origin != c.verifier.Name() {
			return fault(-1, "checkpoint of size %d says %q", size, n.Text)
		}
		c.roots[size] = cp.Root
	}
	c.left = len(c.roots)
	return rows.Err()
}

func (c *checker) entries(ctx context.Context, rep *Report) error {
	const step = 2000
	for {
		n, err := c.some(ctx, c.edge.Size, c.edge.Size+step, rep)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

func (c *checker) some(ctx context.Context, from, to int64, rep *Report) (int, error) {
	rows, err := c.r.Query(ctx, sqlCheckEntries, from, to)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var salt, leaf, entry []byte
		r, err := scanRecord(withMore{rows, []any{&salt, &leaf, &entry}})
		if err != nil {
			return 0, err
		}
		if r.Position != c.edge.Size {
			return 0, fault(c.edge.Size, "is missing; the next one is %d", r.Position)
		}
		if f := checkEntry(r, salt, leaf, entry); f != nil {
			return 0, f
		}
		if r.Public {
			rep.Public++
		}
		if r.Body == nil {
			rep.Erased++
		}
		c.edge.Append(tree.Hash(leaf), func(level int, n int64, h tree.Hash) {
			if level%8 == 0 {
				t := tree.Tile{Level: level / 8, N: n / tree.Width, W: tree.Width}
				c.tiles[t] = append(c.tiles[t], h[:]...)
			}
		})
		if root, ok := c.roots[c.edge.Size]; ok {
			c.left--
			if root != c.edge.Root() {
				return 0, fault(r.Position, "or one before it is not what the checkpoint of size %d was signed for", c.edge.Size)
			}
		}
		n++
	}
	return n, rows.Err()
}

func checkEntry(r Record, salt, leaf, entry []byte) *Fault {
	want := tree.Leaf(entry)
	if !bytes.Equal(want[:], leaf) {
		return fault(r.Position, "its bytes do not hash to its leaf")
	}
	if r.Body == nil { // erased: the leaf is all that is left
		return nil
	}
	open, err := Serve(r, salt)
	if err != nil {
		return fault(r.Position, "its body cannot be read: %v", err)
	}
	if !bytes.Equal(open, entry) {
		return fault(r.Position, "its row (%s about %s) is not what its leaf commits to", r.Kind, r.Thing)
	}
	return nil
}

func (c *checker) finish(ctx context.Context) error {
	h, err := readHead(ctx, c.r)
	if err != nil {
		return err
	}
	if h.edge.Size != c.edge.Size || h.root != c.edge.Root() {
		return fault(-1, "the head says %d entries with root %v; the entries give %d with root %v", h.edge.Size, h.root, c.edge.Size, c.edge.Root())
	}
	if c.left > 0 {
		return fault(-1, "%d checkpoints are larger than the log: entries at the end are lost", c.left)
	}
	rows, err := c.r.Query(ctx, sqlAllTiles)
	if err != nil {
		return err
	}
	defer rows.Close()
	full := 0
	for _, data := range c.tiles {
		if len(data) == tree.Width*tree.HashSize {
			full++
		}
	}
	for rows.Next() {
		t := tree.Tile{W: tree.Width}
		var data []byte
		if err := rows.Scan(&t.Level, &t.N, &data); err != nil {
			return err
		}
		if !bytes.Equal(c.tiles[t], data) {
			return fault(-1, "%s differs from its entries", t.Path())
		}
		full--
	}
	if full != 0 {
		return fault(-1, "%d full tiles are missing", full)
	}
	return rows.Err()
}

// withMore scans columns that follow those of a record.
type withMore struct {
	row  interface{ Scan(...any) error }
	more []any
}

func (w withMore) Scan(dst ...any) error { return w.row.Scan(append(dst, w.more...)...) }

// CheckRemote reads a public log by its address (…/log/) and verifies it: the checkpoint's signature, every entry's leaf against
// the tiles, and the root.
func CheckRemote(ctx context.Context, client *http.Client, base, vkey string) (Report, error) {
	base = strings.TrimSuffix(base, "/") + "/"
	if vkey == "" {
		data, err := get(ctx, client, base+"key", 4<<10)
		if err != nil {
			return Report{}, err
		}
		vkey = string(data)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return Report{}, fmt.Errorf("ledger check: key: %w", err)
	}
	text, err := get(ctx, client, base+"checkpoint", 64<<10)
	if err != nil {
		return Report{}, err
	}
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return Report{}, fault(-1, "checkpoint: signature: %v", err)
	}
	cp, err := tree.ParseCheckpoint(n.Text)
	if err != nil || cp.Origin != verifier.Name() {
		return Report{}, fault(-1, "checkpoint says %q", n.Text)
	}
	rep := Report{Checkpoints: 1, Entries: cp.Size, Root: cp.Root}
	edge := &tree.Edge{}
	for k := int64(0); k*tree.Width < cp.Size; k++ {
		t := tree.Tile{N: k, W: tree.Width}
		t.W = t.In(cp.Size)
		if err := checkRemoteTile(ctx, client, base, t, edge, &rep); err != nil {
			return rep, err
		}
	}
	if edge.Root() != cp.Root {
		return rep, fault(-1, "the entries give root %v, the checkpoint says %v", edge.Root(), cp.Root)
	}
	return rep, nil
}

func checkRemoteTile(ctx context.Context, client *http.Client, base string, t tree.Tile, edge *tree.Edge, rep *Report) error {
	data, err := get(ctx, client, base+t.Path(), tree.Width*tree.HashSize)
	if err != nil {
		return err
	}
	b := t
	b.Entries = true
	bundle, err := get(ctx, client, base+b.Path(), tree.Width*(MaxEntry+2))
	if err != nil {
		return err
	}
	list, err := tree.SplitBundle(bundle)
	if err != nil || len(list) != t.W || len(data) != t.W*tree.HashSize {
		return fault(-1, "%s has %d entries and %d bytes of hashes: %v", t.Path(), len(list), len(data), err)
	}
	for i, e := range list {
		leaf := tree.Leaf(e)
		if !bytes.Equal(leaf[:], data[i*tree.HashSize:(i+1)*tree.HashSize]) {
			return fault(t.N*tree.Width+int64(i), "its bytes do not hash to its leaf in %s", t.Path())
		}
		if !bytes.HasPrefix(e, []byte(`{"at":`)) {
			rep.Public++
		}
		edge.Append(leaf, func(int, int64, tree.Hash) {})
	}
	return nil
}

func get(ctx context.Context, client *http.Client, url string, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ledger check: %s answers %s", url, res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if int64(len(data)) > limit {
		err = errors.Join(err, fmt.Errorf("ledger check: %s is larger than %d bytes", url, limit))
	}
	return data, err
}
