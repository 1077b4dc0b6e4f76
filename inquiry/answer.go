package inquiry

import (
	"context"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation"
	"khue/release/prose"
	"khue/store"
)

// DraftInput is a draft of the centre's answer, or of one office's part.
type DraftInput struct {
	Ref
	Office string // whose part it is; "" is the centre's answer
	Text   string
}

// Draft saves and hands up a draft. An office's draft waits for its head; the centre's for its approver, and only when every
// office asked has given its word.
func (r *Room) Draft(ctx context.Context, by regulation.Actor, in DraftInput) (Inquiry, error) {
	in.Text = clean(in.Text)
	var l problem.List
	need(&l, "text", in.Text, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	if in.Office != "" {
		return r.draftPart(ctx, by, in, "inquiry.draft", EntryPartDrafted)
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoDraft, kind: EntryDrafted,
		allow: func(q Inquiry) error { return r.rules.Can(by, "inquiry.draft", q.Thing(r.centre, ""), r.now()) },
		apply: func(_ context.Context, _ *store.Tx, q *Inquiry, c *change) error {
			if q.Kind.Reported() {
				return problem.New(problem.State, "state", "@inquiry.state."+string(q.State), "action", "@inquiry.verb.draft")
			}
			for _, p := range q.Parts {
				if p.State == PartAsked || p.State == PartDrafted {
					return problem.Of("text", problem.Invalid, "why", "@inquiry.part-missing")
				}
			}
			q.Draft, q.Drafter, q.Approver = in.Text, by.ID, ""
			c.body = textBody{q.Code, hashText(in.Text), q.Round}
			return nil
		},
	})
}

// draftPart writes one office's part; the inquiry's own state stays.
func (r *Room) draftPart(ctx context.Context, by regulation.Actor, in DraftInput, act, kind string) (Inquiry, error) {
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, kind: kind, office: in.Office,
		allow: func(q Inquiry) error { return r.rules.Can(by, act, q.Thing(in.Office, ""), r.now()) },
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			p, err := q.part(in.Office, PartAsked, PartDrafted)
			if err != nil {
				return err
			}
			p.State, p.Text, p.Drafter, p.Approver, p.Reason, p.Changed = PartDrafted, in.Text, by.ID, "", "", r.now()
			c.body = officeBody{Code: q.Code, Office: in.Office, Hash: hashText(in.Text)}
			if q.State == Reassigned { // to write is to take
				c.verb = DoTake
			}
			return putPart(ctx, tx, q.ID, p)
		},
	})
}

// part gives an office's part when it stands in one of the states and the inquiry waits for parts.
func (q Inquiry) part(office string, states ...PartState) (Part, error) {
	i := slices.IndexFunc(q.Parts, func(p Part) bool { return p.Office == office })
	if i < 0 {
		return Part{}, problem.New(problem.NotFound)
	}
	p := q.Parts[i]
	if !slices.Contains(states, p.State) {
		return p, problem.New(problem.State, "state", "@inquiry.part."+string(p.State), "action", "@inquiry.verb.part")
	}
	if q.State != Assigned && q.State != Reassigned {
		return p, problem.New(problem.State, "state", "@inquiry.state."+string(q.State), "action", "@inquiry.verb.part")
	}
	return p, nil
}

// ReportInput is an office's report on a matter or an instruction.
type ReportInput struct {
	Ref
	Office string
	Text   string
}

// Report writes what an office found and did about a matter or an instruction; it reaches the centre when the office's head
// has approved it.
func (r *Room) Report(ctx context.Context, by regulation.Actor, in ReportInput) (Inquiry, error) {
	in.Text = clean(in.Text)
	var l problem.List
	need(&l, "text", in.Text, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.draftPart(ctx, by, DraftInput(in), "inquiry.report", EntryPartDrafted)
}

// ApproveOfficeInput is an office head's approval.
type ApproveOfficeInput struct {
	Ref
	Office string
}

// ApproveOffice makes an office's draft the office's word: by its head, or who stands in for the head in this matter, and never
// by who wrote it. The last report of a matter ends its clock.
func (r *Room) ApproveOffice(ctx context.Context, by regulation.Actor, in ApproveOfficeInput) (Inquiry, error) {
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, kind: EntryPartApproved, office: in.Office,
		allow: func(q Inquiry) error {
			i := slices.IndexFunc(q.Parts, func(p Part) bool { return p.Office == in.Office })
			if i < 0 {
				return problem.New(problem.NotFound)
			}
			return r.rules.Can(by, "inquiry.approve-office", q.Thing(in.Office, q.Parts[i].Drafter), r.now())
		},
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			p, err := q.part(in.Office, PartDrafted)
			if err != nil {
				return err
			}
			p.State, p.Approver, p.Changed = PartApproved, by.ID, r.now()
			c.body = officeBody{Code: q.Code, Office: in.Office, Hash: hashText(p.Text)}
			if err := putPart(ctx, tx, q.ID, p); err != nil {
				return err
			}
			missing := slices.ContainsFunc(q.Parts, func(o Part) bool {
				return o.Office != in.Office && (o.State == PartAsked || o.State == PartDrafted)
			})
			if !q.Kind.Reported() || missing {
				return nil
			}
			c.verb, c.kind, q.Ended = DoReport, EntryReported, r.now()
			return r.duties.Meet(ctx, tx, by, q.Ref(), "")
		},
	})
}

