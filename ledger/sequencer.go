package ledger

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"khue/ledger/tree"
	"khue/store"
)

const (
	// maxSequence is the number of entries numbered in one transaction.
	maxSequence = 1000
	// signGap is the shortest time between two checkpoints: at most ten a second.
	signGap = 100 * time.Millisecond
	// signIdle is the longest time that private entries wait for a checkpoint.
	signIdle = 10 * time.Second
	// pollGap is how often a node looks for what other nodes wrote.
	pollGap = 50 * time.Millisecond
)

const (
	sqlHead       = `SELECT size, root, edge, at FROM ledger_head WHERE one = 1`
	sqlInsertHead = `INSERT INTO ledger_head (one, size, root, edge, at) VALUES (1, 0, ?1, ?2, 0) ON CONFLICT (one) DO NOTHING` // two processes may open at once
	sqlMoveHead   = `UPDATE ledger_head SET size = ?1, root = ?2, edge = ?3, at = ?4 WHERE one = 1 AND size = ?5`
	sqlWaiting    = `SELECT seq, leaf, public FROM ledger_entry WHERE position IS NULL ORDER BY seq LIMIT 1000`
	sqlAnyWaiting = `SELECT 1 FROM ledger_entry WHERE position IS NULL LIMIT 1`
	sqlPlace      = `UPDATE ledger_entry SET position = ?1 WHERE seq = ?2`
	sqlPutTile    = `INSERT INTO ledger_tile (level, n, data) VALUES (?1, ?2, ?3)`
	sqlTile       = `SELECT data FROM ledger_tile WHERE level = ?1 AND n = ?2`
	sqlLeaves     = `SELECT leaf FROM ledger_entry WHERE position >= ?1 AND position < ?2 ORDER BY position`
	sqlPositionOf = `SELECT position FROM ledger_entry WHERE id = ?1`

	sqlLastCheckpointSize = `SELECT MAX(size) FROM ledger_checkpoint`
	sqlCheckpoint         = `SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1`
	sqlCheckpointAt       = `SELECT note FROM ledger_checkpoint WHERE size = ?1`
	sqlPutCheckpoint      = `INSERT INTO ledger_checkpoint (size, note, at) VALUES (?1, ?2, ?3) ON CONFLICT (size) DO NOTHING`
	sqlPublicSince        = `SELECT 1 FROM ledger_entry WHERE position >= ?1 AND position < ?2 AND public = 1 LIMIT 1`
)

// head is the committed state of the tree.
type head struct {
	edge *tree.Edge
	root tree.Hash
	at   time.Time
}

func readHead(ctx context.Context, r store.Reader) (head, error) {
	var size, at int64
	var root, edge []byte
	if err := r.QueryRow(ctx, sqlHead).Scan(&size, &root, &edge, &at); err != nil {
		return head{}, err
	}
	e, err := tree.UnmarshalEdge(size, edge)
	if err != nil {
		return head{}, err
	}
	h := head{edge: e, at: store.Time(at)}
	copy(h.root[:], root)
	return h, nil
}

func insertHead(ctx context.Context, tx *store.Tx) error {
	empty := (&tree.Edge{}).Root()
	_, err := tx.Exec(ctx, sqlInsertHead, empty[:], []byte{})
	return err
}

// sequenceInBatch is the SQLite writer's step before COMMIT: no second fsync, no wait.
func (l *Ledger) sequenceInBatch(ctx context.Context, tx *store.Tx) error {
	for {
		n, err := l.sequence(ctx, tx)
		if err != nil || n < maxSequence {
			return err
		}
	}
}

type waiting struct {
	seq  int64
	leaf tree.Hash
}

