package claim

const claimColumns = `id, code, state, version, edition, statement, topic, office, story, links, urgent, impact, shown, press, author, holder, drafter, editor,
verdict, headline, said, body, headline_en, said_en, body_en, change, note, note_en, first_seen, opened, published, updated, reason, leaves, seconder`

const editionColumns = `n, verdict, headline, said, body, headline_en, said_en, body_en, change, note, note_en, hash, hash_en, entry, drafter, seconder, at, evidence`

const evidenceColumns = `id, claim, kind, state, office, title, text, link, source, source_code, file, original, open, author, approver, reason, at, decided`

const reportColumns = `id, code, state, text, link, file, claim, times, reason, at, last`

const (
	sqlInsertClaim = `INSERT INTO claim (` + claimColumns + `, same)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36)`
	sqlClaim     = `SELECT ` + claimColumns + ` FROM claim WHERE id = ?1`
	sqlByCode    = `SELECT ` + claimColumns + ` FROM claim WHERE code = ?1`
	sqlSame      = `SELECT code FROM claim WHERE same = ?1 AND state <> 'closed' ORDER BY opened DESC LIMIT 1`
	sqlSetState  = `UPDATE claim SET state = ?1, updated = ?2 WHERE id = ?3 AND state = ?4`
	sqlSetOffice = `UPDATE claim SET office = ?1 WHERE id = ?2 AND office = ''`
	sqlSetHolder = `UPDATE claim SET holder = ?1 WHERE id = ?2`
	sqlSetShown  = `UPDATE claim SET shown = ?1, updated = ?2 WHERE id = ?3`

	// What changes draft or state by a person's choice names the version that the person saw.
	sqlMove      = `UPDATE claim SET state = ?1, version = version + 1, editor = ?2, updated = ?3, reason = ?4, leaves = 0, seconder = '' WHERE id = ?5 AND version = ?6`
	sqlHold      = `UPDATE claim SET version = version + 1, editor = ?1, updated = ?2, leaves = ?3, seconder = ?4 WHERE id = ?5 AND version = ?6`
	sqlDue       = `SELECT id FROM claim WHERE leaves > 0 AND leaves <= ?1 ORDER BY leaves, id LIMIT 100`
	sqlSaveDraft = `UPDATE claim SET state = ?1, version = version + 1, editor = ?2, drafter = ?2, updated = ?3, verdict = ?4, headline = ?5, said = ?6, body = ?7,
headline_en = ?8, said_en = ?9, body_en = ?10, change = ?11, note = ?12, note_en = ?13, press = ?14 WHERE id = ?15 AND version = ?16`
	sqlPublish = `UPDATE claim SET state = ?1, version = version + 1, editor = ?2, updated = ?3, edition = edition + 1, shown = 0, reason = '', leaves = 0, seconder = '',
published = CASE WHEN published = 0 THEN ?3 ELSE published END WHERE id = ?4 AND version = ?5`

	sqlInsertEdition = `INSERT INTO claim_edition (claim, ` + editionColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)`
	sqlEditions = `SELECT ` + editionColumns + ` FROM claim_edition WHERE claim = ?1 ORDER BY n DESC`

	// Newest first; a page ends at a claim whose place and id the cursor holds.
	sqlRegister = `SELECT ` + claimColumns + ` FROM claim
WHERE published > 0 AND published <= ?1 AND (published < ?1 OR id < ?2) AND (?3 = '' OR topic = ?3)
AND (?4 = '' OR EXISTS (SELECT 1 FROM claim_edition e WHERE e.claim = claim.id AND e.n = claim.edition AND e.verdict = ?4))
ORDER BY published DESC, id DESC LIMIT ?5`
	sqlWorking = `SELECT ` + claimColumns + ` FROM claim WHERE shown = 1 AND state IN ('opened', 'checking', 'drafted', 'awaiting') ORDER BY opened DESC, id LIMIT 100`
	sqlAllOpen = `SELECT ` + claimColumns + ` FROM claim WHERE published > 0 AND id > ?1 ORDER BY id LIMIT 200`

	sqlList = `SELECT ` + claimColumns + ` FROM claim WHERE (?1 = '' OR ?1 LIKE '%,' || state || ',%') AND (?2 = '' OR story = ?2)
