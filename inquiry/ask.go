package inquiry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"khue/ledger"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// AskInput is a question as a form or a program sends it.
type AskInput struct {
	Kind     Kind
	Subject  string // "" takes the question's beginning
	Body     string
	Purpose  string // of an interview
	Name     string
	Email    string
	Phone    string
	Outlet   string // the outlet's name, of a reporter without account
	Reporter bool   // says that it is the press; verified after
	Office   string // code of the office that the asker thinks of, "" for none
	Urgent   bool   // the press only
	Lang     string
	Channel  Channel // "" means ByForm
	// Secret is a token that the form made beforehand (NewToken): it becomes the follow link's, and the same form sent twice is one
	// inquiry. Key does the same for programs with any text of their own; then the token is made here.
	Secret string
	Key    string
}

// Receipt is what the asker gets, once.
type Receipt struct {
	ID, Code, Token string
	Kind            Kind
	State           State
	Duties          []regulation.Duty // the clocks that began
}

// Ask takes a question from anyone. The clock begins now, also for a reporter who is not yet verified. The same form again is
// problem.Twice with the code of the first. A complaint (khiếu nại, tố cáo) is guided elsewhere: nothing of its text is kept.
func (r *Room) Ask(ctx context.Context, by regulation.Actor, in AskInput) (Receipt, error) {
	if err := r.rules.Can(by, "inquiry.ask", regulation.Thing{Kind: "inquiry"}, r.now()); err != nil {
		return Receipt{}, err
	}
	q, c, err := r.asked(ctx, by, in)
	if err != nil {
		return Receipt{}, err
	}
	token, idem := in.Secret, ""
	switch {
	case token != "" && !goodToken(token):
		return Receipt{}, problem.Of("secret", problem.Invalid, "why", "@inquiry.bad-secret")
	case token != "":
		idem = "secret " + hashToken(token)
	case in.Key != "":
		token, idem = NewToken(), "key "+hashText(by.ID+"\x00"+in.Key)
	default:
		token = NewToken()
	}
	q.Channel = in.Channel
	if q.Channel == "" {
		q.Channel = ByForm
	}
	return r.create(ctx, by, q, c, token, idem, EntryAsked, "")
}

// asked checks what was typed and makes the inquiry and the contact out of it.
func (r *Room) asked(ctx context.Context, by regulation.Actor, in AskInput) (Inquiry, Contact, error) {
	now := r.now()
	q := Inquiry{
		ID: store.NewID(), Kind: in.Kind, State: Received, Asker: Citizen, Lang: langOf(in.Lang), Round: 1, Version: 1,
		Subject: cleanLine(in.Subject), Body: clean(in.Body), Purpose: clean(in.Purpose), Received: now, Changed: now, ChangedBy: by.ID,
	}
	c := Contact{Name: cleanLine(in.Name), Email: strings.TrimSpace(in.Email), Phone: cleanLine(in.Phone), Outlet: cleanLine(in.Outlet)}
	var a people.Account
	if by.Kind == regulation.Person {
		var err error
		if a, err = r.people.Account(ctx, by.ID); err != nil {
			return q, c, err
		}
	}
	if a.Outlet != "" { // also before the centre has verified the journalist
		q.Account, q.Asker, q.Outlet, q.Verification = by.ID, Press, a.Outlet, VerifyWaiting
		if a.Verified {
			q.Verification = VerifyDone
		}
		c = Contact{}
	} else if in.Reporter {
		q.Asker, q.Verification = Press, VerifyWaiting
		if o, ok := r.outletNamed(ctx, c.Outlet); ok {
			q.Outlet = o
		}
	} else {
		c.Outlet = ""
	}
	q.Urgent = in.Urgent && q.Asker == Press
	var l problem.List
	if !slices.Contains(PressKinds, q.Kind) && !slices.Contains(CitizenKinds, q.Kind) {
		l.Add("kind", problem.Required)
	}
	if q.Kind == Complaint { // to be guided: nothing that could name anybody is kept
		q.Subject, q.Body, q.Purpose, c = "", "", "", Contact{}
		return q, c, l.Or()
	}
	need(&l, "body", q.Body, MaxBody)
	if q.Subject == "" {
		q.Subject = beginning(q.Body)
	}
	within(&l, "subject", q.Subject, MaxSubject)
	if q.Kind == Interview {
		need(&l, "purpose", q.Purpose, MaxBody)
	}
	checkContact(&l, &c, in.Reporter && q.Account == "")
	if in.Office != "" {
		if _, err := r.people.Office(ctx, in.Office); err != nil {
			l.Add("office", problem.NotFound)
		}
		q.Office = in.Office
	}
	return q, c, l.Or()
}

