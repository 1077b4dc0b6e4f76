package store

import (
	"context"
	"fmt"
	"time"
)

// vietnam is the zone in which a code's year is read.
var vietnam = time.FixedZone("+07", 7*3600)

const sqlNextCode = `INSERT INTO counter (name, n) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1 RETURNING n`

// NextCode gives the next readable code of a prefix in the year of an instant (in Vietnam's time): "HD-2026-0042". It is
// taken in the caller's transaction: a command that fails leaves no gap. A code is shown in public and opens nothing private.
func NextCode(ctx context.Context, tx *Tx, prefix string, at time.Time) (string, error) {
	year := at.In(vietnam).Year()
	var n int64
	if err := tx.QueryRow(ctx, sqlNextCode, fmt.Sprintf("%s-%d", prefix, year)).Scan(&n); err != nil {
		return "", fmt.Errorf("next code of %s: %w", prefix, err)
	}
	return fmt.Sprintf("%s-%d-%04d", prefix, year, n), nil
}
