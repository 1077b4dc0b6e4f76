package claim

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Whole is a claim with everything that the desk shows of it.
type Whole struct {
	Claim
	Evidence  []Evidence
	Hidden    int // proposed by offices and not yet their word: the centre sees only how many
	Questions []Question
	Reports   []Report
	Editions  []Edition // newest first
	History   []Done
}

// Get gives a claim by id or code to those who may see it. What an office has proposed and its head has not approved is given
// to that office alone.
func (r *Room) Get(ctx context.Context, by regulation.Actor, id string) (w Whole, err error) {
	err = r.db.View(ctx, func(q store.Reader) error {
		c, err := r.read(ctx, q, id)
		if err == nil {
			err = r.canSee(by, c)
		} else if e := r.rules.Can(by, "claim.view", regulation.Thing{Kind: "claim", ID: id}, r.now()); e != nil {
			err = e
		}
		if err != nil {
			return err
		}
		w.Claim = c
		if err := r.fill(ctx, q, by, &w); err != nil {
			return err
		}
		return nil
	})
	return w, err
}

// canSee asks the rulebook from the side of every office that was asked.
func (r *Room) canSee(by regulation.Actor, c Claim) error {
	err := r.rules.Can(by, "claim.view", c.Thing(""), r.now())
	for _, o := range c.Offices {
		if err == nil {
			return nil
		}
		err = r.rules.Can(by, "claim.view", c.Thing(o), r.now())
	}
	return err
}

func (r *Room) fill(ctx context.Context, q store.Reader, by regulation.Actor, w *Whole) error {
	evidence, err := readEvidenceOf(ctx, q, w.ID)
	if err != nil {
		return err
	}
	for _, e := range evidence {
		switch {
		case e.State == Approved, e.Author == by.ID, r.ofOffice(by, w.Claim, e.Office):
			w.Evidence = append(w.Evidence, e)
		case e.State == Proposed:
			w.Hidden++
		}
	}
	rows, err := q.Query(ctx, sqlQuestionsOf, w.ID)
	if w.Questions, err = store.All(rows, err, scanQuestion); err != nil {
		return err
	}
	rows, err = q.Query(ctx, sqlActsOf, w.ID)
	if w.History, err = store.All(rows, err, scanDone); err != nil {
		return err
	}
	for i, d := range w.History { // why a head kept something back stays in the office, as what was kept back does
		if d.Verb == "return-evidence" && !r.ofOffice(by, w.Claim, d.Object) {
			w.History[i].Reason = ""
		}
	}
	if w.Editions, err = readEditions(ctx, q, w.ID); err != nil || !by.Staff() {
		return err
	}
	rows, err = q.Query(ctx, sqlReportsOf, w.ID)
	w.Reports, err = store.All(rows, err, scanReport)
	return err
}

// ofOffice says whether the actor belongs to an office, by a post or by standing in for this claim.
func (r *Room) ofOffice(by regulation.Actor, c Claim, office string) bool {
	if office == "" {
		return false
	}
	return slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == office }) ||
		slices.ContainsFunc(by.StandsIn, func(s regulation.StandIn) bool {
			return s.Office == office && s.Matter == c.Ref() && r.now().Before(s.Until)
		})
}

// MayApprove says whether the actor could approve a proposed piece of evidence; the room asks again when it is done.
func (r *Room) MayApprove(by regulation.Actor, c Claim, e Evidence) bool {
	t := c.Thing(e.Office)
	t.Author, t.Drafter = e.Author, e.Author
	return e.State == Proposed && r.rules.Can(by, "claim.approve-evidence", t, r.now()) == nil
}

// May says whether the actor could do an act to the claim as it stands; the room asks again when it is done.
func (r *Room) May(by regulation.Actor, c Claim, a Act) bool {
	t := c.Thing("")
	if a == ActAdd {
		if office := officeOf(by, c); office != "" {
			t = c.Thing(office)
		}
	}
	if a == ActAgree && !c.Leaves.IsZero() { // it is agreed to and about to go out
		return false
	}
	return c.State.May(a) && r.rules.Can(by, "claim."+string(a), t, r.now()) == nil
}

// ListFilter says which claims List gives; zero fields ask for all.
type ListFilter struct {
	States []State
	Office string
	Story  string
	Limit  int // 0 means 200
}

