package radar

import (
	"context"
	"database/sql"
	"errors"

	"khue/radar/fetch"
	"khue/store"
)

const (
	watchColumns = `id, query, why, owner, mail, webhook, secret, pace, state, version, made_by, made_at, changed_at, ended_by, ended_at, told, posted, posted_at, hook_off, hook_fault, hook_status, hook_failures`
	// A watch finds nothing that was grouped before it: nothing stands in watch_hit for it, so that both places begin at 0.
	sqlInsertWatch = `INSERT INTO watch (` + watchColumns + `, hook_next) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, '', 0, 0, 0, 0, 0, '', 0, 0, 0)`
	sqlChangeWatch = `UPDATE watch SET query = ?1, why = ?2, owner = ?3, mail = ?4, webhook = ?5, secret = ?6, pace = ?7, changed_at = ?8, told = ?9, posted = ?10,
  version = version + 1, hook_off = 0, hook_next = 0, hook_fault = '', hook_status = 0, hook_failures = 0 WHERE id = ?11 AND version = ?12`
	sqlEndWatch      = `UPDATE watch SET state = 'ended', ended_by = ?1, ended_at = ?2, version = version + 1 WHERE id = ?3`
	sqlWatch         = `SELECT ` + watchColumns + ` FROM watch WHERE id = ?1`
	sqlWatches       = `SELECT ` + watchColumns + ` FROM watch WHERE state = ?1 ORDER BY made_at DESC, id DESC LIMIT ?2`
	sqlCountWatches  = `SELECT COUNT(*) FROM watch WHERE state = 'active'`
	sqlActiveQueries = `SELECT id, query FROM watch WHERE state = 'active' ORDER BY id`
	sqlCountUp       = `INSERT INTO counter (name, n) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1`
	sqlCounter       = `SELECT n FROM counter WHERE name = ?1`

	sqlInsertHit  = `INSERT INTO watch_hit (watch, n, mention, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (watch, n) DO NOTHING`
	sqlHitsSince  = `SELECT watch, COUNT(*) FROM watch_hit WHERE at >= ?1 GROUP BY watch`
	sqlHitMention = `m.id, m.source, m.url, m.title, m.text, m.lang, m.published, m.clamped, m.seen, m.story, m.copy_of`
	sqlHitsOf     = `SELECT h.n, h.at, ` + sqlHitMention + ` FROM watch_hit h JOIN mention m ON m.id = h.mention WHERE h.watch = ?1 AND h.n < ?2 ORDER BY h.n DESC LIMIT ?3`
	sqlHitsAfter  = `SELECT h.n, h.at, ` + sqlHitMention + ` FROM watch_hit h JOIN mention m ON m.id = h.mention WHERE h.watch = ?1 AND h.n > ?2 ORDER BY h.n LIMIT ?3`
	sqlForgetHits = `DELETE FROM watch_hit WHERE at < ?1`
	sqlRecent     = `SELECT ready, ` + mentionColumns + ` FROM mention WHERE ready < ?1 ORDER BY ready DESC LIMIT ?2`
	sqlSourceName = `SELECT name FROM source WHERE id = ?1`
)

// What waits to be told.
const (
	sqlUntold = `SELECT w.id, MIN(h.at), MAX(h.n), COUNT(*) FROM watch w JOIN watch_hit h ON h.watch = w.id AND h.n > w.told WHERE w.state = 'active' GROUP BY w.id ORDER BY w.id`
	sqlTold   = `UPDATE watch SET told = ?1 WHERE id = ?2 AND told = ?3`

	sqlInsertLetter  = `INSERT INTO watch_letter (id, owner, mail, at) VALUES (?1, ?2, ?3, ?4)`
	sqlLettersSince  = `SELECT COUNT(*) FROM watch_letter WHERE owner = ?1 AND mail = ?2 AND at > ?3`
	sqlForgetLetters = `DELETE FROM watch_letter WHERE at < ?1`

	sqlUnposted = `SELECT w.id, MIN(h.at) FROM watch w JOIN watch_hit h ON h.watch = w.id AND h.n > w.posted
WHERE w.state = 'active' AND w.webhook <> '' AND w.hook_off = 0 AND w.hook_next <= ?1 GROUP BY w.id ORDER BY MIN(h.at), w.id LIMIT ?2`
	sqlPosted     = `UPDATE watch SET posted = ?1, posted_at = ?2, hook_next = 0, hook_fault = '', hook_status = 0, hook_failures = 0 WHERE id = ?3 AND webhook = ?4 AND posted < ?1`
	sqlHookFailed = `UPDATE watch SET hook_off = ?1, hook_next = ?2, hook_fault = ?3, hook_status = ?4, hook_failures = hook_failures + 1 WHERE id = ?5 AND webhook = ?6 AND hook_off = 0`
)

func scanWatch(row store.Row) (Watch, error) {
	var w Watch
	var mail, made, changed, ended, posted, off int64
	var pace, state, fault string
	err := row.Scan(&w.ID, &w.Query, &w.Why, &w.Owner, &mail, &w.Webhook, &w.secret, &pace, &state, &w.Version, &w.MadeBy, &made, &changed, &w.EndedBy, &ended,
		&w.told, &w.posted, &posted, &off, &fault, &w.HookStatus, &w.HookFailures)
	w.Mail, w.Pace, w.State, w.HookOff, w.HookFault = mail == 1, WatchPace(pace), WatchState(state), off == 1, fetch.Kind(fault)
	w.MadeAt, w.ChangedAt, w.EndedAt, w.PostedAt = store.Time(made), store.Time(changed), store.Time(ended), store.Time(posted)
	return w, err
}

// assigned gives the place up to which mentions were held against the watches.
func assigned(ctx context.Context, r store.Reader) (int64, error) {
	var position int64
	var data []byte
	err := r.QueryRow(ctx, sqlState, stateAssigned).Scan(&position, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return position, err
}
