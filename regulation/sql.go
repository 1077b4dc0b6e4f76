package regulation

const dutyColumns = `id, thing, kind, office, holder, title, rule, act, article, mark, valid_from, facts, opened, due, state, paused_at, paused, ended, stage, next, reason, version`

const (
	sqlInsertDuty = `INSERT INTO duty (` + dutyColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)`

	// A duty is changed only by who read its newest version.
	sqlUpdateDuty = `UPDATE duty SET office = ?1, holder = ?2, due = ?3, state = ?4, paused_at = ?5, paused = ?6, ended = ?7, stage = ?8, next = ?9, reason = ?10,
version = version + 1 WHERE id = ?11 AND version = ?12`

	sqlDuty         = `SELECT ` + dutyColumns + ` FROM duty WHERE id = ?1`
	sqlDutiesOf     = `SELECT ` + dutyColumns + ` FROM duty WHERE thing = ?1 ORDER BY opened, id`
	sqlDutiesToCall = `SELECT ` + dutyColumns + ` FROM duty WHERE state = 'running' AND next <= ?1 ORDER BY next, id LIMIT ?2`

	// The states wanted come as ",running,missed,"; bounds that were not asked for lie outside every instant.
	sqlListDuties = `SELECT ` + dutyColumns + ` FROM duty
WHERE (?1 = '' OR office = ?1) AND (?2 = '' OR thing = ?2) AND (?3 = '' OR kind = ?3) AND (?4 = '' OR ?4 LIKE '%,' || state || ',%')
AND due < ?5 AND opened >= ?6 AND opened < ?7 ORDER BY due, id LIMIT ?8`

	sqlOpenAfter = `SELECT ` + dutyColumns + ` FROM duty WHERE state IN ('running', 'paused') AND id > ?1 ORDER BY id LIMIT ?2`
)