// List gives the claims of the desk's board that the actor may see, newest first: the centre's people see all, an office's those
// about which it was asked.
func (r *Room) List(ctx context.Context, by regulation.Actor, f ListFilter) ([]Claim, error) {
	offices := f.Office
	if !by.Staff() {
		var own []string
		for _, p := range by.Posts {
			own = append(own, p.Office)
		}
		for _, s := range by.StandsIn {
			own = append(own, s.Office)
		}
		if len(own) == 0 {
			return nil, r.rules.Can(by, "claim.view", regulation.Thing{Kind: "claim"}, r.now())
		}
		if f.Office == "" || !slices.Contains(own, f.Office) {
			offices = strings.Join(own, ",")
		}
	}
	if offices != "" {
		offices = "," + offices + ","
	}
	states := ""
	for _, s := range f.States {
		states += "," + string(s)
	}
	if states != "" {
		states += ","
	}
	if f.Limit <= 0 {
		f.Limit = 200
	}
	rows, err := r.db.Query(ctx, sqlList, states, f.Story, offices, f.Limit)
	list, err := store.All(rows, err, scanClaim)
	if err != nil {
		return nil, err
	}
	seen := list[:0]
	for _, c := range list {
		if c.Offices, err = readOffices(ctx, r.db, c); err != nil {
			return nil, err
		}
		if r.canSee(by, c) == nil {
			seen = append(seen, c)
		}
	}
	return seen, nil
}

// OfStory gives the claims opened from a story of the radar, newest first.
func (r *Room) OfStory(ctx context.Context, by regulation.Actor, story string) ([]Claim, error) {
	if story == "" {
		return nil, nil
	}
	return r.List(ctx, by, ListFilter{Story: story})
}

// Counts gives how many claims stand in each state, and under Signalled how many reports wait.
func (r *Room) Counts(ctx context.Context) (map[State]int, error) {
	n := map[State]int{}
	rows, err := r.db.Query(ctx, sqlCountStates)
	type count struct {
		s State
		n int
	}
	list, err := store.All(rows, err, func(w store.Row) (c count, err error) { err = w.Scan(&c.s, &c.n); return c, err })
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		n[c.s] = c.n
	}
	var waiting int
	err = r.db.QueryRow(ctx, sqlCountReports, string(Signalled)).Scan(&waiting)
	n[Signalled] = waiting
	return n, err
}

// ToApprove gives the evidence that waits for the head of one of the actor's offices.
func (r *Room) ToApprove(ctx context.Context, by regulation.Actor) ([]Evidence, error) {
	offices := by.Offices(regulation.OfficeHead)
	for _, s := range by.StandsIn {
		if s.Role == regulation.OfficeHead {
			offices = append(offices, s.Office)
		}
	}
	if len(offices) == 0 {
		return nil, nil
	}
	rows, err := r.db.Query(ctx, sqlWaitingFor, ","+strings.Join(offices, ",")+",")
	list, err := store.All(rows, err, scanEvidence)
	if err != nil {
		return nil, err
	}
	may := list[:0]
	for _, e := range list {
		if r.MayApprove(by, Claim{ID: e.Claim}, e) {
			may = append(may, e)
		}
	}
	return may, nil
}

// Evidence gives one piece of evidence to those who may see it.
func (r *Room) Evidence(ctx context.Context, by regulation.Actor, id string) (Evidence, error) {
	e, err := readEvidence(ctx, r.db, id)
	if err != nil {
		return e, err
	}
	w, err := r.Get(ctx, by, e.Claim)
	if err != nil {
		return Evidence{}, err
	}
	for _, seen := range w.Evidence {
		if seen.ID == id {
			return e, nil
		}
	}
	return Evidence{}, problem.New(problem.NotFound)
}

// Reports gives citizens' reports to the centre's people, newest first; state "" gives all.
func (r *Room) Reports(ctx context.Context, by regulation.Actor, state State, limit int) ([]Report, error) {
	if err := r.seesReports(by); err != nil {
		return nil, err
	}
	rows, err := r.db.Query(ctx, sqlReports, string(state), limit)
	return store.All(rows, err, scanReport)
}

// ReportByID gives a report with how to answer who sent it.
func (r *Room) ReportByID(ctx context.Context, by regulation.Actor, id string) (Report, []Contact, error) {
	if err := r.seesReports(by); err != nil {
		return Report{}, nil, err
	}
	rep, err := scanReport(r.db.QueryRow(ctx, sqlReport, id))
	if err != nil {
		return Report{}, nil, err
	}
	rows, err := r.db.Query(ctx, sqlContactsOf, id)
	list, err := store.All(rows, err, func(w store.Row) (c Contact, err error) {
		var until int64
		err = w.Scan(&c.Name, &c.Email, &c.Phone, &until)
		c.Until = store.Time(until)
		return c, err
	})
	return rep, list, err
}

func (r *Room) seesReports(by regulation.Actor) error {
	return r.rules.Can(by, "claim.view-report", regulation.Thing{Kind: "report"}, r.now())
}

// Public is what everybody sees of a claim.
type Public struct {
	Code      string
	State     State
	Statement string // what circulates
	Topic     string
	Office    string // code of the office responsible
	Checking  bool   // at work and without a verdict yet: never under "checked", never indexed
	Again     bool   // has a verdict and is being checked again
	FirstSeen time.Time
	Opened    time.Time
	Published time.Time
	Links     []string
	Editions  []Edition  // newest first; empty while it is being checked
	Evidence  []Evidence // of the newest edition, what is open
	id        string
}

