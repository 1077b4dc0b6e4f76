package once

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"khue/problem"
	"khue/store"
)

const (
	// KeptFor is how long an answer can be had again.
	KeptFor = 24 * time.Hour
	// LostAfter is how long a request may take; one that did not end by then was lost with its process, and its key is free.
	LostAfter = 2 * time.Minute
)

const (
	sqlBegin  = `INSERT INTO api_idempotency (id, request, status, body, at) VALUES (?1, ?2, 0, ?3, ?4) ON CONFLICT (id) DO NOTHING`
	sqlKept   = `SELECT request, status, body FROM api_idempotency WHERE id = ?1`
	sqlKeep   = `UPDATE api_idempotency SET status = 1, body = ?2 WHERE id = ?1`
	sqlDrop   = `DELETE FROM api_idempotency WHERE id = ?1 AND status = 0`
	sqlForget = `DELETE FROM api_idempotency WHERE at < ?1 OR (status = 0 AND at < ?2)`
)

// Keeper keeps answers. Its methods may be called from many goroutines.
type Keeper struct {
	db  *store.DB
	now func() time.Time
}

// New makes a keeper on a migrated database.
func New(db *store.DB, now func() time.Time) *Keeper { return &Keeper{db, now} }

// Request is one write.
type Request struct {
	ID      string // of its row; also a name of the write that no other has
	content string
	seal    [32]byte
}

// Of names a write: owner is its caller, key the caller's key, content a digest of what is asked.
func Of(owner, key, content string) Request {
	id := sha256.Sum256([]byte("id\x00" + owner + "\x00" + key))
	return Request{hex.EncodeToString(id[:]), content, sha256.Sum256([]byte("seal\x00" + owner + "\x00" + key))}
}

// Begin takes the key for a request: nil when it is new, the answer when it was done before. Another request by the same key, and
// one that is still being done, are problem.Idempotent.
func (k *Keeper) Begin(ctx context.Context, r Request) (answer []byte, err error) {
	now := k.now()
	var fresh bool
	err = k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlForget, store.Micros(now.Add(-KeptFor)), store.Micros(now.Add(-LostAfter))); err != nil {
			return err
		}
		res, err := tx.Exec(ctx, sqlBegin, r.ID, r.content, []byte{}, store.Micros(now))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		fresh = n == 1
		return err
	})
	if err != nil || fresh {
		return nil, err
	}
	var content string
	var done int64
	var body []byte
	if err := k.db.QueryRow(ctx, sqlKept, r.ID).Scan(&content, &done, &body); err != nil {
		return nil, err
	}
	if content != r.content || done == 0 {
		return nil, problem.New(problem.Idempotent)
	}
	c, err := r.cipher()
	if err != nil {
		return nil, err
	}
	return c.Open(nil, nil, body, nil)
}

// Keep stores the answer of a request that was done.
func (k *Keeper) Keep(ctx context.Context, r Request, answer []byte) error {
	c, err := r.cipher()
	if err != nil {
		return err
	}
	sealed := c.Seal(nil, nil, answer, nil)
	return k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlKeep, r.ID, sealed)
		return err
	})
}

// Drop frees the key of a request that did nothing.
func (k *Keeper) Drop(ctx context.Context, r Request) error {
	return k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlDrop, r.ID)
		return err
	})
}

func (r Request) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(r.seal[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
