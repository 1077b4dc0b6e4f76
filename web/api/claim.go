package api

import (
	"context"
	"net/http"
	"time"

	"khue/claim"
	"khue/people"
	"khue/regulation"
)

// ClaimWork is a claim as those who check it see it.
type ClaimWork struct {
	Mark
	ID        string         `json:"id"`
	Code      string         `json:"code" example:"KC-2026-0001"`
	State     string         `json:"state" example:"checking"`
	Version   int64          `json:"version" example:"4"`
	Statement string         `json:"statement"`
	Topic     string         `json:"topic,omitempty"`
	Office    string         `json:"office,omitempty" example:"SXD"`
	Offices   []string       `json:"offices"`
	Story     string         `json:"story,omitempty"`
	Links     []string       `json:"links,omitempty"`
	Urgent    bool           `json:"urgent"`
	Impact    string         `json:"impact" example:"none"`
	Shown     bool           `json:"shown"`
	Press     bool           `json:"press"`
	FirstSeen time.Time      `json:"first_seen,omitzero"`
	Opened    time.Time      `json:"opened"`
	Published time.Time      `json:"published,omitzero"`
	Reason    string         `json:"reason,omitempty"`
	LeavesAt  time.Time      `json:"leaves_at,omitzero"`
	Draft     *ClaimDraft    `json:"draft,omitempty"`
	Questions []OfficeAsked  `json:"questions,omitempty"`
	Evidence  []Evidence     `json:"evidence,omitempty"`
	Hidden    int            `json:"hidden,omitempty"`
	Editions  []ClaimEdition `json:"editions,omitempty"`
	Duties    []Duty         `json:"duties,omitempty"`
}