// Ref names the claim as the ledger does: "claim/ID".
func (p Public) Ref() string { return "claim/" + p.id }

// Now gives the newest edition; the zero Edition while it is being checked.
func (p Public) Now() Edition {
	if len(p.Editions) == 0 {
		return Edition{}
	}
	return p.Editions[0]
}

// Review gives the newest edition as a ClaimReview in a language.
func (p Public) Review(lang string) Review {
	e := p.Now()
	t, in := e.In(lang)
	return Review{
		Code: p.Code, Claimed: t.Said, Headline: t.Headline, Lang: in, Verdict: e.Verdict, Rating: e.Verdict.Rating(),
		Published: p.Published, Modified: e.At, FirstSeen: p.FirstSeen, Where: p.Links,
	}
}

// ByCode gives the public face of a claim: its editions, or that it is being checked where the centre chose to show it.
// Everything else is problem.NotFound.
func (r *Room) ByCode(ctx context.Context, code string) (p Public, err error) {
	err = r.db.View(ctx, func(q store.Reader) error {
		c, err := scanClaim(q.QueryRow(ctx, sqlByCode, code))
		if err != nil {
			return err
		}
		if c.Edition == 0 && (!c.Shown || !slices.Contains(AtWork, c.State)) {
			return problem.New(problem.NotFound)
		}
		if p, err = face(ctx, q, c); err != nil || c.Edition == 0 {
			return err
		}
		list, err := readEvidenceOf(ctx, q, c.ID)
		for _, e := range list {
			if e.Open && slices.Contains(p.Editions[0].evidence, e.ID) {
				p.Evidence = append(p.Evidence, e)
			}
		}
		return err
	})
	return p, err
}

// face gives what is public of a claim.
func face(ctx context.Context, q store.Reader, c Claim) (p Public, err error) {
	work := slices.Contains(AtWork, c.State)
	p = Public{
		Code: c.Code, State: c.State, Statement: c.Statement, Topic: c.Topic, Office: c.Office, Checking: c.Edition == 0,
		Again: c.Edition > 0 && work, FirstSeen: c.FirstSeen, Opened: c.Opened, Published: c.Published, Links: c.Links, id: c.ID,
	}
	if c.Edition > 0 {
		p.Editions, err = readEditions(ctx, q, c.ID)
	}
	return p, err
}

// OpenEvidence gives a piece of evidence that is on a public page; problem.NotFound for any other.
func (r *Room) OpenEvidence(ctx context.Context, id string) (Evidence, error) {
	e, err := readEvidence(ctx, r.db, id)
	if err != nil {
		return Evidence{}, err
	}
	c, err := r.read(ctx, r.db, e.Claim)
	if err != nil {
		return Evidence{}, err
	}
	p, err := r.ByCode(ctx, c.Code)
	if err != nil {
		return Evidence{}, err
	}
	for _, seen := range p.Evidence {
		if seen.ID == id {
			return e, nil
		}
	}
	return Evidence{}, problem.New(problem.NotFound)
}

// RegisterFilter says which verdicts Register gives, and where the page begins.
type RegisterFilter struct {
	Verdict Verdict
	Topic   string
	After   string // the cursor that the page before gave
	Limit   int    // 0 means 20
}

// Register gives published verdicts, the newest first, and the cursor of the next page, "" at the end.
func (r *Room) Register(ctx context.Context, f RegisterFilter) (list []Public, next string, err error) {
	if f.Limit <= 0 {
		f.Limit = 20
	}
	at, id := int64(1)<<62, ""
	if f.After != "" {
		first, rest, ok := strings.Cut(f.After, ".")
		n, err := strconv.ParseInt(first, 36, 64)
		if err != nil || !ok || n <= 0 {
			return nil, "", problem.Of("after", problem.Invalid, "why", "@claim.why.cursor")
		}
		at, id = n, rest
	}
	err = r.db.View(ctx, func(q store.Reader) error {
		rows, err := q.Query(ctx, sqlRegister, at, id, f.Topic, string(f.Verdict), f.Limit+1)
		claims, err := store.All(rows, err, scanClaim)
		if err != nil {
			return err
		}
		if len(claims) > f.Limit {
			claims = claims[:f.Limit]
			last := claims[len(claims)-1]
			next = strconv.FormatInt(store.Micros(last.Published), 36) + "." + last.ID
		}
		for _, c := range claims {
			p, err := face(ctx, q, c)
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	return list, next, err
}

// Working gives the claims that the centre shows as being checked, the newest first: no verdicts among them.
func (r *Room) Working(ctx context.Context) ([]Public, error) {
	rows, err := r.db.Query(ctx, sqlWorking)
	claims, err := store.All(rows, err, scanClaim)
	if err != nil {
		return nil, err
	}
	var list []Public
	for _, c := range claims {
		if c.Edition > 0 {
			continue
		}
		p, err := face(ctx, r.db, c)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}