// checkContact checks what an asker says of how to be reached; a reporter has to be reachable and to name the outlet.
func checkContact(l *problem.List, c *Contact, reporter bool) {
	if reporter {
		need(l, "name", c.Name, maxName)
		need(l, "outlet", c.Outlet, maxName)
		if c.Email == "" && c.Phone == "" {
			l.Add("email", problem.Required)
		}
	} else {
		within(l, "name", c.Name, maxName)
		within(l, "outlet", c.Outlet, maxName)
	}
	if c.Email != "" {
		a, err := mail.Address(c.Email)
		if err != nil {
			l.Add("email", problem.Email)
		} else {
			c.Email = a
		}
	}
	if c.Phone != "" && !goodPhone(c.Phone) {
		l.Add("phone", problem.Invalid, "why", "@inquiry.bad-phone")
	}
}

// create writes a new inquiry with its clocks, receipt and entry.
func (r *Room) create(ctx context.Context, by regulation.Actor, q Inquiry, c Contact, token, idem, entry, note string) (Receipt, error) {
	wish := q.Office
	q.Office = ""
	if q.Kind == Complaint {
		q.State, q.Ended = Guided, q.Received
	}
	out := Receipt{ID: q.ID, Token: token, Kind: q.Kind, State: q.State}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := q
		if q.Code, err = store.NextCode(ctx, tx, q.Kind.prefix(), q.Received); err != nil {
			return err
		}
		out.Code = q.Code
		if err := insertInquiry(ctx, tx, q, hashToken(token), idem); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPutAsker, q.ID, c.Name, c.Email, c.Phone, c.Outlet); err != nil {
			return err
		}
		if out.Duties, err = r.begin(ctx, tx, by, q); err != nil {
			return err
		}
		if q.Kind != Complaint {
			if err := r.post(ctx, tx, q, LetterReceipt, ""); err != nil {
				return err
			}
		}
		verb := strings.TrimPrefix(entry, "inquiry.")
		if err := addStep(ctx, tx, q.ID, Step{Verb: verb, Actor: by.ID, Office: wish, Note: note, At: q.Received}); err != nil {
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{Kind: entry, Actor: by.ID, Thing: q.Ref(), Body: codeBody{q.Code, q.Kind}, At: q.Received})
		return err
	})
	if store.IsUnique(err) && idem != "" {
		return Receipt{}, r.twice(ctx, idem, err)
	}
	return out, err
}

// twice names the inquiry that came with the same key before.
func (r *Room) twice(ctx context.Context, idem string, cause error) error {
	var code string
	if err := r.db.QueryRow(ctx, sqlCodeByIdem, idem).Scan(&code); err != nil {
		return errors.Join(cause, err)
	}
	return problem.Wrap(cause, problem.Twice, "code", code)
}

// begin opens the clocks of a new or reclassified inquiry, by the rules in force when it was received.
func (r *Room) begin(ctx context.Context, tx *store.Tx, by regulation.Actor, q Inquiry) ([]regulation.Duty, error) {
	if q.Kind == Complaint {
		return nil, nil
	}
	office := q.Office
	if office == "" {
		office = r.centre
	}
	e := regulation.Event{Kind: "inquiry.accepted", Thing: q.Ref(), Office: office, At: q.Received, Facts: q.facts(), Title: q.title()}
	list, err := r.duties.Trigger(ctx, tx, by, e)
	if err != nil || q.Verification != VerifyWaiting {
		return list, err
	}
	e.Kind, e.Office = "inquiry.asked-unverified", r.centre
	more, err := r.duties.Trigger(ctx, tx, by, e)
	return append(list, more...), err
}

// facts is what the rulebook's rules ask of an inquiry.
func (q Inquiry) facts() map[string]any {
	return map[string]any{"asker": string(q.Asker), "kind": q.Kind.fact(), "urgent": q.Urgent, "complex": q.Complex}
}

// title names the inquiry in lists of duties; a duty outlives the asker's text, so it is only the code.
func (q Inquiry) title() string { return q.Code }

func langOf(s string) string {
	if s == "en" {
		return "en"
	}
	return "vi"
}

// beginning gives the first line or sentence of a text, cut at a word, as its subject.
func beginning(text string) string {
	const most = 110
	line, _, _ := strings.Cut(text, "\n")
	for _, end := range []string{". ", "? ", "! "} {
		if i := strings.Index(line, end); i > 20 {
			line = line[:i+1]
		}
	}
	line = strings.TrimRight(cleanLine(line), ".")
	if utf8.RuneCountInString(line) <= most {
		return line
	}
	short := string([]rune(line)[:most])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	}
	return short + "…"
}

