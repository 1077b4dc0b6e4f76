package house

import (
	"context"
	"database/sql"
	"errors"

	"khue/store"
)

// DemoPassword opens every account of a demo. It is printed and shown: a demo holds nothing that is real.
const DemoPassword = "khue-van-cac"

const (
	sqlIsDemo   = `SELECT value FROM setting WHERE name = 'demo'`
	sqlMarkDemo = `INSERT INTO setting (name, value, at) VALUES ('demo', 'made-up', ?1) ON CONFLICT (name) DO NOTHING`
)

// MarkDemo writes into the data that all of it is made up: from then on every page says so, whatever the settings are.
func (h *House) MarkDemo(ctx context.Context) error {
	h.Demo = true
	return h.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlMarkDemo, store.Micros(h.Now()))
		return err
	})
}

// readDemo takes up what MarkDemo wrote.
func (h *House) readDemo(ctx context.Context) error {
	var value string
	err := h.DB.QueryRow(ctx, sqlIsDemo).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	h.Demo = h.Demo || err == nil
	return err
}