AND (?3 = '' OR ?3 LIKE '%,' || office || ',%' OR EXISTS (SELECT 1 FROM claim_question q WHERE q.claim = claim.id AND ?3 LIKE '%,' || q.office || ',%'))
ORDER BY opened DESC, id LIMIT ?4`
	sqlCountStates = `SELECT state, COUNT(*) FROM claim GROUP BY state`

	sqlInsertEvidence = `INSERT INTO claim_evidence (` + evidenceColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)`
	sqlEvidence       = `SELECT ` + evidenceColumns + ` FROM claim_evidence WHERE id = ?1`
	sqlEvidenceOf     = `SELECT ` + evidenceColumns + ` FROM claim_evidence WHERE claim = ?1 ORDER BY at, id`
	sqlDecideEvidence = `UPDATE claim_evidence SET state = ?1, approver = ?2, reason = ?3, decided = ?4 WHERE id = ?5 AND state IN (?6, ?7)`
	sqlCountOriginals = `SELECT COUNT(*) FROM claim_evidence WHERE claim = ?1 AND state = 'approved' AND original = 1`
	sqlWaitingFor     = `SELECT ` + evidenceColumns + ` FROM claim_evidence WHERE state = 'proposed' AND ?1 LIKE '%,' || office || ',%' ORDER BY at, id LIMIT 200`

	sqlInsertQuestion = `INSERT INTO claim_question (id, claim, office, text, author, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	sqlQuestionsOf    = `SELECT id, office, text, author, at FROM claim_question WHERE claim = ?1 ORDER BY at, id`
	sqlOfficesOf      = `SELECT DISTINCT office FROM claim_question WHERE claim = ?1 ORDER BY office`

	sqlInsertAct = `INSERT INTO claim_act (id, claim, verb, actor, other, object, reason, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	sqlActsOf    = `SELECT verb, actor, other, object, reason, at FROM claim_act WHERE claim = ?1 ORDER BY at, id`

	sqlInsertReport = `INSERT INTO claim_report (` + reportColumns + `, same) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`
	sqlReport       = `SELECT ` + reportColumns + ` FROM claim_report WHERE id = ?1`
	sqlReportSame   = `SELECT ` + reportColumns + ` FROM claim_report WHERE same = ?1`
	sqlReportAgain  = `UPDATE claim_report SET times = times + 1, last = ?1 WHERE id = ?2`
	sqlReportsOf    = `SELECT ` + reportColumns + ` FROM claim_report WHERE claim = ?1 ORDER BY at, id`
	sqlReports      = `SELECT ` + reportColumns + ` FROM claim_report WHERE (?1 = '' OR state = ?1) ORDER BY last DESC, id LIMIT ?2`
	sqlMoveReport   = `UPDATE claim_report SET state = ?1, claim = ?2, reason = ?3 WHERE id = ?4 AND state = ?5`
	sqlCountReports = `SELECT COUNT(*) FROM claim_report WHERE state = ?1`

	sqlInsertContact = `INSERT INTO claim_contact (report, name, email, phone, at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (report, email, phone) DO UPDATE SET until = excluded.until`
	sqlContactsOf    = `SELECT name, email, phone, until FROM claim_contact WHERE report = ?1 ORDER BY at`
	sqlEraseContacts = `DELETE FROM claim_contact WHERE until <= ?1`

	sqlMonthOpened    = `SELECT COUNT(*) FROM claim WHERE opened >= ?1 AND opened < ?2`
	sqlMonthReports   = `SELECT COUNT(*) FROM claim_report WHERE at >= ?1 AND at < ?2`
	sqlMonthClosed    = `SELECT COUNT(*) FROM claim WHERE state = 'closed' AND updated >= ?1 AND updated < ?2`
	sqlMonthChanged   = `SELECT COUNT(*) FROM claim_edition WHERE change = 'correction' AND at >= ?1 AND at < ?2`
	sqlMonthPublished = `SELECT e.verdict, c.first_seen, c.opened, c.published FROM claim c JOIN claim_edition e ON e.claim = c.id AND e.n = 1
WHERE c.published >= ?1 AND c.published < ?2`
)