// sequence numbers what waits, in the order of seq, and grows the tree. It looks for entries without a position, never for
// "seq greater than the last", so that a slow transaction is met in a later batch.
func (l *Ledger) sequence(ctx context.Context, tx *store.Tx) (int, error) {
	list, err := readWaiting(ctx, tx)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	h, err := readHead(ctx, tx)
	if err != nil {
		return 0, err
	}
	old := h.edge.Size
	tiles := map[tree.Tile][]byte{}
	for _, w := range list {
		if _, err := tx.Exec(ctx, sqlPlace, h.edge.Size, w.seq); err != nil {
			return 0, err
		}
		h.edge.Append(w.leaf, func(level int, n int64, _ tree.Hash) {
			if level%8 == 0 && level > 0 { // the last leaf of a full tile one level down was written
				tiles[tree.Tile{Level: level/8 - 1, N: n, W: tree.Width}] = nil
			}
		})
	}
	if err := l.putTiles(ctx, tx, tiles); err != nil {
		return 0, err
	}
	root := h.edge.Root()
	res, err := tx.Exec(ctx, sqlMoveHead, h.edge.Size, root[:], h.edge.MarshalEdge(), store.Micros(l.now()), old)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return 0, fmt.Errorf("another sequencer moved the log's head from %d: %w", old, errors.Join(err, ErrSequencer))
	}
	return len(list), nil
}

// ErrSequencer says that two sequencers met; the second one stops.
var ErrSequencer = errors.New("ledger: two sequencers")

func readWaiting(ctx context.Context, tx *store.Tx) ([]waiting, error) {
	rows, err := tx.Query(ctx, sqlWaiting)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []waiting
	for rows.Next() {
		var w waiting
		var leaf []byte
		var public int64
		if err := rows.Scan(&w.seq, &leaf, &public); err != nil {
			return nil, err
		}
		copy(w.leaf[:], leaf)
		list = append(list, w)
	}
	return list, rows.Err()
}

// putTiles writes the tiles that became full, lower levels first, since a higher one is computed from them.
func (l *Ledger) putTiles(ctx context.Context, tx *store.Tx, tiles map[tree.Tile][]byte) error {
	for level := 0; level < 8; level++ {
		for t := range tiles {
			if t.Level != level {
				continue
			}
			data, err := tileData(ctx, tx, t)
			if err != nil {
				return fmt.Errorf("tile %s: %w", t.Path(), err)
			}
			if _, err := tx.Exec(ctx, sqlPutTile, t.Level, t.N, data); err != nil {
				return fmt.Errorf("tile %s: %w", t.Path(), err)
			}
		}
	}
	return nil
}

// tileData computes a tile from the rows (level 0) or from the tiles below.
func tileData(ctx context.Context, r store.Reader, t tree.Tile) ([]byte, error) {
	data := make([]byte, 0, t.W*tree.HashSize)
	if t.Level == 0 {
		rows, err := r.Query(ctx, sqlLeaves, t.N*tree.Width, t.N*tree.Width+int64(t.W))
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var leaf []byte
			if err := rows.Scan(&leaf); err != nil {
				return nil, err
			}
			data = append(data, leaf...)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	} else {
		for i := range int64(t.W) {
			below := tree.Tile{Level: t.Level - 1, N: t.N*tree.Width + i, W: tree.Width}
			full, err := readTile(ctx, r, below)
			if err != nil {
				return nil, err
			}
			h := subtree(full)
			data = append(data, h[:]...)
		}
	}
	if len(data) != t.W*tree.HashSize {
		return nil, fmt.Errorf("has %d hashes, not %d", len(data)/tree.HashSize, t.W)
	}
	return data, nil
}

func readTile(ctx context.Context, r store.Reader, t tree.Tile) ([]byte, error) {
	var data []byte
	if err := r.QueryRow(ctx, sqlTile, t.Level, t.N).Scan(&data); err != nil {
		return nil, fmt.Errorf("tile %s: %w", t.Path(), err)
	}
	return data, nil
}

// subtree gives the root over a full tile's hashes.
func subtree(data []byte) tree.Hash {
	e := &tree.Edge{}
	for i := 0; i < len(data); i += tree.HashSize {
		e.Append(tree.Hash(data[i:i+tree.HashSize]), func(int, int64, tree.Hash) {})
	}
	return e.Root()
}

