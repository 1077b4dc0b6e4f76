package claim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"khue/store"
)

// read gives a claim by its id or code, with the offices asked.
func (r *Room) read(ctx context.Context, q store.Reader, id string) (Claim, error) {
	query := sqlClaim
	if len(id) > 3 && id[:3] == "KC-" {
		query = sqlByCode
	}
	c, err := scanClaim(q.QueryRow(ctx, query, id))
	if err != nil {
		return Claim{}, err
	}
	c.Offices, err = readOffices(ctx, q, c)
	return c, err
}

func readOffices(ctx context.Context, q store.Reader, c Claim) ([]string, error) {
	rows, err := q.Query(ctx, sqlOfficesOf, c.ID)
	list, err := store.All(rows, err, store.Value[string])
	if err != nil {
		return nil, err
	}
	if c.Office != "" {
		list = slices.DeleteFunc(list, func(o string) bool { return o == c.Office })
		list = append([]string{c.Office}, list...)
	}
	return list, nil
}

func insertClaim(ctx context.Context, tx *store.Tx, c Claim) error {
	where, err := json.Marshal(c.Links)
	if err != nil {
		return err
	}
	d := c.Draft
	_, err = tx.Exec(ctx, sqlInsertClaim, c.ID, c.Code, string(c.State), c.Version, c.Edition, c.Statement, c.Topic, c.Office, c.Story, string(where),
		store.Bool(c.Urgent), string(c.Impact), store.Bool(c.Shown), store.Bool(c.Press), c.Author, c.Holder, c.Drafter, c.Editor,
		string(d.Verdict), d.VI.Headline, d.VI.Said, d.VI.Body, d.EN.Headline, d.EN.Said, d.EN.Body, d.Change, d.Note, d.NoteEN,
		store.Micros(c.FirstSeen), store.Micros(c.Opened), store.Micros(c.Published), store.Micros(c.Updated), c.Reason, int64(0), "", sameKey(c.Statement, "", ""))
	return err
}

func scanClaim(w store.Row) (c Claim, err error) {
	var urgent, shown, press, leaves, first, opened, published, updated int64
	var where string
	d := &c.Draft
	err = w.Scan(&c.ID, &c.Code, &c.State, &c.Version, &c.Edition, &c.Statement, &c.Topic, &c.Office, &c.Story, &where, &urgent, &c.Impact, &shown, &press,
		&c.Author, &c.Holder, &c.Drafter, &c.Editor, &d.Verdict, &d.VI.Headline, &d.VI.Said, &d.VI.Body, &d.EN.Headline, &d.EN.Said, &d.EN.Body,
		&d.Change, &d.Note, &d.NoteEN, &first, &opened, &published, &updated, &c.Reason, &leaves, &c.Seconder)
	if err != nil {
		return Claim{}, store.NotFound(err)
	}
	c.Urgent, c.Shown, c.Press = urgent == 1, shown == 1, press == 1
	c.FirstSeen, c.Opened, c.Published, c.Updated = store.Time(first), store.Time(opened), store.Time(published), store.Time(updated)
	c.Leaves = store.Time(leaves)
	if err := json.Unmarshal([]byte(where), &c.Links); err != nil {
		return Claim{}, fmt.Errorf("links of %s: %w", c.Code, err)
	}
	return c, nil
}

func insertEdition(ctx context.Context, tx *store.Tx, claim string, e Edition) error {
	ids, err := json.Marshal(e.evidence)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertEdition, claim, e.N, string(e.Verdict), e.VI.Headline, e.VI.Said, e.VI.Body, e.EN.Headline, e.EN.Said, e.EN.Body,
		e.Change, e.Note, e.NoteEN, e.Hash, e.HashEN, e.Entry, e.Drafter, e.Seconder, store.Micros(e.At), string(ids))
	return err
}

func scanEdition(w store.Row) (e Edition, err error) {
	var at int64
	var ids string
	if err := w.Scan(&e.N, &e.Verdict, &e.VI.Headline, &e.VI.Said, &e.VI.Body, &e.EN.Headline, &e.EN.Said, &e.EN.Body,
		&e.Change, &e.Note, &e.NoteEN, &e.Hash, &e.HashEN, &e.Entry, &e.Drafter, &e.Seconder, &at, &ids); err != nil {
		return e, store.NotFound(err)
	}
	e.At = store.Time(at)
	err = json.Unmarshal([]byte(ids), &e.evidence)
	return e, err
}

func readEditions(ctx context.Context, q store.Reader, claim string) ([]Edition, error) {
	rows, err := q.Query(ctx, sqlEditions, claim)
	return store.All(rows, err, scanEdition)
}

func insertEvidence(ctx context.Context, tx *store.Tx, e Evidence) error {
	_, err := tx.Exec(ctx, sqlInsertEvidence, e.ID, e.Claim, string(e.Kind), string(e.State), e.Office, e.Title, e.Text, e.Link, e.Source, e.Code, e.File,
		store.Bool(e.Original), store.Bool(e.Open), e.Author, e.Approver, e.Reason, store.Micros(e.At), store.Micros(e.Decided))
	return err
}

func scanEvidence(w store.Row) (e Evidence, err error) {
	var original, open, at, decided int64
	if err := w.Scan(&e.ID, &e.Claim, &e.Kind, &e.State, &e.Office, &e.Title, &e.Text, &e.Link, &e.Source, &e.Code, &e.File,
		&original, &open, &e.Author, &e.Approver, &e.Reason, &at, &decided); err != nil {
		return e, store.NotFound(err)
	}
	e.Original, e.Open, e.At, e.Decided = original == 1, open == 1, store.Time(at), store.Time(decided)
	return e, nil
}

func readEvidence(ctx context.Context, q store.Reader, id string) (Evidence, error) {
	return scanEvidence(q.QueryRow(ctx, sqlEvidence, id))
}

func readEvidenceOf(ctx context.Context, q store.Reader, claim string) ([]Evidence, error) {
	rows, err := q.Query(ctx, sqlEvidenceOf, claim)
	return store.All(rows, err, scanEvidence)
}

func insertReport(ctx context.Context, tx *store.Tx, p Report, same string) error {
	_, err := tx.Exec(ctx, sqlInsertReport, p.ID, p.Code, string(p.State), p.Text, p.Link, p.File, p.Claim, p.Times, p.Reason,
		store.Micros(p.At), store.Micros(p.Last), same)
	return err
}

func scanReport(w store.Row) (p Report, err error) {
	var at, last int64
	if err := w.Scan(&p.ID, &p.Code, &p.State, &p.Text, &p.Link, &p.File, &p.Claim, &p.Times, &p.Reason, &at, &last); err != nil {
		return p, store.NotFound(err)
	}
	p.At, p.Last = store.Time(at), store.Time(last)
	return p, nil
}

// did writes an act into the claim's history.
func (r *Room) did(ctx context.Context, tx *store.Tx, claim string, d Done) error {
	_, err := tx.Exec(ctx, sqlInsertAct, store.NewID(), claim, d.Verb, d.Actor, d.Other, d.Object, d.Reason, store.Micros(d.At))
	return err
}

func scanDone(w store.Row) (d Done, err error) {
	var at int64
	if err := w.Scan(&d.Verb, &d.Actor, &d.Other, &d.Object, &d.Reason, &at); err != nil {
		return d, err
	}
	d.At = store.Time(at)
	return d, nil
}

func scanQuestion(w store.Row) (q Question, err error) {
	var at int64
	if err := w.Scan(&q.ID, &q.Office, &q.Text, &q.Author, &at); err != nil {
		return q, err
	}
	q.At = store.Time(at)
	return q, nil
}
