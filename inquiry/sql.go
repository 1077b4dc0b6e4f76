package inquiry

import (
	"context"
	"errors"

	"khue/profile"
	"khue/store"
)

const inquiryColumns = `id, code, kind, state, before, channel, asker, account, outlet, verification, lang, urgent, complex,
subject, body, purpose, story, office, draft, drafter, approver, ground, reason, round, version, author, changed_by, received, changed, ended`

const (
	sqlInsertInquiry = `INSERT INTO inquiry (` + inquiryColumns + `, token_hash, idem, fold)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)`
	sqlUpdateInquiry = `UPDATE inquiry SET kind = ?1, state = ?2, before = ?3, asker = ?4, outlet = ?5, verification = ?6, urgent = ?7, complex = ?8,
subject = ?9, body = ?10, purpose = ?11, office = ?12, draft = ?13, drafter = ?14, approver = ?15, ground = ?16, reason = ?17, round = ?18, version = ?19,
changed_by = ?20, changed = ?21, ended = ?22, fold = ?23 WHERE id = ?24 AND version = ?25`
	sqlInquiry        = `SELECT ` + inquiryColumns + ` FROM inquiry WHERE id = ?1`
	sqlInquiryByCode  = `SELECT ` + inquiryColumns + ` FROM inquiry WHERE code = ?1`
	sqlInquiryByToken = `SELECT ` + inquiryColumns + ` FROM inquiry WHERE token_hash = ?1`
	sqlCodeByIdem     = `SELECT code FROM inquiry WHERE idem = ?1`
	sqlInquiriesOf    = `SELECT ` + inquiryColumns + ` FROM inquiry WHERE account = ?1 AND received < ?2 ORDER BY received DESC, id DESC LIMIT ?3`
	sqlWaitingOf      = `SELECT id FROM inquiry WHERE account = ?1 AND verification = 'waiting' ORDER BY received`
	sqlByStory        = `SELECT ` + inquiryColumns + ` FROM inquiry WHERE story = ?1 ORDER BY received DESC LIMIT 50`

	// States and kinds wanted come as ",received,accepted,"; '' asks for all. A reader of an office sees what has a part for it:
	// the offices come as ",SXD,SYT,", and '*' is a reader of the centre.
	sqlListInquiries = `SELECT ` + inquiryColumns + ` FROM inquiry q
WHERE (?1 = '' OR ?1 LIKE '%,' || q.state || ',%') AND (?2 = '' OR ?2 LIKE '%,' || q.kind || ',%')
AND (?3 = '' OR q.office = ?3 OR EXISTS (SELECT 1 FROM inquiry_part p WHERE p.inquiry = q.id AND p.office = ?3 AND p.state <> 'dropped'))
AND (?4 = '*' OR EXISTS (SELECT 1 FROM inquiry_part p WHERE p.inquiry = q.id AND p.state <> 'dropped' AND ?4 LIKE '%,' || p.office || ',%'))
AND (?5 = '' OR q.fold LIKE ?5) AND q.received < ?6 ORDER BY q.received DESC, q.id DESC LIMIT ?7`
	sqlCountStates = `SELECT state, count(*) FROM inquiry q
WHERE (?1 = '*' OR EXISTS (SELECT 1 FROM inquiry_part p WHERE p.inquiry = q.id AND p.state <> 'dropped' AND ?1 LIKE '%,' || p.office || ',%'))
GROUP BY state`

	sqlPutAsker = `INSERT INTO inquiry_asker (inquiry, name, email, phone, outlet, erased) VALUES (?1, ?2, ?3, ?4, ?5, 0)
ON CONFLICT (inquiry) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone, outlet = excluded.outlet`
	sqlAsker      = `SELECT name, email, phone, outlet, erased FROM inquiry_asker WHERE inquiry = ?1`
	sqlEraseAsker = `UPDATE inquiry_asker SET name = '', email = '', phone = '', outlet = '', erased = ?2 WHERE inquiry = ?1`
	sqlEraseText  = `UPDATE inquiry_message SET body = '' WHERE inquiry = ?1 AND kind IN ('clarified', 'follow-up')`
	sqlToErase    = `SELECT q.id FROM inquiry q JOIN inquiry_asker a ON a.inquiry = q.id
WHERE a.erased = 0 AND q.ended > 0 AND q.ended < ?1 AND q.state IN ('answered', 'refused', 'guided', 'withdrawn', 'closed') ORDER BY q.ended LIMIT ?2`

	partColumns = `office, state, request, body, drafter, approver, reason, asked, changed`
	sqlParts    = `SELECT ` + partColumns + ` FROM inquiry_part WHERE inquiry = ?1 ORDER BY asked, office`
	sqlPutPart  = `INSERT INTO inquiry_part (inquiry, ` + partColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (inquiry, office) DO UPDATE SET state = excluded.state, request = excluded.request, body = excluded.body, drafter = excluded.drafter,
approver = excluded.approver, reason = excluded.reason, asked = excluded.asked, changed = excluded.changed`

	sqlInsertMessage = `INSERT INTO inquiry_message (id, inquiry, kind, account, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	sqlMessages      = `SELECT id, kind, account, body, at FROM inquiry_message WHERE inquiry = ?1 ORDER BY at, id`

	answerColumns     = `round, public, lang, title, question, body, hash, entry, drafter, approver, by_account, at, withdrawn, reason`
	sqlInsertAnswer   = `INSERT INTO inquiry_answer (inquiry, ` + answerColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, '')`
	sqlWithdrawAnswer = `UPDATE inquiry_answer SET withdrawn = ?3, reason = ?4 WHERE inquiry = ?1 AND round = ?2 AND public = 1 AND withdrawn = 0`
	sqlAnswers        = `SELECT ` + answerColumns + ` FROM inquiry_answer WHERE inquiry = ?1 ORDER BY round`

	// Every query of what is public says "public = 1" itself, and takes nothing of an asker.
	publicColumns = `a.inquiry, q.code, q.kind, q.asker, q.office, a.round, a.lang, a.title, a.question, a.body, a.hash, a.entry, a.at, a.withdrawn, a.reason`
	sqlPublic     = `SELECT ` + publicColumns + ` FROM inquiry_answer a JOIN inquiry q ON q.id = a.inquiry
WHERE a.public = 1 AND a.at < ?1 AND (?2 = '' OR q.office = ?2) ORDER BY a.at DESC, a.inquiry DESC LIMIT ?3`
	sqlPublicByCode = `SELECT ` + publicColumns + ` FROM inquiry_answer a JOIN inquiry q ON q.id = a.inquiry WHERE a.public = 1 AND q.code = ?1 ORDER BY a.round`
	sqlPublicByID   = `SELECT ` + publicColumns + ` FROM inquiry_answer a JOIN inquiry q ON q.id = a.inquiry WHERE a.public = 1 AND a.inquiry = ?1 ORDER BY a.round`
	sqlPublicAfter  = `SELECT ` + publicColumns + ` FROM inquiry_answer a JOIN inquiry q ON q.id = a.inquiry
WHERE a.public = 1 AND (a.at > ?1 OR (a.at = ?1 AND a.inquiry > ?2)) ORDER BY a.at, a.inquiry LIMIT ?3`
	sqlPublicCount = `SELECT count(*), coalesce(max(at), 0) + coalesce(max(withdrawn), 0) FROM inquiry_answer WHERE public = 1`

	sqlInsertStep = `INSERT INTO inquiry_step (id, inquiry, verb, actor, office, note, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	sqlSteps      = `SELECT verb, actor, office, note, at FROM inquiry_step WHERE inquiry = ?1 ORDER BY id`
	// What staff wrote stays; what came from the asker's side goes.
	sqlEraseSteps = `UPDATE inquiry_step SET note = '' WHERE inquiry = ?1 AND verb IN ('noted', 'clarified', 'followed-up', 'withdrawn')`
)

// fold is what List searches: code, subject and question without marks.
func (q Inquiry) fold() string { return " " + profile.Key(q.Code+" "+q.Subject+" "+q.Body) + " " }

func scanInquiry(row store.Row) (Inquiry, error) {
	var q Inquiry
	var urgent, complex, received, changed, ended int64
	err := row.Scan(&q.ID, &q.Code, &q.Kind, &q.State, &q.Before, &q.Channel, &q.Asker, &q.Account, &q.Outlet, &q.Verification, &q.Lang, &urgent, &complex,
		&q.Subject, &q.Body, &q.Purpose, &q.Story, &q.Office, &q.Draft, &q.Drafter, &q.Approver, &q.Ground, &q.Reason, &q.Round, &q.Version,
		&q.Author, &q.ChangedBy, &received, &changed, &ended)
	q.Urgent, q.Complex = urgent == 1, complex == 1
	q.Received, q.Changed, q.Ended = store.Time(received), store.Time(changed), store.Time(ended)
	return q, err
}

func insertInquiry(ctx context.Context, tx *store.Tx, q Inquiry, tokenHash, idem string) error {
	var key any
	if idem != "" {
		key = idem
	}
	_, err := tx.Exec(ctx, sqlInsertInquiry, q.ID, q.Code, q.Kind, q.State, q.Before, q.Channel, q.Asker, q.Account, q.Outlet, q.Verification, q.Lang,
		store.Bool(q.Urgent), store.Bool(q.Complex), q.Subject, q.Body, q.Purpose, q.Story, q.Office, q.Draft, q.Drafter, q.Approver, q.Ground, q.Reason,
		q.Round, q.Version, q.Author, q.ChangedBy, store.Micros(q.Received), store.Micros(q.Changed), store.Micros(q.Ended), tokenHash, key, q.fold())
	return err
}

var errMoved = errors.New("inquiry: changed by another transaction")

func updateInquiry(ctx context.Context, tx *store.Tx, q Inquiry, read int64) error {
	res, err := tx.Exec(ctx, sqlUpdateInquiry, q.Kind, q.State, q.Before, q.Asker, q.Outlet, q.Verification, store.Bool(q.Urgent), store.Bool(q.Complex),
		q.Subject, q.Body, q.Purpose, q.Office, q.Draft, q.Drafter, q.Approver, q.Ground, q.Reason, q.Round, q.Version, q.ChangedBy,
		store.Micros(q.Changed), store.Micros(q.Ended), q.fold(), q.ID, read)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errMoved, err)
	}
	return nil
}