// OfficeAsked is what an office was asked.
type OfficeAsked struct {
	Office string    `json:"office" example:"SXD"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

// ClaimDraft is the verdict at hand.
type ClaimDraft struct {
	Verdict    string `json:"verdict" enum:"fake,false,misleading,missing-context,verified,not-enough,not-checkable"`
	Headline   string `json:"headline" minLength:"1" maxLength:"300" example:"Cầu đi bộ vẫn đứng vững, không sập"`
	Said       string `json:"said,omitempty" maxLength:"2000" example:"Cầu đi bộ sập đêm qua"`
	Body       string `json:"body" minLength:"1" maxLength:"50000" example:"Biên bản kiểm tra ngày 9/11 cho thấy cầu bình thường."`
	HeadlineEN string `json:"headline_en,omitempty" maxLength:"300"`
	SaidEN     string `json:"said_en,omitempty" maxLength:"2000"`
	BodyEN     string `json:"body_en,omitempty" maxLength:"50000"`
	Change     string `json:"change,omitempty" enum:"correction,update"`
	Note       string `json:"note,omitempty" maxLength:"4000"`
	NoteEN     string `json:"note_en,omitempty" maxLength:"4000"`
}

// Seen is the version of the thing that the caller saw: when somebody saved meanwhile, the answer is a conflict.
type Seen struct {
	Version int64 `json:"version" minimum:"1" example:"4"`
}

// SeenReasoned is a version and a reason.
type SeenReasoned struct {
	Seen
	Reason string `json:"reason" minLength:"1" maxLength:"4000" example:"Nêu rõ ai đã kiểm tra."`
}

// Drafting is a verdict as it is written; a claim that the press carried says so.
type Drafting struct {
	Seen
	ClaimDraft
	Press bool `json:"press,omitempty"`
}

// Opening is what a claim is opened from: a story, reports, or nothing but what somebody heard.
type Opening struct {
	Statement string    `json:"statement" minLength:"1" maxLength:"500" example:"Cầu đi bộ phường Hồng Hà sập đêm qua"`
	Topic     string    `json:"topic,omitempty" enum:"transport,city,environment,safety,health,education,culture,economy,government"`
	Story     string    `json:"story,omitempty" maxLength:"40"`
	Reports   []string  `json:"reports,omitempty" maxItems:"100"`
	Links     []string  `json:"links,omitempty" maxItems:"20"`
	Office    string    `json:"office,omitempty" maxLength:"20" example:"SXD"`
	Question  string    `json:"question,omitempty" maxLength:"4000"`
	Urgent    bool      `json:"urgent,omitempty"`
	Impact    string    `json:"impact,omitempty" enum:"none,major,divided" default:"none"`
	Shown     bool      `json:"shown,omitempty"`
	Press     bool      `json:"press,omitempty"`
	FirstSeen time.Time `json:"first_seen,omitzero"`
}

// AskOffice is a question to an office.
type AskOffice struct {
	Office   string `json:"office" minLength:"1" maxLength:"20" example:"SXD"`
	Question string `json:"question,omitempty" maxLength:"4000" example:"Cầu có sự cố không?"`
}

// AddEvidence is one piece of evidence.
type AddEvidence struct {
	Kind     string `json:"kind" enum:"statement,file,link,passage"`
	Office   string `json:"office,omitempty" maxLength:"20" example:"SXD"`
	Title    string `json:"title,omitempty" maxLength:"300"`
	Text     string `json:"text,omitempty" maxLength:"20000"`
	Link     string `json:"link,omitempty" maxLength:"2000"`
	Release  string `json:"release,omitempty" maxLength:"40" example:"TCBC-2026-0001"`
	File     string `json:"file,omitempty" maxLength:"64"`
	FileName string `json:"file_name,omitempty" maxLength:"200"`
	Original bool   `json:"original,omitempty"`
	Open     bool   `json:"open,omitempty"`
}

// Because is a reason that may be left out.
type Because struct {
	Reason string `json:"reason,omitempty" maxLength:"4000"`
}

// Showing says whether the public sees that a claim is being checked.
type Showing struct {
	Shown bool `json:"shown"`
}

// Empty is a body without anything in it.
type Empty struct{}

// ClaimWorkQuery chooses claims of the desk.
type ClaimWorkQuery struct {
	State  string `query:"state" enum:"opened,checking,drafted,awaiting,published,closed"`
	Office string `query:"office" maxLength:"20" example:"SXD"`
	Story  string `query:"story" maxLength:"40"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"200"`
}

// CitizenReport is what a citizen told the centre.
type CitizenReport struct {
	ID    string    `json:"id"`
	Code  string    `json:"code" example:"TB-2026-0001"`
	State string    `json:"state" example:"signalled"`
	Text  string    `json:"text,omitempty"`
	Link  string    `json:"link,omitempty"`
	Times int64     `json:"times" example:"1"`
	At    time.Time `json:"at"`
}

// ReportQuery chooses reports.
type ReportQuery struct {
	State string `query:"state" enum:"signalled,opened,dismissed"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

var claimsScope = []people.Scope{people.ScopeClaims}

const claimsPath = "/api/desk/claims"

func claimWork(c claim.Claim) ClaimWork {
	out := ClaimWork{
		ID: c.ID, Code: c.Code, State: string(c.State), Version: c.Version, Statement: c.Statement, Topic: c.Topic, Office: c.Office, Offices: orEmpty(c.Offices), Story: c.Story,
		Links: c.Links, Urgent: c.Urgent, Impact: string(c.Impact), Shown: c.Shown, Press: c.Press, FirstSeen: when(c.FirstSeen), Opened: when(c.Opened), Published: when(c.Published),
		Reason: c.Reason, LeavesAt: when(c.Leaves),
	}
	if d := c.Draft; d.Verdict != "" {
		out.Draft = &ClaimDraft{string(d.Verdict), d.VI.Headline, d.VI.Said, d.VI.Body, d.EN.Headline, d.EN.Said, d.EN.Body, d.Change, d.Note, d.NoteEN}
	}
	return out
}

// wholeClaim gives a claim with all that the caller may see of it.
func (a *API) wholeClaim(ctx context.Context, by regulation.Actor, id string) (ClaimWork, error) {
	w, err := a.s.Claims.Get(ctx, by, id)
	if err != nil {
		return ClaimWork{}, err
	}
	out := claimWork(w.Claim)
	out.Evidence, out.Hidden, out.Editions = each(w.Evidence, evidence), w.Hidden, each(w.Editions, edition)
	for _, q := range w.Questions {
		out.Questions = append(out.Questions, OfficeAsked{q.Office, q.Text, when(q.At)})
	}
	for _, office := range w.Offices {
		list, err := a.s.Duties.Of(ctx, a.s.DB, w.DutyOf(office))
		if err != nil {
			return out, err
		}
		out.Duties = append(out.Duties, each(list, duty)...)
	}
	return out, nil
}

// claims registers the way of a claim from its opening to the register.
func (a *API) claims() {
	reads := append([]people.Scope{people.ScopeClaims}, people.ScopeRead)
	list := op{ID: "desk-claims", Group: "claim", Method: http.MethodGet, Path: claimsPath, Scopes: reads}
	on(a, list, func(ctx context.Context, c *call, in *ClaimWorkQuery) (List[ClaimWork], error) {
		f := claim.ListFilter{Office: in.Office, Story: in.Story, Limit: in.Limit}
		if in.State != "" {
			f.States = []claim.State{claim.State(in.State)}
		}
		list, err := a.s.Claims.List(ctx, c.by, f)
		return page(c, each(list, claimWork), ""), err
	})
	one := op{ID: "desk-claim", Group: "claim", Method: http.MethodGet, Path: claimsPath + "/{code}", Scopes: reads}
	on(a, one, func(ctx context.Context, c *call, in *Code) (ClaimWork, error) {
		return a.wholeClaim(ctx, c.by, in.Code)
	})
	open := op{ID: "claim-open", Group: "claim", Method: http.MethodPost, Path: claimsPath, Scopes: claimsScope, Made: true}
	on(a, open, func(ctx context.Context, c *call, in *Sent[Opening]) (ClaimWork, error) {
		b := in.Body
		made, err := a.s.Claims.Open(ctx, c.by, claim.OpenInput{
			Statement: b.Statement, Topic: b.Topic, Story: b.Story, Reports: b.Reports, Links: b.Links, Office: b.Office, Question: b.Question, Urgent: b.Urgent,
			Impact: claim.Impact(b.Impact), Shown: b.Shown, Press: b.Press, FirstSeen: b.FirstSeen,
		})
		if err != nil {
			return ClaimWork{}, err
		}
		return a.wholeClaim(ctx, c.by, made.ID)
	})
	a.claimActs()
	a.evidenceActs()
	a.reports(reads)
}

// step registers one act on a claim. do gets the claim's id.
func step[B any](a *API, verb string, do func(ctx context.Context, by regulation.Actor, id string, b B) error) {
	o := op{ID: "claim-" + verb, Group: "claim", Method: http.MethodPost, Path: claimsPath + "/{code}/" + verb, Scopes: claimsScope}
	on(a, o, func(ctx context.Context, c *call, in *Coded[B]) (ClaimWork, error) {
		w, err := a.s.Claims.Get(ctx, c.by, in.Code)
		if err != nil {
			return ClaimWork{}, err
		}
		if err := do(ctx, c.by, w.ID, in.Body); err != nil {
			return ClaimWork{}, err
		}
		return a.wholeClaim(ctx, c.by, w.ID)
	})
}

func drafting(id string, b Drafting) claim.DraftInput {
	return claim.DraftInput{
		Claim: id, Version: b.Version, Verdict: claim.Verdict(b.Verdict), VI: claim.Text{Headline: b.Headline, Said: b.Said, Body: b.Body},
		EN: claim.Text{Headline: b.HeadlineEN, Said: b.SaidEN, Body: b.BodyEN}, Change: b.Change, Note: b.Note, NoteEN: b.NoteEN, Press: b.Press,
	}
}

func (a *API) claimActs() {
	room := a.s.Claims
	step(a, "take", func(ctx context.Context, by regulation.Actor, id string, _ Empty) error {
		_, err := room.Take(ctx, by, claim.TakeInput{Claim: id})
		return err
	})
	step(a, "ask", func(ctx context.Context, by regulation.Actor, id string, b AskOffice) error {
		_, err := room.Ask(ctx, by, claim.AskInput{Claim: id, Office: b.Office, Question: b.Question})
		return err
	})
	step(a, "draft", func(ctx context.Context, by regulation.Actor, id string, b Drafting) error {
		_, err := room.Draft(ctx, by, drafting(id, b))
		return err
	})
	step(a, "correct", func(ctx context.Context, by regulation.Actor, id string, b Drafting) error {
		_, err := room.Correct(ctx, by, drafting(id, b))
		return err
	})
	step(a, "send-up", func(ctx context.Context, by regulation.Actor, id string, b Seen) error {
		_, err := room.SendUp(ctx, by, claim.SendUpInput{Claim: id, Version: b.Version})
		return err
	})
	step(a, "agree", func(ctx context.Context, by regulation.Actor, id string, b Seen) error {
		_, err := room.Agree(ctx, by, claim.AgreeInput{Claim: id, Version: b.Version})
		return err
	})
	step(a, "undo", func(ctx context.Context, by regulation.Actor, id string, _ Empty) error {
		_, err := room.Undo(ctx, by, claim.UndoInput{Claim: id})
		return err
	})
	step(a, "disagree", func(ctx context.Context, by regulation.Actor, id string, b SeenReasoned) error {
		_, err := room.Disagree(ctx, by, claim.DisagreeInput{Claim: id, Version: b.Version, Reason: b.Reason})
		return err
	})
	step(a, "close", func(ctx context.Context, by regulation.Actor, id string, b SeenReasoned) error {
		_, err := room.Close(ctx, by, claim.CloseInput{Claim: id, Version: b.Version, Reason: b.Reason})
		return err
	})
	step(a, "reopen", func(ctx context.Context, by regulation.Actor, id string, b SeenReasoned) error {
		_, err := room.Reopen(ctx, by, claim.ReopenInput{Claim: id, Version: b.Version, Reason: b.Reason})
		return err
	})
	step(a, "show", func(ctx context.Context, by regulation.Actor, id string, b Showing) error {
		_, err := room.Show(ctx, by, claim.ShowInput{Claim: id, Shown: b.Shown})
		return err
	})
}

// EvidenceGiven is a piece of evidence after what was done with it.
type EvidenceGiven struct {
	Mark
	Evidence
}

func (a *API) evidenceActs() {
	room := a.s.Claims
	add := op{ID: "evidence-add", Group: "claim", Method: http.MethodPost, Path: claimsPath + "/{code}/evidence", Scopes: claimsScope, Made: true}
	on(a, add, func(ctx context.Context, c *call, in *Coded[AddEvidence]) (EvidenceGiven, error) {
		w, err := room.Get(ctx, c.by, in.Code)
		if err != nil {
			return EvidenceGiven{}, err
		}
		b := in.Body
		e, err := room.AddEvidence(ctx, c.by, claim.AddEvidenceInput{
			Claim: w.ID, Kind: claim.EvidenceKind(b.Kind), Office: b.Office, Title: b.Title, Text: b.Text, Link: b.Link, Release: b.Release, File: b.File, FileName: b.FileName,
			Original: b.Original, Open: b.Open,
		})
		return EvidenceGiven{Evidence: evidence(e)}, err
	})
	decide := func(verb string, do func(context.Context, regulation.Actor, claim.DecideInput) (claim.Evidence, error)) {
		o := op{ID: "evidence-" + verb, Group: "claim", Method: http.MethodPost, Path: "/api/desk/evidence/{id}/" + verb, Scopes: claimsScope}
		on(a, o, func(ctx context.Context, c *call, in *Identified[Because]) (EvidenceGiven, error) {
			e, err := do(ctx, c.by, claim.DecideInput{Evidence: in.ID, Reason: in.Body.Reason})
			return EvidenceGiven{Evidence: evidence(e)}, err
		})
	}
	decide("approve", room.ApproveEvidence)
	decide("return", room.ReturnEvidence)
	decide("remove", room.RemoveEvidence)
}

func (a *API) reports(reads []people.Scope) {
	list := op{ID: "reports", Group: "claim", Method: http.MethodGet, Path: "/api/desk/reports", Scopes: reads}
	on(a, list, func(ctx context.Context, c *call, in *ReportQuery) (List[CitizenReport], error) {
		list, err := a.s.Claims.Reports(ctx, c.by, claim.State(in.State), in.Limit)
		return page(c, each(list, func(r claim.Report) CitizenReport {
			return CitizenReport{r.ID, r.Code, string(r.State), r.Text, r.Link, r.Times, when(r.At)}
		}), ""), err
	})
	dismiss := op{ID: "report-dismiss", Group: "claim", Method: http.MethodPost, Path: "/api/desk/reports/{id}/dismiss", Scopes: claimsScope}
	on(a, dismiss, func(ctx context.Context, c *call, in *Identified[Because]) (Reported, error) {
		r, err := a.s.Claims.Dismiss(ctx, c.by, claim.DismissInput{Report: in.ID, Reason: in.Body.Reason})
		return Reported{Code: r.Code}, err
	})
}
