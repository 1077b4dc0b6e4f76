package people

// Accounts. accountColumns and scanAccount stand side by side in queries.go.
const (
	accountColumns = `a.id, a.email, a.name, a.name_en, a.title, a.phone, a.lang, a.outlet, a.proven, a.verified, a.closed, a.created, a.changed, a.changed_by, a.version, a.password`

	sqlAccountByID    = `SELECT ` + accountColumns + ` FROM account a WHERE a.id = ?1`
	sqlAccountByEmail = `SELECT ` + accountColumns + ` FROM account a WHERE a.email = ?1`
	sqlAccounts       = `SELECT ` + accountColumns + ` FROM account a
WHERE (?1 = '' OR a.folded LIKE '%' || ?1 || '%') AND (?2 = '' OR a.outlet = ?2) AND (?3 = 0 OR (a.outlet <> '' AND a.verified = 0)) AND (?4 = 1 OR a.closed = 0)
AND ((?5 = '' AND ?6 = '') OR EXISTS (SELECT 1 FROM post p WHERE p.account = a.id AND (?5 = '' OR p.role = ?5) AND (?6 = '' OR p.office = ?6)))
ORDER BY a.folded, a.id LIMIT ?7`
	sqlAccountsWith = `SELECT ` + accountColumns + ` FROM account a
WHERE a.closed = 0 AND (EXISTS (SELECT 1 FROM post p WHERE p.account = a.id AND p.role = ?1 AND (?2 = '' OR p.office = ?2))
OR EXISTS (SELECT 1 FROM stand_in s WHERE s.holder = a.id AND s.role = ?1 AND (?2 = '' OR s.office = ?2) AND s.ended = 0 AND s.until > ?3))
ORDER BY a.folded, a.id`
	sqlName          = `SELECT name, name_en FROM account WHERE id = ?1`
	sqlAnyAccount    = `SELECT COUNT(*) FROM account`
	sqlInsertAccount = `INSERT INTO account (id, email, name, name_en, folded, phone, title, lang, password, outlet, proven, verified, closed, created, changed, changed_by, version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13, ?13, ?14, 1)`
	sqlHoldAccount   = `UPDATE account SET version = version WHERE id = ?1` // until the transaction ends nobody else changes it
	sqlTouchAccount  = `UPDATE account SET version = version + 1, changed = ?2, changed_by = ?3 WHERE id = ?1`
	sqlChangeAccount = `UPDATE account SET name = ?2, name_en = ?3, folded = ?4, phone = ?5, title = ?6, lang = ?7 WHERE id = ?1`
	sqlSetPassword   = `UPDATE account SET password = ?2 WHERE id = ?1`
	sqlSetProven     = `UPDATE account SET proven = ?2 WHERE id = ?1 AND proven = 0`
	sqlSetVerified   = `UPDATE account SET verified = ?2 WHERE id = ?1`
	sqlCloseAccount  = `UPDATE account SET closed = ?2, password = '' WHERE id = ?1`
	sqlSetLang       = `UPDATE account SET lang = ?2 WHERE id = ?1`

	sqlPosts       = `SELECT role, office FROM post WHERE account = ?1 ORDER BY office, role`
	sqlInsertPost  = `INSERT INTO post (account, role, office, since) VALUES (?1, ?2, ?3, ?4)`
	sqlDeletePost  = `DELETE FROM post WHERE account = ?1 AND role = ?2 AND office = ?3`
	sqlDeletePosts = `DELETE FROM post WHERE account = ?1`
	sqlHoldAdmins  = `INSERT INTO setting (name, value, at) VALUES ('people.admins', '', ?1) ON CONFLICT (name) DO UPDATE SET at = excluded.at`
	sqlOtherAdmins = `SELECT COUNT(*) FROM post p JOIN account a ON a.id = p.account WHERE p.role = 'admin' AND a.closed = 0 AND a.id <> ?1`
)

