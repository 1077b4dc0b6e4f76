package inquiry

import (
	"context"
	"slices"
	"strings"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Ref says which inquiry a command is about; Version 0 asks for no check against a stale page.
type Ref struct {
	ID      string
	Version int64
}

// AcceptInput takes an inquiry in.
type AcceptInput struct {
	Ref
}

// Accept takes a received inquiry in (tiếp nhận); its clock has run since it was received.
func (r *Room) Accept(ctx context.Context, by regulation.Actor, in AcceptInput) (Inquiry, error) {
	return r.run(ctx, change{id: in.ID, version: in.Version, by: by, verb: DoAccept, act: "inquiry.accept", kind: EntryAccepted, apply: withCode})
}

// withCode makes the entry's body the inquiry's code.
func withCode(_ context.Context, _ *store.Tx, q *Inquiry, c *change) error {
	c.body = codeBody{Code: q.Code}
	return nil
}

// ReclassifyInput corrects what was guessed or ticked; nil and "" keep what is.
type ReclassifyInput struct {
	Ref
	Kind    Kind
	Asker   AskerKind
	Urgent  *bool
	Complex *bool
	Subject string
	Outlet  *string // outlet's id
	Contact *Contact
}

// Reclassify corrects kind, asker, urgency, outlet or contact. Where the rulebook then gives another limit, the old clock is
// void and the new one counts from the moment of receipt.
func (r *Room) Reclassify(ctx context.Context, by regulation.Actor, in ReclassifyInput) (Inquiry, error) {
	var l problem.List
	in.Subject = cleanLine(in.Subject)
	within(&l, "subject", in.Subject, MaxSubject)
	if in.Kind != "" && (!in.Kind.Valid() || in.Kind.Reported()) {
		l.Add("kind", problem.NotFound)
	}
	if in.Asker != "" && in.Asker != Press && in.Asker != Citizen {
		l.Add("asker", problem.NotFound)
	}
	if in.Contact != nil {
		c := Contact{Name: cleanLine(in.Contact.Name), Email: strings.TrimSpace(in.Contact.Email), Phone: cleanLine(in.Contact.Phone), Outlet: cleanLine(in.Contact.Outlet)}
		checkContact(&l, &c, false)
		in.Contact = &c
	}
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, act: "inquiry.reclassify", kind: EntryReclassified,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			if !q.State.Open() || q.Kind.Reported() {
				return problem.New(problem.State, "state", "@inquiry.state."+string(q.State), "action", "@inquiry.verb.reclassify")
			}
			old := *q
			in.onto(q)
			c.body = codeBody{Code: q.Code, Kind: q.Kind}
			if in.Contact != nil {
				if _, err := tx.Exec(ctx, sqlPutAsker, q.ID, in.Contact.Name, in.Contact.Email, in.Contact.Phone, in.Contact.Outlet); err != nil {
					return err
				}
			}
			return r.recount(ctx, tx, by, old, *q)
		},
	})
}

func (in ReclassifyInput) onto(q *Inquiry) {
	if in.Kind != "" {
		q.Kind = in.Kind
	}
	if in.Asker != "" {
		q.Asker = in.Asker
		if q.Asker == Citizen {
			q.Verification, q.Urgent = "", false
		} else if q.Verification == "" {
			q.Verification = VerifyWaiting
		}
	}
	if in.Urgent != nil {
		q.Urgent = *in.Urgent
	}
	if in.Complex != nil {
		q.Complex = *in.Complex
	}
	if in.Subject != "" {
		q.Subject = in.Subject
	}
	if in.Outlet != nil {
		q.Outlet = *in.Outlet
	}
}

// recount voids and opens clocks when what the rules ask of an inquiry has changed.
func (r *Room) recount(ctx context.Context, tx *store.Tx, by regulation.Actor, old, q Inquiry) error {
	if old.Verification == VerifyWaiting && q.Verification == "" {
		if err := r.duties.Void(ctx, tx, by, q.Ref(), "verify", "reclassified"); err != nil {
			return err
		}
	}
	if old.Kind.fact() == q.Kind.fact() && old.Asker == q.Asker && old.Urgent == q.Urgent && old.Complex == q.Complex {
		return nil
	}
	if err := r.duties.Void(ctx, tx, by, q.Ref(), "answer", "reclassified"); err != nil {
		return err
	}
	if _, err := r.begin(ctx, tx, by, q); err != nil {
		return err
	}
	if q.State == Clarifying {
		return r.duties.Pause(ctx, tx, by, q.Ref())
	}
	return nil
}

// VerifyInput says whether the asker is a journalist.
type VerifyInput struct {
	Ref
	Journalist bool
	Outlet     string // outlet's id that vouched, "" keeps what is
}

