package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"khue/people"
	"khue/regulation"
	"khue/release"
)

// ReleaseWork is a release as those who work on it see it.
type ReleaseWork struct {
	Mark
	ID         string    `json:"id"`
	Code       string    `json:"code" example:"TCBC-2026-0001"`
	Kind       string    `json:"kind" example:"press-release"`
	State      string    `json:"state" example:"editing"`
	Version    int64     `json:"version" example:"3"`
	Office     string    `json:"office" example:"SXD"`
	Topic      string    `json:"topic,omitempty"`
	Contact    string    `json:"contact,omitempty"`
	Title      string    `json:"title"`
	Lede       string    `json:"lede,omitempty"`
	Body       string    `json:"body,omitempty"`
	TitleEN    string    `json:"title_en,omitempty"`
	LedeEN     string    `json:"lede_en,omitempty"`
	BodyEN     string    `json:"body_en,omitempty"`
	Change     string    `json:"change,omitempty" example:"correction"`
	ChangeStep string    `json:"change_step,omitempty" example:"editing"`
	Note       string    `json:"note,omitempty"`
	NoteEN     string    `json:"note_en,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	At         time.Time `json:"at,omitzero"`
	Leaving    string    `json:"leaving,omitempty" example:"publish"`
	LeavesAt   time.Time `json:"leaves_at,omitzero"`
	Submitted  time.Time `json:"submitted,omitzero"`
	Published  time.Time `json:"published,omitzero"`
	Withdrawn  time.Time `json:"withdrawn,omitzero"`
	May        []string  `json:"may"`
	Files      []File    `json:"files,omitempty"`
	Duties     []Duty    `json:"duties,omitempty"`
}

func releaseWork(r release.Release) ReleaseWork {
	return ReleaseWork{
		ID: r.ID, Code: r.Code, Kind: string(r.Kind), State: string(r.State), Version: r.Version, Office: r.Office, Topic: r.Topic, Contact: r.Contact,
		Title: r.Title, Lede: r.Lede, Body: r.Body, TitleEN: r.TitleEN, LedeEN: r.LedeEN, BodyEN: r.BodyEN, Change: string(r.Change), ChangeStep: string(r.ChangeStep),
		Note: r.Note, NoteEN: r.NoteEN, Reason: r.Reason, At: when(r.At), Leaving: string(r.Leaving), LeavesAt: when(r.LeavesAt), Submitted: when(r.Submitted),
		Published: when(r.Published), Withdrawn: when(r.Withdrawn), May: []string{},
	}
}

// ReleaseText is what is said; bodies are Markdown, and the English may be left out.
type ReleaseText struct {
	Title   string `json:"title" minLength:"1" maxLength:"300" example:"Thông xe cầu đi bộ phường Hồng Hà"`
	Lede    string `json:"lede,omitempty" maxLength:"2000"`
	Body    string `json:"body" maxLength:"200000" example:"Cầu thông xe lúc 5 giờ ngày 12/11/2026."`
	TitleEN string `json:"title_en,omitempty" maxLength:"300"`
	LedeEN  string `json:"lede_en,omitempty" maxLength:"2000"`
	BodyEN  string `json:"body_en,omitempty" maxLength:"200000"`
}

func (t ReleaseText) text() release.Text {
	return release.Text{Title: t.Title, Lede: t.Lede, Body: t.Body, TitleEN: t.TitleEN, LedeEN: t.LedeEN, BodyEN: t.BodyEN}
}

// SentFile is a file that was uploaded before.
type SentFile struct {
	ID      string `json:"id" minLength:"64" maxLength:"64"`
	Name    string `json:"name" minLength:"1" maxLength:"200" example:"ban-do.png"`
	Caption string `json:"caption,omitempty" maxLength:"500"`
}

func sentFiles(list []SentFile) []release.Sent {
	return each(list, func(f SentFile) release.Sent { return release.Sent{File: f.ID, Name: f.Name, Caption: f.Caption} })
}

// Submission is what an office sends.
type Submission struct {
	ReleaseText
	Kind    string     `json:"kind" enum:"press-information,press-release,quick-notice,statement,decision,invitation,data-release"`
	Office  string     `json:"office,omitempty" maxLength:"20" example:"SXD"`
	Topic   string     `json:"topic,omitempty" enum:"transport,city,environment,safety,health,education,culture,economy,government"`
	Contact string     `json:"contact,omitempty" maxLength:"500" example:"Chị Lan, văn phòng Sở"`
	Files   []SentFile `json:"files,omitempty" maxItems:"20"`
}

// Amendment is what an office supplies when it was asked for more.
type Amendment struct {
	Version
	ReleaseText
	Files []SentFile `json:"files,omitempty" maxItems:"20"`
}

// Editing is the working text as an editor saves it; the version is needed.
type Editing struct {
	ReleaseText
	Version int64  `json:"version" minimum:"1" example:"3"`
	Kind    string `json:"kind,omitempty" enum:"press-information,press-release,quick-notice,statement,decision,invitation,data-release"`
	Topic   string `json:"topic,omitempty" maxLength:"20" example:"transport"`
	Why     string `json:"why,omitempty" maxLength:"500"`
	Note    string `json:"note,omitempty" maxLength:"4000" example:"Bản trước ghi sai giờ thông xe."`
	NoteEN  string `json:"note_en,omitempty" maxLength:"4000"`
}

// Scheduling is the moment at which an approved release goes out.
type Scheduling struct {
	Version
	At time.Time `json:"at" example:"2026-11-12T05:00:00+07:00"`
}

// Withdrawing is the public reason for which a release is taken back.
type Withdrawing struct {
	Reasoned
	ReasonEN string `json:"reason_en,omitempty" maxLength:"4000"`
}

// ReleaseWorkQuery chooses releases of the desk.
type ReleaseWorkQuery struct {
	State  string `query:"state" enum:"draft,submitted,editing,returned,awaiting,approved,scheduled,embargoed,published,corrected,withdrawn,declined"`
	Office string `query:"office" maxLength:"20" example:"SXD"`
	Kind   string `query:"kind" maxLength:"30"`
	Words  string `query:"q" maxLength:"200"`
	After  string `query:"after" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

var (
	deskScope   = []people.Scope{people.ScopeDesk}
	submitScope = []people.Scope{people.ScopeSubmit, people.ScopeDesk}
)

const releasesPath = "/api/desk/releases"

// ReleaseVersion is one text of a release.
type ReleaseVersion struct {
	N       int       `json:"n" example:"2"`
	Reason  string    `json:"reason,omitempty"`
	Title   string    `json:"title"`
	Lede    string    `json:"lede,omitempty"`
	Body    string    `json:"body"`
	TitleEN string    `json:"title_en,omitempty"`
	LedeEN  string    `json:"lede_en,omitempty"`
	BodyEN  string    `json:"body_en,omitempty"`
	SHA256  string    `json:"sha256"`
	At      time.Time `json:"at"`
}

// releases registers the life of a release from its submission to its end.
func (a *API) releases() {
	list := op{ID: "desk-releases", Group: "release", Method: http.MethodGet, Path: releasesPath, Scopes: insideScopes}
	on(a, list, func(ctx context.Context, c *call, in *ReleaseWorkQuery) (List[ReleaseWork], error) {
		f := release.Filter{Office: in.Office, Kind: release.Kind(in.Kind), Words: in.Words, After: in.After, Limit: in.Limit}
		if in.State != "" {
			f.States = []release.State{release.State(in.State)}
		}
		list, next, err := a.s.Releases.List(ctx, c.by, f)
		return page(c, each(list, releaseWork), next), err
	})
	one := op{ID: "desk-release", Group: "release", Method: http.MethodGet, Path: releasesPath + "/{code}", Scopes: insideScopes}
	on(a, one, func(ctx context.Context, c *call, in *Code) (ReleaseWork, error) {
		r, err := a.s.Releases.ByCode(ctx, c.by, strings.ToUpper(in.Code))
		if err != nil {
			return ReleaseWork{}, err
		}
		return a.whole(ctx, c.by, r)
	})
	versions := op{ID: "release-versions", Group: "release", Method: http.MethodGet, Path: releasesPath + "/{code}/versions", Scopes: insideScopes}
	on(a, versions, func(ctx context.Context, c *call, in *Code) (List[ReleaseVersion], error) {
		r, err := a.s.Releases.ByCode(ctx, c.by, strings.ToUpper(in.Code))
		if err != nil {
			return List[ReleaseVersion]{}, err
		}
		list, err := a.s.Releases.Versions(ctx, r.ID)
		return page(c, each(list, func(v release.Version) ReleaseVersion {
			return ReleaseVersion{v.N, v.Reason, v.Title, v.Lede, v.Body, v.TitleEN, v.LedeEN, v.BodyEN, v.SHA256, when(v.At)}
		}), ""), err
	})
	submit := op{ID: "release-submit", Group: "release", Method: http.MethodPost, Path: releasesPath, Scopes: submitScope, Made: true}
	on(a, submit, func(ctx context.Context, c *call, in *Sent[Submission]) (ReleaseWork, error) {
		b := in.Body
		r, err := a.s.Releases.Submit(ctx, c.by, release.SubmitInput{
			Kind: release.Kind(b.Kind), Office: b.Office, Topic: b.Topic, Text: b.text(), Contact: b.Contact, Files: sentFiles(b.Files), Key: c.form,
		})
		if err != nil {
			return ReleaseWork{}, err
		}
		return a.whole(ctx, c.by, r)
	})
	a.releaseActs()
}

// whole adds to a release what belongs to it.
func (a *API) whole(ctx context.Context, by regulation.Actor, r release.Release) (ReleaseWork, error) {
	out := releaseWork(r)
	verbs, err := a.s.Releases.Verbs(ctx, by, r)
	if err != nil {
		return out, err
	}
	for _, v := range slices.Sorted(maps.Keys(verbs)) {
		if verbs[v] {
			out.May = append(out.May, string(v))
		}
	}
	files, err := a.s.Releases.Attachments(ctx, r)
	if err != nil {
		return out, err
	}
	for _, f := range files {
		out.Files = append(out.Files, File{ID: f.File.ID, Name: f.Name, Kind: f.File.Kind, Bytes: f.File.Bytes, Caption: f.Caption, Alt: f.Alt})
	}
	duties, err := a.s.Duties.Of(ctx, a.s.DB, r.Ref())
	out.Duties = each(duties, duty)
	return out, err
}

// act registers one step of a release's life. do gets the release's id.
func act[B any](a *API, verb string, scopes []people.Scope, do func(ctx context.Context, by regulation.Actor, id string, b B) (release.Release, error)) {
	o := op{ID: "release-" + verb, Group: "release", Method: http.MethodPost, Path: releasesPath + "/{code}/" + verb, Scopes: scopes}
	on(a, o, func(ctx context.Context, c *call, in *Coded[B]) (ReleaseWork, error) {
		r, err := a.s.Releases.ByCode(ctx, c.by, strings.ToUpper(in.Code))
		if err != nil {
			return ReleaseWork{}, err
		}
		if r, err = do(ctx, c.by, r.ID, in.Body); err != nil {
			return ReleaseWork{}, err
		}
		return a.whole(ctx, c.by, r)
	})
}

// plain is a step that needs nothing but the version.
func (a *API) plain(verb string, do func(context.Context, regulation.Actor, release.Ref) (release.Release, error)) {
	act(a, verb, deskScope, func(ctx context.Context, by regulation.Actor, id string, b Version) (release.Release, error) {
		return do(ctx, by, release.Ref{ID: id, Version: b.Version})
	})
}

// reasoned is a step that needs a reason.
func (a *API) reasoned(verb string, do func(context.Context, regulation.Actor, release.Why) (release.Release, error)) {
	act(a, verb, deskScope, func(ctx context.Context, by regulation.Actor, id string, b Reasoned) (release.Release, error) {
		return do(ctx, by, release.Why{Ref: release.Ref{ID: id, Version: b.Version}, Reason: b.Reason})
	})
}

// timed is a step that needs a moment.
func (a *API) timed(verb string, do func(context.Context, regulation.Actor, release.When) (release.Release, error)) {
	act(a, verb, deskScope, func(ctx context.Context, by regulation.Actor, id string, b Scheduling) (release.Release, error) {
		return do(ctx, by, release.When{Ref: release.Ref{ID: id, Version: b.Version.Version}, At: b.At})
	})
}

func (a *API) releaseActs() {
	room := a.s.Releases
	a.plain("take", room.Take)
	a.reasoned("return", room.Return)
	act(a, "amend", submitScope, func(ctx context.Context, by regulation.Actor, id string, b Amendment) (release.Release, error) {
		return room.Amend(ctx, by, release.AmendInput{Ref: release.Ref{ID: id, Version: b.Version.Version}, Text: b.text(), Files: sentFiles(b.Files)})
	})
	a.reasoned("decline", room.Decline)
	act(a, "edit", deskScope, func(ctx context.Context, by regulation.Actor, id string, b Editing) (release.Release, error) {
		return room.Edit(ctx, by, release.EditInput{
			Ref: release.Ref{ID: id, Version: b.Version}, Kind: release.Kind(b.Kind), Topic: b.Topic, Text: b.text(), Why: b.Why, Note: b.Note, NoteEN: b.NoteEN,
		})
	})
	a.plain("send-up", room.SendUp)
	a.reasoned("send-back", room.SendBack)
	a.plain("approve", room.Approve)
	a.timed("schedule", room.Schedule)
	a.timed("embargo", room.Embargo)
	a.plain("unschedule", room.Unschedule)
	a.plain("publish", room.Publish)
	a.plain("undo", room.Undo)
	a.plain("draft-correction", room.DraftCorrection)
	a.plain("draft-update", func(ctx context.Context, by regulation.Actor, in release.Ref) (release.Release, error) {
		return room.DraftChange(ctx, by, in, release.Update)
	})
	a.plain("drop-change", room.DropChange)
	a.plain("correct", room.Correct)
	a.plain("update", room.Update)
	act(a, "withdraw", deskScope, func(ctx context.Context, by regulation.Actor, id string, b Withdrawing) (release.Release, error) {
		return room.Withdraw(ctx, by, release.WithdrawInput{Ref: release.Ref{ID: id, Version: b.Version}, Reason: b.Reason, ReasonEN: b.ReasonEN})
	})
}