// Sessions and log-in.
const (
	sqlInsertSession  = `INSERT INTO session (hash, id, account, agent, via, begun, seen, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)`
	sqlSession        = `SELECT s.id, s.account, s.begun, s.seen, s.ends, a.name, a.name_en, a.lang, a.closed FROM session s JOIN account a ON a.id = s.account WHERE s.hash = ?1`
	sqlSeen           = `UPDATE session SET seen = ?2, ends = ?3 WHERE hash = ?1`
	sqlSessions       = `SELECT id, agent, via, begun, seen, ends, hash FROM session WHERE account = ?1 AND ends > ?2 ORDER BY seen DESC`
	sqlSessionOwner   = `SELECT account FROM session WHERE id = ?1`
	sqlEndByHash      = `DELETE FROM session WHERE hash = ?1`
	sqlAccountOf      = `SELECT account FROM session WHERE hash = ?1`
	sqlEndByID        = `DELETE FROM session WHERE id = ?1`
	sqlEndAll         = `DELETE FROM session WHERE account = ?1`
	sqlEndOthers      = `DELETE FROM session WHERE account = ?1 AND hash <> ?2`
	sqlForgetSessions = `DELETE FROM session WHERE ends <= ?1`

	// sqlTry makes the row where it is missing and holds it until the transaction ends: tries at once are counted one by one.
	sqlTry       = `INSERT INTO login_try (hash, fails, last, locked) VALUES (?1, 0, 0, 0) ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING fails, last, locked`
	sqlPutTry    = `UPDATE login_try SET fails = ?2, last = ?3, locked = ?4 WHERE hash = ?1`
	sqlClearTry  = `DELETE FROM login_try WHERE hash = ?1`
	sqlUndoTry   = `UPDATE login_try SET fails = fails - 1, locked = 0 WHERE hash = ?1 AND fails > 0`
	sqlForgetTry = `DELETE FROM login_try WHERE last <= ?1`

	sqlKnown       = `SELECT 1 FROM login_known WHERE account = ?1 AND hash = ?2`
	sqlAnyKnown    = `SELECT COUNT(*) FROM login_known WHERE account = ?1`
	sqlPutKnown    = `INSERT INTO login_known (account, hash, at) VALUES (?1, ?2, ?3) ON CONFLICT (account, hash) DO UPDATE SET at = excluded.at`
	sqlForgetKnown = `DELETE FROM login_known WHERE at <= ?1`
	sqlForgetOwner = `DELETE FROM login_known WHERE account = ?1`

	sqlInsertLink  = `INSERT INTO account_link (hash, id, account, purpose, expires, used) VALUES (?1, ?2, ?3, ?4, ?5, 0)`
	sqlLink        = `SELECT account, purpose, expires, used FROM account_link WHERE hash = ?1`
	sqlUseLink     = `UPDATE account_link SET used = ?2 WHERE hash = ?1 AND used = 0`
	sqlVoidLinks   = `UPDATE account_link SET used = ?2 WHERE account = ?1 AND used = 0`
	sqlForgetLinks = `DELETE FROM account_link WHERE expires <= ?1`

	sqlInsertSSO = `INSERT INTO sso_try (hash, nonce, verifier, back, expires) VALUES (?1, ?2, ?3, ?4, ?5)`
	sqlTakeSSO   = `DELETE FROM sso_try WHERE hash = ?1 RETURNING nonce, verifier, back, expires`
	sqlForgetSSO = `DELETE FROM sso_try WHERE expires <= ?1`

	sqlSetting       = `SELECT value FROM setting WHERE name = ?1`
	sqlPutSetting    = `INSERT INTO setting (name, value, at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at`
	sqlDeleteSetting = `DELETE FROM setting WHERE name = ?1`
)

// Letters.
const (
	sqlInsertMail = `INSERT INTO mail_waiting (id, email, name, subject, body, lang, link, at, due, tries, file_name, file_type, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 0, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING`
	sqlDueMail    = `SELECT id, email, name, subject, body, lang, link, at, tries, file_name, file_type, file FROM mail_waiting WHERE due <= ?1 ORDER BY due, id LIMIT ?2`
	sqlClaimMail  = `UPDATE mail_waiting SET due = ?2 WHERE id = ?1 AND due <= ?3`
	sqlDelayMail  = `UPDATE mail_waiting SET tries = ?2, due = ?3 WHERE id = ?1`
	sqlDeleteMail = `DELETE FROM mail_waiting WHERE id = ?1`
	sqlMailCount  = `SELECT COUNT(*) FROM mail_waiting`
)

