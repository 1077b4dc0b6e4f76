package radar

import (
	"khue/store"
)

// visitedKinds are the kinds that VisitDue goes to: those of SourceKind.Visited.
const visitedKinds = `kind IN ('feed', 'sitemap', 'page', 'youtube', 'mastodon')`

// never is a moment that does not come, for what waits for a person.
const never = int64(1) << 61

const (
	sqlDueStreams  = `SELECT ` + sourceColumns + ` FROM source WHERE state = 'active' AND kind = 'bluesky' AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2`
	sqlStreamed    = `UPDATE source SET etag = ?1, next_at = ?2, last_at = ?3, good_at = ?3, fault = '', fault_status = 0, failures = 0 WHERE id = ?4`
	sqlStreamPlace = `UPDATE source SET etag = ?1, last_at = ?2 WHERE id = ?3`
	sqlCame        = `UPDATE source SET last_at = ?1, good_at = ?1, fault = '', fault_status = 0, failures = 0 WHERE id = ?2`
	sqlSettings    = `UPDATE source SET settings = ?1 WHERE id = ?2`
	sqlPollLater   = `UPDATE source SET next_at = ?1 WHERE id = ?2 AND next_at < ?1`
	sqlPollNow     = `UPDATE source SET next_at = ?1 WHERE id = ?2 AND next_at > ?1`
	sqlGroups      = `SELECT DISTINCT team FROM source WHERE team <> '' ORDER BY team`
	sqlPark        = `UPDATE mention SET tries = tries + 1, try_at = ?1 WHERE id = ?2 AND ready IS NULL`
	sqlParked      = `SELECT ` + mentionColumns + ` FROM mention WHERE ready IS NULL AND kind = 'heard' AND try_at >= ?1 ORDER BY seen DESC, id DESC LIMIT ?2`
	sqlIsParked    = `SELECT 1 FROM mention WHERE id = ?1 AND ready IS NULL AND try_at >= ?2`
	sqlWords       = `UPDATE mention SET title = ?1, text = ?2, lang = ?3, ready = ?4 WHERE id = ?5 AND ready IS NULL`
)

const websubColumns = `source, token, hub, topic, secret, state, next_at, until_at, pushed_at, failures`

const (
	sqlInsertHub = `INSERT INTO websub (` + websubColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, 'asked', ?6, 0, 0, 0) ON CONFLICT (source) DO UPDATE SET token = ?2, hub = ?3, topic = ?4, secret = ?5, state = 'asked', next_at = ?6, until_at = 0, failures = 0`
	sqlHubOf     = `SELECT ` + websubColumns + ` FROM websub WHERE source = ?1`
	sqlHubBy     = `SELECT ` + websubColumns + ` FROM websub WHERE token = ?1`
	sqlHubsDue   = `SELECT w.source, w.token, w.hub, w.topic, w.secret, w.state, w.next_at, w.until_at, w.pushed_at, w.failures FROM websub w JOIN source s ON s.id = w.source
WHERE w.next_at <= ?1 AND s.state = 'active' ORDER BY w.next_at, w.source LIMIT ?2`
	sqlHubAsked    = `UPDATE websub SET next_at = ?1, failures = failures + 1 WHERE source = ?2`
	sqlHubVerified = `UPDATE websub SET state = 'verified', until_at = ?1, next_at = ?2, failures = 0 WHERE source = ?3`
	sqlHubRefused  = `UPDATE websub SET state = 'refused', next_at = ?1 WHERE source = ?2`
	sqlHubPushed   = `UPDATE websub SET pushed_at = ?1 WHERE source = ?2`
)

func scanHub(row store.Row) (Hub, error) {
	var h Hub
	var next, until, pushed int64
	err := row.Scan(&h.Source, &h.token, &h.Address, &h.Topic, &h.secret, &h.State, &next, &until, &pushed, &h.failures)
	h.Next, h.Until, h.Pushed = store.Time(next), store.Time(until), store.Time(pushed)
	return h, err
}