// VerifyAsker records whether somebody has seen that the asker is a journalist. An asker who is not one is answered as a citizen:
// the press clock is void and the citizen's counts from receipt.
func (r *Room) VerifyAsker(ctx context.Context, by regulation.Actor, in VerifyInput) (Inquiry, error) {
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, act: "inquiry.verify-journalist", kind: EntryVerified,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			if q.Verification != VerifyWaiting {
				return problem.New(problem.State, "state", "@inquiry.state."+string(q.State), "action", "@inquiry.verb.verify")
			}
			old := *q
			q.Verification = VerifyDone
			if in.Outlet != "" {
				q.Outlet = in.Outlet
			}
			if !in.Journalist {
				q.Verification, q.Asker, q.Urgent = VerifyFailed, Citizen, false
			}
			c.body = verifiedBody{Code: q.Code, Verification: q.Verification}
			if err := r.duties.Meet(ctx, tx, by, q.Ref(), "verify"); err != nil {
				return err
			}
			if !old.State.Open() {
				return nil
			}
			return r.recount(ctx, tx, by, old, *q)
		},
	})
}

// RefuseInput refuses information on a lawful ground.
type RefuseInput struct {
	Ref
	Ground string // code of a Ground
	Reason string // in words, told to the asker
}

// Refuse refuses with a ground of the profile's list and a reason in words; both reach the asker (Nghị định 244/2026, Điều 4
// khoản 3). The refusal ends the clock as an answer does.
func (r *Room) Refuse(ctx context.Context, by regulation.Actor, in RefuseInput) (Inquiry, error) {
	in.Reason = clean(in.Reason)
	var l problem.List
	g := r.GroundOf(in.Ground)
	if g.Code == "" {
		l.Add("ground", problem.Required)
	}
	need(&l, "reason", in.Reason, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoRefuse, act: "inquiry.refuse", kind: EntryRefused, note: in.Reason,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			if !g.For(q.Kind) {
				return problem.Of("ground", problem.NotFound)
			}
			q.Ground, q.Reason, q.Ended = in.Ground, in.Reason, r.now()
			c.body = groundBody{q.Code, in.Ground}
			if err := r.duties.Meet(ctx, tx, by, q.Ref(), ""); err != nil {
				return err
			}
			return r.post(ctx, tx, *q, LetterRefused, "")
		},
	})
}

// GuideInput tells an asker where to turn.
type GuideInput struct {
	Ref
	Note string
}

// Guide ends an inquiry that belongs elsewhere, with words on where to turn.
func (r *Room) Guide(ctx context.Context, by regulation.Actor, in GuideInput) (Inquiry, error) {
	in.Note = clean(in.Note)
	var l problem.List
	need(&l, "note", in.Note, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoGuide, act: "inquiry.guide", kind: EntryGuided,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			q.Ended = r.now()
			c.body = codeBody{Code: q.Code}
			if err := addMessage(ctx, tx, q.ID, Message{Kind: MsgGuide, Account: by.ID, Text: in.Note, At: q.Ended}); err != nil {
				return err
			}
			if err := r.duties.Meet(ctx, tx, by, q.Ref(), ""); err != nil {
				return err
			}
			return r.post(ctx, tx, *q, LetterGuided, in.Note)
		},
	})
}

// AssignInput gives an inquiry to offices; the first leads.
type AssignInput struct {
	Ref
	Offices []string
	Instead string // code of an office that is let off: then it is a reassignment
	Request string // what the offices are asked, "" for the whole question
	Reason  string // of a reassignment, for the offices
}

// Assign gives an accepted inquiry to offices (chuyển); the first leads and owes the answer. On an inquiry that is already
// assigned it adds offices, or, with Instead, takes one's part away and gives it to the others (chuyển lại).
func (r *Room) Assign(ctx context.Context, by regulation.Actor, in AssignInput) (Inquiry, error) {
	in.Request, in.Reason = clean(in.Request), clean(in.Reason)
	var l problem.List
	offices := r.officesOf(ctx, &l, in.Offices)
	within(&l, "request", in.Request, MaxBody)
	if in.Instead != "" {
		need(&l, "reason", in.Reason, MaxBody)
		if slices.Contains(offices, in.Instead) {
			l.Add("office", problem.Invalid, "why", "@inquiry.same-office")
		}
	}
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, act: "inquiry.assign", kind: EntryAssigned, office: strings.Join(offices, " "), note: in.Reason,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			switch {
			case in.Instead != "":
				c.verb, c.kind = DoReassign, EntryReassigned
			case q.State == Assigned || q.State == Reassigned || q.State == Drafted:
				c.kind = EntryOfficeAdded
			default:
				c.verb = DoAssign
			}
			if c.verb == "" && !q.State.Open() {
				c.verb = DoAssign // gives the problem in the state's words
			}
			if c.verb != "" {
				if _, err := next(q.State, c.verb, ""); err != nil {
					return err
				}
			}
			return r.giveTo(ctx, tx, by, q, c, offices, in)
		},
	})
}