// Run sequences (PostgreSQL) and signs until ctx ends. One node at a time sequences a PostgreSQL database: the holder of an
// advisory lock; the others follow.
func (l *Ledger) Run(ctx context.Context) error {
	var lead *leader
	if l.db.Engine == store.PostgreSQL {
		lead = newLeader(l.db)
		defer lead.close()
	}
	poll := time.NewTicker(pollGap)
	defer poll.Stop()
	for {
		if lead != nil {
			if err := l.sequencePostgres(ctx, lead); err != nil && ctx.Err() == nil {
				l.log.Warn("ledger: sequencing waits", "err", err)
			}
		}
		if err := l.refreshAndSign(ctx); err != nil && ctx.Err() == nil {
			l.log.Error("ledger: signing failed", "err", err)
		}
		select {
		case <-ctx.Done():
			// What was sequenced by the last command is signed before the end.
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			l.lastSign = time.Time{}
			return l.refreshAndSign(end)
		case <-l.wake:
		case <-poll.C:
		}
	}
}

func (l *Ledger) refreshAndSign(ctx context.Context) error {
	var size int64
	if err := l.db.QueryRow(ctx, `SELECT size FROM ledger_head WHERE one = 1`).Scan(&size); err != nil {
		return err
	}
	if l.size.Swap(size) != size {
		l.announce()
	}
	signed := l.signed.Load()
	if size == signed || time.Since(l.lastSign) < signGap {
		return nil
	}
	if time.Since(l.lastSign) < signIdle {
		var one int
		err := l.db.QueryRow(ctx, sqlPublicSince, max(signed, l.looked), size).Scan(&one)
		if errors.Is(err, sql.ErrNoRows) {
			l.looked = size
			return nil
		}
		if err != nil {
			return err
		}
	}
	_, err := l.Sign(ctx)
	l.lastSign = time.Now()
	return err
}

// Sign signs the committed head, stores the checkpoint and gives it as it was read back. A checkpoint of the same size and
// another root is an error that stops signing for good: the log would fork.
func (l *Ledger) Sign(ctx context.Context) (string, error) {
	h, err := readHead(ctx, l.db)
	if err != nil {
		return "", err
	}
	text := tree.Checkpoint{Origin: l.origin, Size: h.edge.Size, Root: h.root}.Text()
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		return "", err
	}
	var back string
	err = l.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlPutCheckpoint, h.edge.Size, string(signed), store.Micros(l.now())); err != nil {
			return err
		}
		return tx.QueryRow(ctx, sqlCheckpointAt, h.edge.Size).Scan(&back)
	})
	if err != nil {
		return "", err
	}
	if n, err := note.Open([]byte(back), note.VerifierList(l.verify)); err != nil || n.Text != text {
		return "", fmt.Errorf("ledger: checkpoint %d is stored with another root or key: %w", h.edge.Size, errors.Join(err, ErrFork))
	}
	if l.signed.Swap(h.edge.Size) != h.edge.Size {
		l.announce()
	}
	return back, nil
}

// ErrFork says that one size has two roots.
var ErrFork = errors.New("ledger: fork")

// PublicKeyOf derives the verifier key ("name+hash+key") from a private key of note.GenerateKey.
func PublicKeyOf(private string) (string, error) {
	parts := strings.SplitN(strings.TrimSpace(private), "+", 5)
	if len(parts) != 5 {
		return "", errors.New("ledger: key: not a private key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return "", errors.New("ledger: key: not a private key")
	}
	pub, ok := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("ledger: key: not an Ed25519 key")
	}
	return note.NewEd25519VerifierKey(parts[2], pub)
}

func (l *Ledger) sequencePostgres(ctx context.Context, lead *leader) error {
	for {
		ok, err := lead.hold(ctx)
		if err != nil || !ok {
			return err
		}
		// A look first: a write that finds nothing would wake this loop again.
		var one int
		if err := l.db.QueryRow(ctx, sqlAnyWaiting).Scan(&one); err != nil {
			return ignoreNoRows(err)
		}
		n := 0
		err = l.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			n, err = l.sequence(ctx, tx)
			return err
		})
		if err != nil || n < maxSequence {
			return err
		}
	}
}

func ignoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