// OpenMatterInput is a matter raised in the press, or a task that a leader gives.
type OpenMatterInput struct {
	Kind    Kind // Matter or Instruction
	Story   string
	Subject string
	Body    string // what the office is to look into, and by what it was raised
	Offices []string
	Urgent  bool
	Lang    string
	Key     string
}

// OpenMatter gives a story that is neither false nor urgent to an office (báo chí nêu), or a leader's task (giao xử lý): it is at
// once assigned, its clock runs, and it ends with the office's report. A story with a matter still open is problem.Twice.
func (r *Room) OpenMatter(ctx context.Context, by regulation.Actor, in OpenMatterInput) (Receipt, error) {
	act := "inquiry.matter.open"
	if in.Kind == Instruction {
		act = "inquiry.instruct"
	}
	if err := r.rules.Can(by, act, regulation.Thing{Kind: "inquiry", Office: r.centre}, r.now()); err != nil {
		return Receipt{}, err
	}
	now := r.now()
	q := Inquiry{
		ID: store.NewID(), Kind: in.Kind, State: Assigned, Channel: ByDesk, Asker: Office, Lang: langOf(in.Lang), Round: 1, Version: 1, Urgent: in.Urgent,
		Subject: cleanLine(in.Subject), Body: clean(in.Body), Story: in.Story, Author: by.ID, ChangedBy: by.ID, Received: now, Changed: now,
	}
	if in.Story != "" {
		q.Channel = ByStory
	}
	var l problem.List
	if !in.Kind.Reported() {
		l.Add("kind", problem.Required)
	}
	need(&l, "subject", q.Subject, MaxSubject)
	need(&l, "body", q.Body, MaxBody)
	offices := r.officesOf(ctx, &l, in.Offices)
	if err := l.Or(); err != nil {
		return Receipt{}, err
	}
	if in.Story != "" && in.Kind == Matter {
		old, err := r.ByStory(ctx, in.Story)
		if err != nil {
			return Receipt{}, err
		}
		for _, o := range old {
			if o.State.Open() {
				return Receipt{}, problem.New(problem.Twice, "code", o.Code)
			}
		}
	}
	q.Office = offices[0]
	idem := ""
	if in.Key != "" {
		idem = "key " + hashText(by.ID+"\x00"+in.Key)
	}
	return r.createMatter(ctx, by, q, offices, idem)
}

func (r *Room) createMatter(ctx context.Context, by regulation.Actor, q Inquiry, offices []string, idem string) (Receipt, error) {
	out := Receipt{ID: q.ID, Kind: q.Kind, State: q.State}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := q
		if q.Code, err = store.NextCode(ctx, tx, q.Kind.prefix(), q.Received); err != nil {
			return err
		}
		out.Code = q.Code
		if err := insertInquiry(ctx, tx, q, hashToken(NewToken()), idem); err != nil {
			return err
		}
		for _, o := range offices {
			if err := putPart(ctx, tx, q.ID, Part{Office: o, State: PartAsked, Asked: q.Received, Changed: q.Received}); err != nil {
				return err
			}
		}
		if out.Duties, err = r.begin(ctx, tx, by, q); err != nil {
			return err
		}
		if err := addStep(ctx, tx, q.ID, Step{Verb: "opened", Actor: by.ID, Office: q.Office, At: q.Received}); err != nil {
			return err
		}
		_, err = r.ledger.Append(ctx, tx, ledger.Entry{
			Kind: EntryOpened, Actor: by.ID, Thing: q.Ref(), At: q.Received,
			Body: openedBody{Code: q.Code, Kind: q.Kind, Story: q.Story, Offices: offices},
		})
		return err
	})
	if store.IsUnique(err) && idem != "" {
		return Receipt{}, r.twice(ctx, idem, err)
	}
	return out, err
}

// officesOf checks codes and drops repeats; at least one is needed.
func (r *Room) officesOf(ctx context.Context, l *problem.List, codes []string) []string {
	var list []string
	for _, c := range codes {
		c = strings.TrimSpace(c)
		if c == "" || slices.Contains(list, c) {
			continue
		}
		if _, err := r.people.Office(ctx, c); err != nil {
			l.Add("office", problem.NotFound)
			continue
		}
		list = append(list, c)
	}
	if len(list) == 0 && len(*l) == 0 {
		l.Add("office", problem.Required)
	}
	return list
}
