package release

const (
	columns = `r.id, r.code, r.kind, r.state, r.office, r.author, r.holder, r.contact, r.version, r.title, r.lede, r.body,
r.title_en, r.lede_en, r.body_en, r.saved_by, r.saved_at, r.edition, r.approved, r.approved_by, r.public, r.change, r.change_step,
r.note, r.note_en, r.at, r.leaving, r.leaves_at, r.leaving_by, r.submitted, r.published, r.changed, r.withdrawn, r.reason, r.reason_en, r.made, r.topic`

	sqlGet    = `SELECT ` + columns + ` FROM release r WHERE r.id = ?1`
	sqlLock   = sqlGet + ` FOR UPDATE` // PostgreSQL: commands on one release stand in line, as they do behind SQLite's one writer
	sqlByCode = `SELECT ` + columns + ` FROM release r WHERE r.code = ?1`
	sqlByKey  = `SELECT ` + columns + ` FROM release r WHERE r.form_key = ?1`

	sqlInsert = `INSERT INTO release (id, code, kind, state, office, author, holder, contact, form_key, version, title, lede, body,
title_en, lede_en, body_en, saved_by, saved_at, edition, approved, approved_by, public, change, change_step, note, note_en, at, leaving,
leaves_at, leaving_by, submitted, published, changed, withdrawn, reason, reason_en, made, folded, topic)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8, 1, ?9, ?10, ?11, ?12, ?13, ?14, ?6, ?15, 0, 0, '', 0, '', '', '', '', 0, '', 0, '', 0, 0, ?15, 0, '', '', ?15, ?16, ?17)
ON CONFLICT (form_key) DO NOTHING`

	sqlSave = `UPDATE release SET code = ?3, kind = ?4, state = ?5, office = ?6, holder = ?7, contact = ?8, version = version + 1,
title = ?9, lede = ?10, body = ?11, title_en = ?12, lede_en = ?13, body_en = ?14, saved_by = ?15, saved_at = ?16, edition = ?17,
approved = ?18, approved_by = ?19, public = ?20, change = ?21, change_step = ?22, note = ?23, note_en = ?24, at = ?25, leaving = ?26,
leaves_at = ?27, leaving_by = ?28, submitted = ?29, published = ?30, changed = ?31, withdrawn = ?32, reason = ?33, reason_en = ?34, folded = ?35, topic = ?36
WHERE id = ?1 AND version = ?2`

	sqlInsertVersion = `INSERT INTO release_version (release, n, reason, title, lede, body, title_en, lede_en, body_en, sha256, sha256_en, author, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`
	versionColumns = `v.n, v.reason, v.title, v.lede, v.body, v.title_en, v.lede_en, v.body_en, v.sha256, v.sha256_en, v.author, v.at`
	sqlVersion     = `SELECT ` + versionColumns + ` FROM release_version v WHERE v.release = ?1 AND v.n = ?2`
	sqlVersions    = `SELECT ` + versionColumns + ` FROM release_version v WHERE v.release = ?1 ORDER BY v.n DESC`
	sqlWrote       = `SELECT COUNT(*) FROM release_version WHERE release = ?1 AND n > ?2 AND author = ?3`

	sqlInsertEdition = `INSERT INTO release_edition (release, n, kind, note, note_en, approved_by, entry, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	sqlEditions      = `SELECT e.n, e.kind, e.note, e.note_en, e.approved_by, e.entry, e.at, v.sha256, v.sha256_en
FROM release_edition e JOIN release_version v ON v.release = e.release AND v.n = e.n WHERE e.release = ?1 ORDER BY e.n`
	sqlInsertFile = `INSERT INTO release_file (release, n, place, file, name, caption, alt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	sqlFiles      = `SELECT f.file, m.kind, m.bytes, m.width, m.height, m.thumb, f.name, f.caption, f.alt
FROM release_file f JOIN media_file m ON m.id = f.file WHERE f.release = ?1 AND f.n = ?2 ORDER BY f.place`
	sqlFilePublic = `SELECT COUNT(*) FROM release_file f JOIN release r ON r.id = f.release AND r.public = f.n
WHERE f.file = ?1 AND r.state IN ('published', 'corrected')`

	sqlTouched = `UPDATE release SET saved_by = ?2, saved_at = ?3, edition = ?4 WHERE id = ?1` // what stands beside a text is part of it

	sqlInsertReason = `INSERT INTO release_reason (entry, release, reason) VALUES (?1, ?2, ?3)`
	sqlReasons      = `SELECT entry, reason FROM release_reason WHERE release = ?1`

	sqlDue = `SELECT id FROM release WHERE leaves_at > 0 AND leaves_at <= ?1
UNION SELECT id FROM release WHERE at > 0 AND at <= ?1 AND leaves_at = 0 AND state IN ('scheduled', 'embargoed')`

	sqlDueAt = `SELECT COUNT(*), COALESCE(MIN(at), 0) FROM release WHERE at > 0 AND at <= ?1 AND state IN ('scheduled', 'embargoed')`

	// The lists: all, one state, one step of a change. Each goes down an index in the order of the list; the room merges states.
	listRest = ` AND (?1 = '' OR ?1 LIKE '%,' || r.office || ',%' OR r.author = ?2) AND (?3 = '' OR r.kind = ?3) AND (?4 = '' OR r.folded LIKE ?4)
AND (?5 = '' OR r.office = ?5) AND (r.state <> 'draft' OR r.author = ?2) ORDER BY r.made DESC, r.id DESC LIMIT ?8`
	listAfter     = ` (r.made < ?6 OR (r.made = ?6 AND r.id < ?7))`
	sqlListAll    = `SELECT ` + columns + ` FROM release r WHERE r.made <= ?6 AND` + listAfter + listRest
	sqlListState  = `SELECT ` + columns + ` FROM release r WHERE r.state = ?9 AND r.made <= ?6 AND` + listAfter + listRest
	sqlListChange = `SELECT ` + columns + ` FROM release r WHERE r.change_step <> '' AND r.change_step = ?9 AND r.made <= ?6 AND` + listAfter + listRest

	sqlCounts = `SELECT state, COUNT(*) FROM release
WHERE state IN ('submitted', 'editing', 'returned', 'awaiting', 'approved', 'scheduled', 'embargoed') GROUP BY state
UNION ALL SELECT 'change-' || change_step, COUNT(*) FROM release WHERE change_step <> '' GROUP BY change_step`

	publicColumns = `r.id, r.code, r.kind, r.state, r.office, r.public, r.published, r.withdrawn, r.reason, r.reason_en,
v.title, v.lede, v.body, v.title_en, v.lede_en, v.body_en, v.sha256, v.sha256_en, e.kind, e.note, e.note_en, e.at, e.entry, r.topic`
	publicFrom = ` FROM release r JOIN release_version v ON v.release = r.id AND v.n = r.public JOIN release_edition e ON e.release = r.id AND e.n = r.public`

	sqlPublic    = `SELECT ` + publicColumns + publicFrom + ` WHERE r.code = ?1 AND r.public > 0`
	sqlPublished = `SELECT ` + publicColumns + publicFrom + ` WHERE r.published > 0 AND (?1 = '' OR r.office = ?1) AND (?2 = '' OR r.kind = ?2)
AND (?3 = '' OR r.folded LIKE ?3) AND r.published >= ?4 AND r.published <= ?5 AND (r.published < ?5 OR (r.published = ?5 AND r.id < ?6))
AND (?7 = 1 OR r.state <> 'withdrawn') AND (?8 = '' OR r.topic = ?8) ORDER BY r.published DESC, r.id DESC LIMIT ?9`
	sqlChanges = `SELECT ` + publicColumns + publicFrom + ` WHERE r.id IN (
SELECT c.release FROM release_edition c WHERE c.at >= ?1 AND c.kind <> 'first' UNION SELECT w.id FROM release w WHERE w.withdrawn > 0 AND w.withdrawn >= ?1)
ORDER BY CASE WHEN r.withdrawn > e.at THEN r.withdrawn ELSE e.at END DESC, r.id DESC LIMIT ?2`

	sqlEditionText = `SELECT ` + versionColumns + ` FROM release_version v JOIN release_edition e ON e.release = v.release AND e.n = v.n
JOIN release r ON r.id = v.release WHERE v.release = ?1 AND v.n = ?2 AND r.state IN ('published', 'corrected')`

	sqlDocuments = `SELECT r.id, r.code, r.kind, r.office, r.state, r.public, v.n, v.title, v.lede, v.body, v.title_en, v.lede_en, v.body_en, e.at, e.entry, e.kind
FROM release_edition e JOIN release r ON r.id = e.release JOIN release_version v ON v.release = e.release AND v.n = e.n
WHERE e.at >= ?1 ORDER BY e.at, r.id, e.n`
	sqlDocumentsOf = `SELECT r.id, r.code, r.kind, r.office, r.state, r.public, v.n, v.title, v.lede, v.body, v.title_en, v.lede_en, v.body_en, e.at, e.entry, e.kind
FROM release_edition e JOIN release r ON r.id = e.release JOIN release_version v ON v.release = e.release AND v.n = e.n
WHERE e.release = ?1 ORDER BY e.n`
)
