package inquiry

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// vietnam is the zone in which days are named.
var vietnam = time.FixedZone("+07", 7*3600)

const never = int64(1) << 62

func readStrings(rows *sql.Rows, err error) ([]string, error) {
	return store.All(rows, err, store.Value[string])
}

func readInquiries(rows *sql.Rows, err error) ([]Inquiry, error) {
	return store.All(rows, err, scanInquiry)
}

// File is all that the desk may see of an inquiry.
type File struct {
	Inquiry
	Contact  Contact // zero for readers of an office, who answer through the centre
	Messages []Message
	Answers  []Answer
	Steps    []Step
	Duties   []regulation.Duty
}

// Get gives an inquiry to the centre's staff, or to people of an office that has a part in it. An office's draft is shown to that
// office only until its head approved it, and an asker's contacts to the centre only.
func (r *Room) Get(ctx context.Context, by regulation.Actor, id string) (File, error) {
	var f File
	err := r.db.View(ctx, func(rd store.Reader) error {
		q, err := load(ctx, rd, id)
		if err != nil {
			return err
		}
		if err := r.may(by, "inquiry.view", q, q.Drafter); err != nil {
			return hide(err)
		}
		f.Inquiry = r.shown(by, q)
		return r.fill(ctx, rd, by, &f)
	})
	return f, err
}

// hide keeps from people of other offices that an inquiry exists; a visitor is asked to log in.
func hide(err error) error {
	if problem.CodeOf(err) == problem.Forbidden {
		return problem.Wrap(err, problem.NotFound)
	}
	return err
}

// shown takes from an inquiry what the reader may not see yet.
func (r *Room) shown(by regulation.Actor, q Inquiry) Inquiry {
	q.Parts = slices.Clone(q.Parts)
	for i, p := range q.Parts {
		inside := r.inside(by, q, p.Office)
		if p.State == PartDrafted && !inside || p.State == PartAsked && !inside {
			q.Parts[i].Text = ""
		}
	}
	if !r.staff(by, q) {
		q.Account = ""
		q.Parts = slices.DeleteFunc(q.Parts, func(p Part) bool { return !r.inside(by, q, p.Office) })
		if q.State != Answered && q.State != Closed {
			q.Draft = ""
		}
		if q.Channel == ByPhone { // the note holds how to reach the caller
			q.Subject, q.Body = mask(q.Subject), mask(q.Body)
		}
	}
	return q
}

// inside says whether the reader works in the office, or stands in for somebody there in this matter.
func (r *Room) inside(by regulation.Actor, q Inquiry, office string) bool {
	if office == r.centre {
		return r.staff(by, q)
	}
	return slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == office }) ||
		slices.ContainsFunc(by.StandsIn, func(s regulation.StandIn) bool {
			return s.Office == office && s.Matter == q.Ref() && r.now().Before(s.Until)
		})
}

func (r *Room) staff(by regulation.Actor, q Inquiry) bool {
	return by.Kind == regulation.System || by.Staff() && r.rules.Can(by, "inquiry.view", q.Thing(r.centre, ""), r.now()) == nil
}