// ReturnPartInput sends an office's part back.
type ReturnPartInput struct {
	Ref
	Office string
	Reason string
}

// ReturnPart sends an office's part back to be written again: its head does so with a draft, the centre with what it was given.
func (r *Room) ReturnPart(ctx context.Context, by regulation.Actor, in ReturnPartInput) (Inquiry, error) {
	in.Reason = clean(in.Reason)
	var l problem.List
	need(&l, "reason", in.Reason, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, kind: EntryPartReturned, office: in.Office, note: in.Reason,
		allow: func(q Inquiry) error {
			i := slices.IndexFunc(q.Parts, func(p Part) bool { return p.Office == in.Office })
			if i < 0 {
				return problem.New(problem.NotFound)
			}
			if q.Parts[i].State == PartDrafted {
				return r.rules.Can(by, "inquiry.return-draft", q.Thing(in.Office, ""), r.now())
			}
			return r.rules.Can(by, "inquiry.return-part", q.Thing(in.Office, ""), r.now())
		},
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			p, err := q.part(in.Office, PartDrafted, PartApproved)
			if err != nil {
				return err
			}
			p.State, p.Approver, p.Reason, p.Changed = PartAsked, "", in.Reason, r.now()
			c.body = officeBody{Code: q.Code, Office: in.Office}
			return putPart(ctx, tx, q.ID, p)
		},
	})
}

// SendBackInput returns the centre's draft.
type SendBackInput struct {
	Ref
	Reason string
}

// SendBack returns the centre's draft to be written again, with the reason.
func (r *Room) SendBack(ctx context.Context, by regulation.Actor, in SendBackInput) (Inquiry, error) {
	in.Reason = clean(in.Reason)
	var l problem.List
	need(&l, "reason", in.Reason, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoSendBack, act: "inquiry.send-back", kind: EntrySentBack, note: in.Reason,
		apply: func(_ context.Context, _ *store.Tx, q *Inquiry, c *change) error {
			c.wanted = Assigned
			if len(liveParts(q.Parts)) == 0 {
				c.wanted = Accepted
			}
			q.Approver = ""
			c.body = codeBody{Code: q.Code}
			return nil
		},
	})
}

func liveParts(parts []Part) []Part {
	var list []Part
	for _, p := range parts {
		if p.State != PartDropped {
			list = append(list, p)
		}
	}
	return list
}

// ApproveInput is the approval of the centre's draft.
type ApproveInput struct{ Ref }

// Approve makes the draft the centre's answer; who drafted it may not.
func (r *Room) Approve(ctx context.Context, by regulation.Actor, in ApproveInput) (Inquiry, error) {
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoApprove, act: "inquiry.approve", kind: EntryApproved,
		apply: func(_ context.Context, _ *store.Tx, q *Inquiry, c *change) error {
			q.Approver = by.ID
			c.body = textBody{q.Code, hashText(q.Draft), q.Round}
			return nil
		},
	})
}

// AnswerInput gives the approved answer to the asker alone, or to everybody.
type AnswerInput struct {
	Ref
	Public   bool
	Title    string // of a public answer
	Question string // as edited for publication: without who asked
}

// Answer gives the approved text to the asker, and in public when Public is set: then it is sealed in the public log. It ends
// the clock. A public answer returns when the log has its position.
func (r *Room) Answer(ctx context.Context, by regulation.Actor, in AnswerInput) (Inquiry, error) {
	in.Title, in.Question = cleanLine(in.Title), clean(in.Question)
	if in.Public {
		var l problem.List
		need(&l, "title", in.Title, MaxSubject)
		need(&l, "question", in.Question, MaxBody)
		if err := l.Or(); err != nil {
			return Inquiry{}, err
		}
	} else {
		in.Title, in.Question = "", ""
	}
	entry := store.NewID()
	kind := EntryToldPrivate
	if in.Public {
		kind = EntryAnswered
	}
	q, err := r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoAnswer, act: "inquiry.answer", kind: kind, public: in.Public, entry: entry,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			return r.answer(ctx, tx, by, q, c, in)
		},
	})
	if err == nil && in.Public {
		_, err = r.ledger.Await(ctx, entry)
	}
	return q, err
}

