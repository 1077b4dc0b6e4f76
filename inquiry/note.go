package inquiry

import (
	"context"

	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// NoteInput is the duty officer's one field.
type NoteInput struct {
	Text   string
	Secret string // as in AskInput: the same note sent twice is one inquiry
	Lang   string
}

// Noted is what was kept of a note and what was guessed.
type Noted struct {
	Receipt
	Guess Guess
}

// NoteCall writes down a call (or whatever else came) at once, with outlet, office, kind, clock, number and name guessed. What
// was guessed wrong is put right by Reclassify; the office guessed is a proposal only.
func (r *Room) NoteCall(ctx context.Context, by regulation.Actor, in NoteInput) (Noted, error) {
	now := r.now()
	if err := r.rules.Can(by, "inquiry.note", regulation.Thing{Kind: "inquiry", Office: r.centre}, now); err != nil {
		return Noted{}, err
	}
	body := clean(in.Text)
	var l problem.List
	need(&l, "note-text", body, MaxBody)
	if in.Secret != "" && !goodToken(in.Secret) {
		l.Add("secret", problem.Invalid, "why", "@inquiry.bad-secret")
	}
	if err := l.Or(); err != nil {
		return Noted{}, err
	}
	g, err := r.Guess(ctx, body)
	if err != nil {
		return Noted{}, err
	}
	q := Inquiry{
		ID: store.NewID(), Kind: g.Kind, State: Received, Channel: ByPhone, Asker: g.Asker, Outlet: g.OutletID, Lang: langOf(in.Lang), Urgent: g.Urgent,
		Subject: beginning(mask(body)), Body: body, Round: 1, Version: 1, Author: by.ID, ChangedBy: by.ID, Received: now, Changed: now,
	}
	if g.Asker == Press {
		q.Verification = VerifyWaiting // a voice that names an outlet is not yet seen to be of it
	}
	if len(g.Offices) > 0 {
		q.Office = g.Offices[0]
	}
	if q.Kind == Complaint { // the officer guides the caller; only that it happened is kept
		q.Subject, q.Body = "", ""
	}
	c := Contact{Name: g.Name, Email: g.Email, Phone: g.Phone, Outlet: g.Outlet}
	if q.Kind == Complaint {
		c = Contact{}
	}
	// The field's form may stand on a page for hours: the same words of the same officer on the same day are one note.
	idem := "note " + hashText(by.ID+"\x00"+now.In(vietnam).Format("2006-01-02")+"\x00"+body)
	token := in.Secret
	if token == "" {
		token = NewToken()
	} else {
		idem = "secret " + hashToken(token)
	}
	rec, err := r.create(ctx, by, q, c, token, idem, EntryNoted, "")
	return Noted{rec, g}, err
}

// Guess reads a text as NoteCall would, without keeping it.
func (r *Room) Guess(ctx context.Context, text string) (Guess, error) {
	list, err := r.people.Offices(ctx)
	if err != nil {
		return Guess{}, err
	}
	var offices []Named
	for _, o := range list {
		n := officeNames(o.Code, o.Name)
		if o.Kind == "ward" { // a ward's code is a number, and its name needs its kind before it
			n.Codes = nil
			n.Names = append(n.Names, "UBND "+o.Name)
		}
		offices = append(offices, n)
	}
	papers, err := r.people.Outlets(ctx)
	if err != nil {
		return Guess{}, err
	}
	var outlets []Named
	for _, o := range papers {
		outlets = append(outlets, Named{ID: o.ID, Names: []string{o.Name}})
	}
	lookup := func(name string) []string {
		var codes []string
		for _, u := range r.units.Lookup(name) {
			codes = append(codes, u.Code)
		}
		return codes
	}
	return GuessCall(text, offices, outlets, lookup), nil
}

// outletNamed gives the id of an outlet by its name, with or without marks.
func (r *Room) outletNamed(ctx context.Context, name string) (string, bool) {
	if name == "" {
		return "", false
	}
	list, err := r.people.Outlets(ctx)
	if err != nil {
		return "", false
	}
	for _, o := range list {
		if profile.Key(o.Name) == profile.Key(name) {
			return o.ID, true
		}
	}
	return "", false
}