// Offices, outlets, spokespersons, stand-ins.
const (
	sqlOffices   = `SELECT code, name, name_en, kind, parent, valid_from, valid_to FROM office ORDER BY code`
	sqlPutOffice = `INSERT INTO office (code, name, name_en, kind, parent, valid_from, valid_to, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind, parent = excluded.parent, valid_from = excluded.valid_from, valid_to = excluded.valid_to, at = excluded.at`

	sqlOutlet       = `SELECT id, name, host, verified, created, version FROM outlet WHERE id = ?1`
	sqlOutletByName = `SELECT id, name, host, verified, created, version FROM outlet WHERE folded = ?1`
	sqlOutlets      = `SELECT id, name, host, verified, created, version FROM outlet ORDER BY folded`
	sqlInsertOutlet = `INSERT INTO outlet (id, name, folded, host, verified, created, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1) ON CONFLICT (folded) DO NOTHING`
	sqlVerifyOutlet = `UPDATE outlet SET verified = ?2, version = version + 1 WHERE id = ?1`

	spokespersonColumns   = `s.id, s.office, s.account, s.name, s.title, s.title_en, s.phone, s.email, s.paper, s.since, s.until, s.published`
	sqlSpokespersons      = `SELECT ` + spokespersonColumns + ` FROM spokesperson s WHERE s.until = 0 ORDER BY s.office, s.since, s.id`
	sqlSpokespersonsOf    = `SELECT ` + spokespersonColumns + ` FROM spokesperson s WHERE s.office = ?1 AND s.until = 0 ORDER BY s.since, s.id`
	sqlUnpublished        = `SELECT ` + spokespersonColumns + ` FROM spokesperson s WHERE s.published = 0 ORDER BY s.id`
	sqlInsertSpokesperson = `INSERT INTO spokesperson (id, office, account, name, title, title_en, phone, email, paper, since, until, published) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0)`
	sqlEndSpokesperson    = `UPDATE spokesperson SET until = ?2 WHERE id = ?1 AND until = 0`
	sqlPublished          = `UPDATE spokesperson SET published = ?2 WHERE id = ?1 AND published = 0`

	standInColumns   = `id, giver, holder, role, office, matter, since, until, paper, reason, ended, ended_by`
	sqlStandIn       = `SELECT ` + standInColumns + ` FROM stand_in WHERE id = ?1`
	sqlStandInsHeld  = `SELECT ` + standInColumns + ` FROM stand_in WHERE holder = ?1 AND ended = 0 AND until > ?2 ORDER BY until, id`
	sqlStandInsFrom  = `SELECT ` + standInColumns + ` FROM stand_in WHERE giver = ?1 ORDER BY since DESC, id DESC LIMIT 100`
	sqlStandInsAt    = `SELECT ` + standInColumns + ` FROM stand_in WHERE (?1 = '' OR office = ?1) AND ended = 0 AND until > ?2 ORDER BY until, id`
	sqlInsertStand   = `INSERT INTO stand_in (id, giver, holder, role, office, matter, since, until, paper, reason, ended, ended_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, '')`
	sqlSameStand     = `SELECT COUNT(*) FROM stand_in WHERE holder = ?1 AND role = ?2 AND office = ?3 AND matter = ?4 AND ended = 0 AND until > ?5`
	sqlEndStandIn    = `UPDATE stand_in SET ended = ?2, ended_by = ?3 WHERE id = ?1 AND ended = 0`
	sqlEndStandInsOf = `UPDATE stand_in SET ended = ?2, ended_by = ?3 WHERE (holder = ?1 OR giver = ?1) AND ended = 0 AND until > ?2`
)