func readParts(ctx context.Context, rd store.Reader, id string) ([]Part, error) {
	rows, err := rd.Query(ctx, sqlParts, id)
	return store.All(rows, err, func(w store.Row) (p Part, err error) {
		var asked, changed int64
		err = w.Scan(&p.Office, &p.State, &p.Request, &p.Text, &p.Drafter, &p.Approver, &p.Reason, &asked, &changed)
		p.Asked, p.Changed = store.Time(asked), store.Time(changed)
		return p, err
	})
}

func putPart(ctx context.Context, tx *store.Tx, id string, p Part) error {
	_, err := tx.Exec(ctx, sqlPutPart, id, p.Office, p.State, p.Request, p.Text, p.Drafter, p.Approver, p.Reason, store.Micros(p.Asked), store.Micros(p.Changed))
	return err
}

func addStep(ctx context.Context, tx *store.Tx, id string, s Step) error {
	_, err := tx.Exec(ctx, sqlInsertStep, store.NewID(), id, s.Verb, s.Actor, s.Office, s.Note, store.Micros(s.At))
	return err
}

func addMessage(ctx context.Context, tx *store.Tx, id string, m Message) error {
	_, err := tx.Exec(ctx, sqlInsertMessage, store.NewID(), id, m.Kind, m.Account, m.Text, store.Micros(m.At))
	return err
}