func (r *Room) answer(ctx context.Context, tx *store.Tx, by regulation.Actor, q *Inquiry, c *change, in AnswerInput) error {
	now := r.now()
	a := Answer{
		Round: q.Round, Public: in.Public, Lang: "vi", Title: in.Title, Question: in.Question, Text: q.Draft,
		Entry: c.entry, Drafter: q.Drafter, Approver: q.Approver, By: by.ID, At: now,
	}
	a.Hash = hashText(q.Draft)
	c.body = textBody{q.Code, a.Hash, q.Round}
	letter := LetterPrivate
	if in.Public {
		letter = LetterPublic
		a.Hash = prose.Sum(SealedText(a))
		c.body = AnsweredBody{Code: q.Code, Kind: q.Kind, Office: q.Office, Version: q.Round, Langs: []string{a.Lang}, SHA256: a.Hash}
	}
	if _, err := tx.Exec(ctx, sqlInsertAnswer, q.ID, a.Round, store.Bool(a.Public), a.Lang, a.Title, a.Question, a.Text, a.Hash, a.Entry, a.Drafter, a.Approver, a.By, store.Micros(now)); err != nil {
		return err
	}
	for _, p := range liveParts(q.Parts) {
		p.State = PartUsed
		if err := putPart(ctx, tx, q.ID, p); err != nil {
			return err
		}
	}
	q.Ended = now
	if err := r.duties.Meet(ctx, tx, by, q.Ref(), "answer"); err != nil {
		return err
	}
	return r.post(ctx, tx, *q, letter, q.Draft)
}

// SealedText gives the text whose SHA-256 stands in the public log for an answer (docs/format/seal.md): title, question as
// edited for publication, answer.
func SealedText(a Answer) string { return prose.Canonical(a.Title, a.Question, a.Text) }

// Compose puts the approved parts together, as the beginning of the centre's draft.
func (q Inquiry) Compose() string {
	var texts []string
	for _, p := range liveParts(q.Parts) {
		if p.State == PartApproved && p.Text != "" {
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n\n")
}

// WithdrawAnswerInput takes a public answer back.
type WithdrawAnswerInput struct {
	Ref
	Round  int64
	Reason string // public
}

// WithdrawAnswer takes a public answer back that was wrong, with a public reason in the same place (Luật 104/2016, Điều 22). The
// inquiry is open again with a new clock: the right answer goes the usual way of two persons and stands below the withdrawn one.
// It returns when the public log has its position.
func (r *Room) WithdrawAnswer(ctx context.Context, by regulation.Actor, in WithdrawAnswerInput) (Inquiry, error) {
	in.Reason = clean(in.Reason)
	var l problem.List
	need(&l, "reason", in.Reason, MaxSubject*5)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	entry := store.NewID()
	q, err := r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoReopen, act: "inquiry.withdraw-answer", kind: EntryTakenBack, public: true, entry: entry, note: in.Reason,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			now := r.now()
			res, err := tx.Exec(ctx, sqlWithdrawAnswer, q.ID, in.Round, store.Micros(now), in.Reason)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n != 1 {
				return problem.Wrap(err, problem.NotFound)
			}
			c.body = WithdrawnBody{q.Code, in.Round, hashText(in.Reason)}
			return r.again(ctx, tx, by, q, LetterBack, in.Reason)
		},
	})
	if err == nil {
		_, err = r.ledger.Await(ctx, entry)
	}
	return q, err
}

// again opens a new round: no draft, a new clock, a letter when there is one.
func (r *Room) again(ctx context.Context, tx *store.Tx, by regulation.Actor, q *Inquiry, letter Letter, text string) error {
	q.Round, q.Draft, q.Drafter, q.Approver, q.Ended = q.Round+1, "", "", "", time.Time{}
	office := q.Office
	if office == "" {
		office = r.centre
	}
	_, err := r.duties.Trigger(ctx, tx, by, regulation.Event{
		Kind: "inquiry.accepted", Thing: q.Ref(), Office: office, At: r.now(), Facts: q.facts(), Title: q.title(),
	})
	if err != nil || letter == "" {
		return err
	}
	return r.post(ctx, tx, *q, letter, text)
}