func (r *Room) fill(ctx context.Context, rd store.Reader, by regulation.Actor, f *File) (err error) {
	if r.staff(by, f.Inquiry) {
		if f.Contact, err = readAsker(ctx, rd, f.ID); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	if f.Messages, err = readMessages(ctx, rd, f.ID); err != nil {
		return err
	}
	if f.Answers, err = readAnswers(ctx, rd, f.ID); err != nil {
		return err
	}
	if f.Duties, err = r.duties.Of(ctx, rd, f.Ref()); err != nil {
		return err
	}
	rows, err := rd.Query(ctx, sqlSteps, f.ID)
	f.Steps, err = store.All(rows, err, func(w store.Row) (s Step, err error) {
		var at int64
		err = w.Scan(&s.Verb, &s.Actor, &s.Office, &s.Note, &at)
		s.At = store.Time(at)
		return s, err
	})
	return err
}

// ByCode gives the id of the inquiry with a code to those who may see it.
func (r *Room) ByCode(ctx context.Context, by regulation.Actor, code string) (File, error) {
	q, err := scanInquiry(r.db.QueryRow(ctx, sqlInquiryByCode, strings.ToUpper(strings.TrimSpace(code))))
	if err != nil {
		return File{}, store.NotFound(err)
	}
	return r.Get(ctx, by, q.ID)
}

// Filter chooses inquiries; zero fields ask for all.
type Filter struct {
	States []State
	Kinds  []Kind
	Office string
	Text   string    // words of code, subject or question, with or without marks
	Before time.Time // received before: the cursor of the next page
	Limit  int       // 0 means 100
}

// Item is an inquiry in a list with its clocks.
type Item struct {
	Inquiry
	Duties []regulation.Duty
}

// Clock gives the clock that counts: the first one open, else the last.
func (i Item) Clock() (regulation.Duty, bool) { return clockOf(i.Duties) }

// Clock gives the clock that counts: the first one open, else the last.
func (f File) Clock() (regulation.Duty, bool) { return clockOf(f.Duties) }

func clockOf(list []regulation.Duty) (regulation.Duty, bool) {
	var last regulation.Duty
	for _, d := range list {
		if d.Kind == "verify" {
			continue
		}
		if d.State.Open() {
			return d, true
		}
		if d.State != regulation.DutyVoid || last.ID == "" {
			last = d
		}
	}
	return last, last.ID != ""
}

// offices gives what a reader may see in a list: "*", or the offices as the SQL wants them.
func (r *Room) offices(by regulation.Actor) (string, error) {
	if r.staff(by, Inquiry{}) {
		return "*", nil
	}
	var list []string
	for _, p := range by.Posts {
		if r.rules.Can(by, "inquiry.view", regulation.Thing{Kind: "inquiry", Office: p.Office}, r.now()) == nil {
			list = append(list, p.Office)
		}
	}
	if len(list) == 0 {
		return "", r.rules.Can(by, "inquiry.view", regulation.Thing{Kind: "inquiry"}, r.now())
	}
	return "," + strings.Join(list, ",") + ",", nil
}

// List gives inquiries to the desk, newest first: all to the centre, those with a part of theirs to people of offices.
func (r *Room) List(ctx context.Context, by regulation.Actor, f Filter) ([]Item, error) {
	offices, err := r.offices(by)
	if err != nil || offices == "" {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 100
	}
	before, text := never, ""
	if !f.Before.IsZero() {
		before = store.Micros(f.Before)
	}
	if key := profile.Key(f.Text); key != "" {
		text = "%" + key + "%"
	}
	list, err := readInquiries(r.db.Query(ctx, sqlListInquiries, inList(f.States), inList(f.Kinds), f.Office, offices, text, before, f.Limit))
	if err != nil {
		return nil, err
	}
	return r.withClocks(ctx, by, list)
}

func (r *Room) withClocks(ctx context.Context, by regulation.Actor, list []Inquiry) ([]Item, error) {
	items := make([]Item, len(list))
	for i, q := range list {
		var err error
		if q.Parts, err = readParts(ctx, r.db, q.ID); err != nil {
			return nil, err
		}
		items[i].Inquiry = r.shown(by, q)
		if items[i].Duties, err = r.duties.Of(ctx, r.db, q.Ref()); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func inList[T ~string](list []T) string {
	if len(list) == 0 {
		return ""
	}
	s := ","
	for _, x := range list {
		s += string(x) + ","
	}
	return s
}

// Counts gives how many inquiries stand in each state, of those that the reader may see.
func (r *Room) Counts(ctx context.Context, by regulation.Actor) (map[State]int, error) {
	offices, err := r.offices(by)
	if err != nil || offices == "" {
		return nil, err
	}
	return store.Map[State, int](r.db.Query(ctx, sqlCountStates, offices))
}

// ByStory gives the matters opened from a story. It asks no rights: pages of stories show them to the desk.
func (r *Room) ByStory(ctx context.Context, story string) ([]Inquiry, error) {
	return readInquiries(r.db.Query(ctx, sqlByStory, story))
}

// Follow is all that an asker sees of the own inquiry; nothing of the work inside is in it.
type Follow struct {
	ID, Code     string
	Kind         Kind
	State        State
	Asker        AskerKind
	Verification Verification
	Lang         string
	Subject      string
	Body         string
	Offices      []string // who answers
	Ground       string
	Reason       string
	Received     time.Time
	Messages     []Message // without who wrote them
	Answers      []Answer  // without who drafted and approved
	Duties       []regulation.Duty
	Erased       bool
}

// Clock gives the clock that counts: the first one open, else the last.
func (f Follow) Clock() (regulation.Duty, bool) { return clockOf(f.Duties) }

// ByToken gives an inquiry to whoever holds its secret link.
func (r *Room) ByToken(ctx context.Context, token string) (Follow, error) {
	return r.follow(ctx, regulation.Actor{}, AskerRef{Token: token})
}

// Own gives an inquiry to the account that asked it.
func (r *Room) Own(ctx context.Context, by regulation.Actor, code string) (Follow, error) {
	return r.follow(ctx, by, AskerRef{Code: strings.ToUpper(code)})
}

func (r *Room) follow(ctx context.Context, by regulation.Actor, ref AskerRef) (Follow, error) {
	q, err := r.own(ctx, by, ref)
	if err != nil {
		return Follow{}, err
	}
	var f Follow
	err = r.db.View(ctx, func(rd store.Reader) error {
		if q, err = load(ctx, rd, q.ID); err != nil {
			return err
		}
		f, err = r.followed(ctx, rd, q)
		return err
	})
	return f, err
}

func (r *Room) followed(ctx context.Context, rd store.Reader, q Inquiry) (Follow, error) {
	f := Follow{
		ID: q.ID, Code: q.Code, Kind: q.Kind, State: q.State, Asker: q.Asker, Verification: q.Verification, Lang: q.Lang, Subject: q.Subject, Body: q.Body,
		Ground: q.Ground, Reason: q.Reason, Received: q.Received,
	}
	for _, p := range liveParts(q.Parts) {
		f.Offices = append(f.Offices, p.Office)
	}
	var err error
	if f.Messages, err = readMessages(ctx, rd, q.ID); err != nil {
		return f, err
	}
	for i := range f.Messages {
		f.Messages[i].Account = ""
	}
	if f.Answers, err = readAnswers(ctx, rd, q.ID); err != nil {
		return f, err
	}
	for i := range f.Answers {
		f.Answers[i].Drafter, f.Answers[i].Approver, f.Answers[i].By = "", "", ""
	}
	c, err := readAsker(ctx, rd, q.ID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return f, err
	}
	f.Erased = !c.Erased.IsZero()
	f.Duties, err = r.duties.Of(ctx, rd, q.Ref())
	return f, err
}

// Mine lists what an account has asked, newest first.
func (r *Room) Mine(ctx context.Context, by regulation.Actor, limit int) ([]Item, error) {
	if by.Kind != regulation.Person {
		return nil, problem.New(problem.Session)
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	list, err := readInquiries(r.db.Query(ctx, sqlInquiriesOf, by.ID, never, limit))
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(list))
	for i, q := range list {
		q.Draft, q.Drafter, q.Approver, q.Author, q.ChangedBy = "", "", "", "", ""
		items[i].Inquiry = q
		if items[i].Duties, err = r.duties.Of(ctx, r.db, q.Ref()); err != nil {
			return nil, err
		}
	}
	return items, nil
}