func readAsker(ctx context.Context, rd store.Reader, id string) (Contact, error) {
	var c Contact
	var erased int64
	err := rd.QueryRow(ctx, sqlAsker, id).Scan(&c.Name, &c.Email, &c.Phone, &c.Outlet, &erased)
	c.Erased = store.Time(erased)
	return c, err
}

func readAnswers(ctx context.Context, rd store.Reader, id string) ([]Answer, error) {
	rows, err := rd.Query(ctx, sqlAnswers, id)
	return store.All(rows, err, func(w store.Row) (a Answer, err error) {
		var public, at, withdrawn int64
		err = w.Scan(&a.Round, &public, &a.Lang, &a.Title, &a.Question, &a.Text, &a.Hash, &a.Entry, &a.Drafter, &a.Approver, &a.By, &at, &withdrawn, &a.Reason)
		a.Public, a.At, a.Withdrawn = public == 1, store.Time(at), store.Time(withdrawn)
		return a, err
	})
}

func readMessages(ctx context.Context, rd store.Reader, id string) ([]Message, error) {
	rows, err := rd.Query(ctx, sqlMessages, id)
	return store.All(rows, err, func(w store.Row) (m Message, err error) {
		var at int64
		err = w.Scan(&m.ID, &m.Kind, &m.Account, &m.Text, &at)
		m.At = store.Time(at)
		return m, err
	})
}