// giveTo changes the parts and hands the clock to the office that leads.
func (r *Room) giveTo(ctx context.Context, tx *store.Tx, by regulation.Actor, q *Inquiry, c *change, offices []string, in AssignInput) error {
	now := r.now()
	if in.Instead != "" {
		i := slices.IndexFunc(q.Parts, func(p Part) bool { return p.Office == in.Instead && p.State != PartDropped })
		if i < 0 {
			return problem.Of("instead", problem.NotFound)
		}
		p := q.Parts[i]
		p.State, p.Reason, p.Changed = PartDropped, in.Reason, now
		if err := putPart(ctx, tx, q.ID, p); err != nil {
			return err
		}
		q.Draft, q.Drafter = "", ""
	}
	if q.State == FollowUp { // who is not asked again has no part in this round
		for _, p := range liveParts(q.Parts) {
			p.State, p.Changed = PartDropped, now
			if err := putPart(ctx, tx, q.ID, p); err != nil {
				return err
			}
		}
	}
	for _, o := range offices {
		i := slices.IndexFunc(q.Parts, func(p Part) bool { return p.Office == o && p.State != PartDropped })
		if i >= 0 && q.State != FollowUp {
			continue // has its part already
		}
		if err := putPart(ctx, tx, q.ID, Part{Office: o, State: PartAsked, Request: in.Request, Asked: now, Changed: now}); err != nil {
			return err
		}
	}
	c.body = officeBody{Code: q.Code, Office: strings.Join(offices, " "), From: in.Instead}
	if q.Office == "" || q.Office == in.Instead || c.verb == DoAssign {
		q.Office = offices[0]
		return r.duties.Reassign(ctx, tx, by, q.Ref(), q.Office)
	}
	return nil
}

// TakeInput is an office's receipt of a reassigned inquiry.
type TakeInput struct{ Ref }

// Take says that the office to which an inquiry was given anew has it.
func (r *Room) Take(ctx context.Context, by regulation.Actor, in TakeInput) (Inquiry, error) {
	return r.run(ctx, change{id: in.ID, version: in.Version, by: by, verb: DoTake, act: "inquiry.draft", kind: EntryTaken, apply: withCode})
}

// ClarifyInput asks the asker back.
type ClarifyInput struct {
	Ref
	Question string
}

// Clarify asks the asker back (hỏi lại); the clocks rest until the answer.
func (r *Room) Clarify(ctx context.Context, by regulation.Actor, in ClarifyInput) (Inquiry, error) {
	in.Question = clean(in.Question)
	var l problem.List
	need(&l, "question", in.Question, MaxBody)
	if err := l.Or(); err != nil {
		return Inquiry{}, err
	}
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoClarify, act: "inquiry.clarify", kind: EntryClarifying,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			if q.Kind.Reported() { // nobody outside has asked
				return problem.New(problem.State, "state", "@inquiry.state."+string(q.State), "action", "@inquiry.verb.clarify")
			}
			c.body = codeBody{Code: q.Code}
			if err := addMessage(ctx, tx, q.ID, Message{Kind: MsgQuestion, Account: by.ID, Text: in.Question, At: r.now()}); err != nil {
				return err
			}
			if err := r.duties.Pause(ctx, tx, by, q.Ref()); err != nil {
				return err
			}
			return r.post(ctx, tx, *q, LetterClarify, in.Question)
		},
	})
}

// CloseInput ends an inquiry.
type CloseInput struct {
	Ref
	Note string
}

// Close ends an inquiry that was answered, refused or guided.
func (r *Room) Close(ctx context.Context, by regulation.Actor, in CloseInput) (Inquiry, error) {
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, verb: DoClose, act: "inquiry.close", kind: EntryClosed, note: clean(in.Note),
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			c.body = codeBody{Code: q.Code}
			if q.Ended.IsZero() {
				q.Ended = r.now()
			}
			return r.duties.Meet(ctx, tx, by, q.Ref(), "answer")
		},
	})
}

// EraseAsker takes away who asked and what came from the asker: contacts, question, messages. What was published stays, as
// does the history without the asker's words.
func (r *Room) EraseAsker(ctx context.Context, by regulation.Actor, in Ref) (Inquiry, error) {
	return r.run(ctx, change{
		id: in.ID, version: in.Version, by: by, act: "inquiry.erase", kind: EntryErased,
		apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			if q.State.Open() {
				return problem.New(problem.State, "state", "@inquiry.state."+string(q.State), "action", "@inquiry.verb.erase")
			}
			q.Subject, q.Body, q.Purpose = q.Code, "", ""
			c.body = codeBody{Code: q.Code}
			for _, s := range []string{sqlEraseText, sqlEraseSteps} {
				if _, err := tx.Exec(ctx, s, q.ID); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, sqlEraseAsker, q.ID, store.Micros(r.now()))
			return err
		},
	})
}

// Sweep erases the askers of inquiries that ended longer ago than contacts are kept. It gives how many.
func (r *Room) Sweep(ctx context.Context) (int, error) {
	const batch = 100
	ids, err := readStrings(r.db.Query(ctx, sqlToErase, store.Micros(r.now().Add(-r.keep)), batch))
	if err != nil {
		return 0, err
	}
	for i, id := range ids {
		if _, err := r.EraseAsker(ctx, regulation.SystemActor("inquiry"), Ref{ID: id}); err != nil {
			return i, err
		}
	}
	return len(ids), nil
}
