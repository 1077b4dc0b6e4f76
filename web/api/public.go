package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/insight"
	"khue/people"
	"khue/problem"
	"khue/release"
)

// Release is what the city said, as it is out now. A withdrawn one keeps its code, and why, but no text.
type Release struct {
	Mark
	Code      string    `json:"code" example:"TCBC-2026-0001"`
	Kind      string    `json:"kind" example:"press-release"`
	State     string    `json:"state" enum:"published,corrected,withdrawn"`
	Office    string    `json:"office" example:"SXD"`
	Topic     string    `json:"topic,omitempty" example:"transport"`
	Version   int       `json:"version" example:"2"`
	Title     string    `json:"title,omitempty"`
	Lede      string    `json:"lede,omitempty"`
	Body      string    `json:"body,omitempty"`
	TitleEN   string    `json:"title_en,omitempty"`
	LedeEN    string    `json:"lede_en,omitempty"`
	BodyEN    string    `json:"body_en,omitempty"`
	Published time.Time `json:"published"`
	Changed   time.Time `json:"changed"`
	Edition   string    `json:"edition" enum:"first,update,correction"`
	Note      string    `json:"note,omitempty"`
	NoteEN    string    `json:"note_en,omitempty"`
	Withdrawn time.Time `json:"withdrawn,omitzero"`
	Reason    string    `json:"reason,omitempty"`
	ReasonEN  string    `json:"reason_en,omitempty"`
	SHA256    string    `json:"sha256,omitempty"`
	SHA256EN  string    `json:"sha256_en,omitempty"`
	Entry     string    `json:"entry"`
	Files     []File    `json:"files,omitempty"`
	Page      string    `json:"page" example:"https://baochi.example/r/TCBC-2026-0001"`
	Proof     string    `json:"proof" example:"https://baochi.example/v/TCBC-2026-0001"`
}

// File is a file that goes with something.
type File struct {
	ID      string `json:"id" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Name    string `json:"name" example:"ban-do.png"`
	Kind    string `json:"kind" example:"image/png"`
	Bytes   int64  `json:"bytes" example:"48213"`
	Caption string `json:"caption,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Address string `json:"address,omitempty"`
}

func (a *API) release(p release.Public, whole bool) Release {
	r := Release{
		Code: p.Code, Kind: string(p.Kind), State: string(p.State), Office: p.Office, Topic: p.Topic, Version: p.N, Title: p.Title, Lede: p.Lede, TitleEN: p.TitleEN, LedeEN: p.LedeEN,
		Published: when(p.Published), Changed: when(p.Changed), Edition: p.Edition, Note: p.Note, NoteEN: p.NoteEN, Withdrawn: when(p.Withdrawn), Reason: p.Reason, ReasonEN: p.ReasonEN,
		SHA256: p.SHA256, SHA256EN: p.SHA256EN, Entry: p.Entry, Page: a.s.Origin + "/r/" + p.Code, Proof: a.s.Origin + "/v/" + p.Code,
	}
	if r.Edition == "" {
		r.Edition = "first"
	}
	if whole {
		r.Body, r.BodyEN = p.Body, p.BodyEN
	}
	return r
}

// ReleaseQuery chooses releases.
type ReleaseQuery struct {
	Office    string    `query:"office" maxLength:"20" example:"SXD"`
	Kind      string    `query:"kind" enum:"press-information,press-release,quick-notice,statement,decision,invitation,data-release"`
	Topic     string    `query:"topic" enum:"transport,city,environment,safety,health,education,culture,economy,government"`
	Words     string    `query:"q" maxLength:"200" example:"cầu Long Biên"`
	Since     time.Time `query:"since" example:"2026-11-01T00:00:00+07:00"`
	Until     time.Time `query:"until" example:"2026-12-01T00:00:00+07:00"`
	Withdrawn bool      `query:"withdrawn"`
	After     string    `query:"after" maxLength:"200"`
	Limit     int       `query:"limit" minimum:"1" maximum:"200" default:"30"`
}

// Claim is a claim as everybody sees it: what circulates, and the verdict with what it rests on.
type Claim struct {
	Mark
	Code      string         `json:"code" example:"KC-2026-0001"`
	State     string         `json:"state" example:"published"`
	Statement string         `json:"statement"`
	Topic     string         `json:"topic,omitempty" example:"transport"`
	Office    string         `json:"office,omitempty" example:"SXD"`
	Checking  bool           `json:"checking"`
	Again     bool           `json:"again"`
	FirstSeen time.Time      `json:"first_seen,omitzero"`
	Opened    time.Time      `json:"opened"`
	Published time.Time      `json:"published,omitzero"`
	Links     []string       `json:"links,omitempty"`
	Editions  []ClaimEdition `json:"editions,omitempty"`
	Evidence  []Evidence     `json:"evidence,omitempty"`
	Page      string         `json:"page" example:"https://baochi.example/claims/KC-2026-0001"`
	Proof     string         `json:"proof,omitempty" example:"https://baochi.example/v/KC-2026-0001"`
	Review    *Review        `json:"review,omitempty"`
}

// ClaimEdition is one published state of a fact-check.
type ClaimEdition struct {
	N          int       `json:"n" example:"1"`
	Verdict    string    `json:"verdict" example:"false"`
	National   string    `json:"national,omitempty" example:"false"`
	Headline   string    `json:"headline"`
	Said       string    `json:"said,omitempty"`
	Body       string    `json:"body"`
	HeadlineEN string    `json:"headline_en,omitempty"`
	SaidEN     string    `json:"said_en,omitempty"`
	BodyEN     string    `json:"body_en,omitempty"`
	Change     string    `json:"change,omitempty" example:"correction"`
	Note       string    `json:"note,omitempty"`
	NoteEN     string    `json:"note_en,omitempty"`
	SHA256     string    `json:"sha256"`
	SHA256EN   string    `json:"sha256_en,omitempty"`
	Entry      string    `json:"entry"`
	At         time.Time `json:"at"`
}

// Evidence is what a verdict rests on.
type Evidence struct {
	ID       string    `json:"id" example:"01934f0e-7c00-7000-8000-000000000002"`
	Kind     string    `json:"kind" example:"statement"`
	State    string    `json:"state" example:"approved"`
	Office   string    `json:"office,omitempty" example:"SXD"`
	Title    string    `json:"title,omitempty"`
	Text     string    `json:"text,omitempty"`
	Link     string    `json:"link,omitempty"`
	Release  string    `json:"release,omitempty" example:"TCBC-2026-0001"`
	Original bool      `json:"original"`
	Open     bool      `json:"open"`
	At       time.Time `json:"at"`
}

func evidence(e claim.Evidence) Evidence {
	return Evidence{
		ID: e.ID, Kind: string(e.Kind), State: string(e.State), Office: e.Office, Title: e.Title, Text: e.Text, Link: e.Link, Release: e.Code, Original: e.Original, Open: e.Open, At: when(e.At),
	}
}

// Review is the verdict as schema.org's ClaimReview, in Vietnamese.
type Review struct {
	Context       string       `json:"@context" example:"https://schema.org"`
	Type          string       `json:"@type" example:"ClaimReview"`
	URL           string       `json:"url"`
	Published     time.Time    `json:"datePublished"`
	Modified      time.Time    `json:"dateModified,omitzero"`
	Language      string       `json:"inLanguage" example:"vi"`
	ClaimReviewed string       `json:"claimReviewed"`
	Name          string       `json:"name"`
	Rating        ReviewRating `json:"reviewRating"`
	Where         []string     `json:"appearance,omitempty"`
}

// ReviewRating is the rating of a ClaimReview; the value is left out where the verdict is no measure of truth.
type ReviewRating struct {
	Type      string `json:"@type" example:"Rating"`
	Value     int    `json:"ratingValue,omitempty" example:"1"`
	Best      int    `json:"bestRating" example:"5"`
	Worst     int    `json:"worstRating" example:"1"`
	Alternate string `json:"alternateName" example:"Tin giả"`
}

func edition(e claim.Edition) ClaimEdition {
	return ClaimEdition{
		N: e.N, Verdict: string(e.Verdict), National: string(e.Verdict.National()), Headline: e.VI.Headline, Said: e.VI.Said, Body: e.VI.Body,
		HeadlineEN: e.EN.Headline, SaidEN: e.EN.Said, BodyEN: e.EN.Body, Change: e.Change, Note: e.Note, NoteEN: e.NoteEN, SHA256: e.Hash, SHA256EN: e.HashEN, Entry: e.Entry, At: when(e.At),
	}
}

func (a *API) claim(c *call, p claim.Public, whole bool) Claim {
	out := Claim{
		Code: p.Code, State: string(p.State), Statement: p.Statement, Topic: p.Topic, Office: p.Office, Checking: p.Checking, Again: p.Again, FirstSeen: when(p.FirstSeen),
		Opened: when(p.Opened), Published: when(p.Published), Page: a.s.Origin + "/claims/" + p.Code,
	}
	if p.Checking {
		return out
	}
	out.Proof = a.s.Origin + "/v/" + p.Code
	if !whole {
		out.Editions = []ClaimEdition{edition(p.Now())}
		return out
	}
	out.Links, out.Editions, out.Evidence = p.Links, each(p.Editions, edition), each(p.Evidence, evidence)
	v := p.Review("vi")
	out.Review = &Review{
		Context: "https://schema.org", Type: "ClaimReview", URL: out.Page, Published: when(v.Published), Modified: when(v.Modified), Language: v.Lang, ClaimReviewed: v.Claimed,
		Name: v.Headline, Where: v.Where,
		Rating: ReviewRating{Type: "Rating", Value: v.Rating, Best: 5, Worst: 1, Alternate: c.lang.T("claim.verdict." + string(v.Verdict))},
	}
	return out
}

// ClaimQuery chooses verdicts.
type ClaimQuery struct {
	Verdict string `query:"verdict" enum:"fake,false,misleading,missing-context,verified,not-enough,not-checkable"`
	Topic   string `query:"topic" enum:"transport,city,environment,safety,health,education,culture,economy,government"`
	After   string `query:"after" maxLength:"200"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Answer is an answer that was given in public: nothing of who asked.
type Answer struct {
	Code      string    `json:"code" example:"HD-2026-0001"`
	Kind      string    `json:"kind" example:"question"`
	Asker     string    `json:"asker" example:"citizen"`
	Office    string    `json:"office,omitempty" example:"SXD"`
	Round     int64     `json:"round" example:"1"`
	Title     string    `json:"title,omitempty"`
	Question  string    `json:"question,omitempty"`
	Text      string    `json:"text,omitempty"`
	SHA256    string    `json:"sha256"`
	Entry     string    `json:"entry"`
	At        time.Time `json:"at"`
	Withdrawn time.Time `json:"withdrawn,omitzero"`
	Reason    string    `json:"reason,omitempty"`
	Page      string    `json:"page" example:"https://baochi.example/answers/HD-2026-0001"`
}

func (a *API) answer(p inquiry.PublicAnswer) Answer {
	return Answer{
		Code: p.Code, Kind: string(p.Kind), Asker: string(p.Asker), Office: p.Office, Round: p.Round, Title: p.Title, Question: p.Question, Text: p.Text, SHA256: p.Hash, Entry: p.Entry,
		At: when(p.At), Withdrawn: when(p.Withdrawn), Reason: p.Reason, Page: a.s.Origin + "/answers/" + p.Code,
	}
}

// AnswerQuery chooses answers.
type AnswerQuery struct {
	Office string    `query:"office" maxLength:"20" example:"SXD"`
	After  time.Time `query:"after" example:"2026-11-09T08:00:00+07:00"`
	Limit  int       `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

// public registers what everybody may read.
func (a *API) public() {
	get := func(id, group, path string) op { return op{ID: id, Group: group, Method: http.MethodGet, Path: path} }
	on(a, get("releases", "said", "/api/releases"), func(ctx context.Context, c *call, in *ReleaseQuery) (List[Release], error) {
		list, next, err := a.s.Releases.Published(ctx, release.Page{
			Office: in.Office, Kind: release.Kind(in.Kind), Topic: in.Topic, Words: in.Words, Since: in.Since, Until: in.Until, Withdrawn: in.Withdrawn, After: in.After, Limit: in.Limit,
		})
		return page(c, each(list, func(p release.Public) Release { return a.release(p, false) }), next), err
	})
	on(a, get("release", "said", "/api/releases/{code}"), func(ctx context.Context, _ *call, in *Code) (Release, error) {
		p, err := a.s.Releases.Public(ctx, strings.ToUpper(in.Code))
		if err != nil {
			return Release{}, err
		}
		files, err := a.s.Releases.PublicFiles(ctx, p)
		out := a.release(p, true)
		for _, f := range files {
			out.Files = append(out.Files, File{f.ID, f.Name, f.Kind, f.Bytes, f.Caption, f.Alt, a.s.Origin + "/files/" + f.ID + "/" + f.Name})
		}
		return out, err
	})
	on(a, get("claims", "said", "/api/claims"), func(ctx context.Context, c *call, in *ClaimQuery) (List[Claim], error) {
		list, next, err := a.s.Claims.Register(ctx, claim.RegisterFilter{Verdict: claim.Verdict(in.Verdict), Topic: in.Topic, After: in.After, Limit: in.Limit})
		return page(c, each(list, func(p claim.Public) Claim { return a.claim(c, p, false) }), next), err
	})
	on(a, get("claims-checking", "said", "/api/claims/checking"), func(ctx context.Context, c *call, _ *Nothing) (List[Claim], error) {
		list, err := a.s.Claims.Working(ctx)
		return page(c, each(list, func(p claim.Public) Claim { return a.claim(c, p, false) }), ""), err
	})
	on(a, get("claim", "said", "/api/claims/{code}"), func(ctx context.Context, c *call, in *Code) (Claim, error) {
		p, err := a.s.Claims.ByCode(ctx, strings.ToUpper(in.Code))
		if err != nil {
			return Claim{}, err
		}
		return a.claim(c, p, true), nil
	})
	on(a, get("answers", "said", "/api/answers"), func(ctx context.Context, c *call, in *AnswerQuery) (List[Answer], error) {
		list, err := a.s.Inquiries.PublicAnswers(ctx, inquiry.PublicFilter{Office: in.Office, Before: in.After, Limit: in.Limit})
		next := ""
		if len(list) > 0 && len(list) == in.Limit {
			next = list[len(list)-1].At.UTC().Format(time.RFC3339Nano)
		}
		return page(c, each(list, a.answer), next), err
	})
	on(a, get("answer", "said", "/api/answers/{code}"), func(ctx context.Context, c *call, in *Code) (List[Answer], error) {
		list, err := a.s.Inquiries.PublicAnswer(ctx, strings.ToUpper(in.Code))
		return page(c, each(list, a.answer), ""), err
	})
	a.city(get)
	a.proof(get)
}

// Office is a body that speaks or answers.
type Office struct {
	Code     string   `json:"code" example:"SXD"`
	Name     string   `json:"name" example:"Sở Xây dựng"`
	NameEN   string   `json:"name_en,omitempty" example:"Department of Construction"`
	Kind     string   `json:"kind" example:"department"`
	Parent   string   `json:"parent,omitempty"`
	Formerly []string `json:"formerly,omitempty"`
}

// OfficeQuery looks for an office.
type OfficeQuery struct {
	Words string `query:"q" maxLength:"100" example:"phuong Truc Bach"`
}

// Spokesperson is who speaks for an office.
type Spokesperson struct {
	Office  string    `json:"office" example:"SXD"`
	Name    string    `json:"name"`
	Title   string    `json:"title,omitempty"`
	TitleEN string    `json:"title_en,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	Email   string    `json:"email,omitempty"`
	Since   time.Time `json:"since"`
}

// Deadlines say how the offices kept their time limits in a month.
type Deadlines struct {
	Mark
	Month   string            `json:"month" example:"2026-11"`
	Met     int               `json:"met"`
	MetLate int               `json:"met_late"`
	Late    int               `json:"late"`
	Offices []OfficeDeadlines `json:"offices"`
}

// OfficeDeadlines are those of one office.
type OfficeDeadlines struct {
	Office  string `json:"office" example:"SXD"`
	Met     int    `json:"met"`
	MetLate int    `json:"met_late"`
	Late    int    `json:"late"`
}

// Month chooses a month.
type Month struct {
	Month string `query:"month" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-11"`
}

// city registers the reads about offices.
func (a *API) city(get func(id, group, path string) op) {
	on(a, get("offices", "city", "/api/offices"), func(ctx context.Context, c *call, in *OfficeQuery) (List[Office], error) {
		list, err := []people.Office(nil), error(nil)
		if in.Words == "" {
			list, err = a.s.People.Offices(ctx)
		} else {
			list, err = a.s.People.FindOffice(ctx, in.Words)
		}
		return page(c, each(list, func(o people.Office) Office {
			return Office{o.Code, o.Name, o.NameEN, o.Kind, o.Parent, a.s.People.Formerly(o.Code)}
		}), ""), err
	})
	on(a, get("spokespersons", "city", "/api/spokespersons"), func(ctx context.Context, c *call, _ *Nothing) (List[Spokesperson], error) {
		list, err := a.s.People.Spokespersons(ctx)
		return page(c, each(list, func(s people.Spokesperson) Spokesperson {
			return Spokesperson{s.Office, s.Name, s.Title, s.TitleEN, s.Phone, s.Email, when(s.Since)}
		}), ""), err
	})
	on(a, get("deadlines", "city", "/api/deadlines"), func(ctx context.Context, _ *call, in *Month) (Deadlines, error) {
		year, month, ok := a.monthOf(in.Month)
		if !ok {
			return Deadlines{}, problem.New(problem.NotFound)
		}
		f, err := a.s.Insight.Deadlines(ctx, year, month)
		return Deadlines{
			Month: time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), Met: f.Met, MetLate: f.MetLate, Late: f.Late,
			Offices: each(f.Offices, func(o insight.OfficeFigures) OfficeDeadlines {
				return OfficeDeadlines{o.Office, o.Met, o.MetLate, o.Late}
			}),
		}, err
	})
}

// Hit is a public paper that a search found.
type Hit struct {
	Code      string    `json:"code" example:"TCBC-2026-0001"`
	Room      string    `json:"room" example:"release"`
	Lang      string    `json:"lang" example:"vi"`
	Title     string    `json:"title"`
	Excerpt   string    `json:"excerpt"`
	Published time.Time `json:"published"`
	Page      string    `json:"page"`
}

// SearchQuery is what is looked for.
type SearchQuery struct {
	Words string `query:"q" required:"true" minLength:"1" maxLength:"400" example:"long bien"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

// Proof is what proves one sealed text.
type Proof struct {
	Version    int       `json:"version" example:"1"`
	Lang       string    `json:"lang" example:"vi"`
	Title      string    `json:"title"`
	Status     string    `json:"status" enum:"sealed,superseded,withdrawn"`
	SHA256     string    `json:"sha256,omitempty"`
	Entry      string    `json:"entry"`
	Published  time.Time `json:"published"`
	Signed     bool      `json:"signed"`
	Position   int64     `json:"position,omitempty" example:"42"`
	Checkpoint string    `json:"checkpoint,omitempty"`
	Text       string    `json:"proof,omitempty"`
}

// Verification is what a check of a text came to.
type Verification struct {
	Mark
	Verdict string   `json:"verdict" enum:"authentic,abridged,altered,unknown"`
	Code    string   `json:"code,omitempty" example:"TCBC-2026-0001"`
	Version int      `json:"version,omitempty" example:"1"`
	Status  string   `json:"status,omitempty" enum:"sealed,superseded,withdrawn"`
	Title   string   `json:"title,omitempty"`
	Changes []Change `json:"changes"`
	Proof   string   `json:"proof,omitempty" example:"https://baochi.example/v/TCBC-2026-0001"`
}

// Change is one place where the text says something else than the official one.
type Change struct {
	Kind     string `json:"kind" example:"number"`
	Critical bool   `json:"critical"`
	Official string `json:"official" example:"1.200"`
	Found    string `json:"found" example:"12.000"`
}

// Given is a text to check.
type Given struct {
	Text string `json:"text" minLength:"1" maxLength:"200000" example:"Cầu Long Biên thông xe lúc 5 giờ sáng."`
}

// proof registers search, proofs and the check of a text.
func (a *API) proof(get func(id, group, path string) op) {
	on(a, get("search", "proof", "/api/search"), func(_ context.Context, c *call, in *SearchQuery) (List[Hit], error) {
		hits, err := a.s.Insight.Search(in.Words, in.Limit)
		return page(c, each(hits, func(h insight.Hit) Hit {
			return Hit{h.Code, h.Room, h.Lang, h.Title, h.Excerpt, when(h.Published), a.s.Origin + h.Path()}
		}), ""), err
	})
	on(a, get("proofs", "proof", "/api/proofs/{code}"), func(ctx context.Context, c *call, in *Code) (List[Proof], error) {
		papers, err := a.s.Insight.Papers(in.Code)
		if err != nil {
			return List[Proof]{}, err
		}
		var list []Proof
		for _, p := range papers {
			one := Proof{Version: p.Version, Lang: p.Lang, Title: p.Title, Status: string(p.Status), SHA256: p.Digest, Entry: p.Entry, Published: when(p.Published)}
			proof, err := a.s.Ledger.Prove(ctx, p.Entry)
			if code := problem.CodeOf(err); code != "" && code != problem.Loading && code != problem.NotFound {
				return List[Proof]{}, err
			}
			if err == nil { // else the next checkpoint is not signed yet
				one.Signed, one.Position, one.Checkpoint, one.Text = true, proof.Record.Position, proof.Checkpoint, proof.Text()
			}
			list = append(list, one)
		}
		return page(c, list, ""), nil
	})
	verify := op{ID: "verify", Group: "proof", Method: http.MethodPost, Path: "/api/verify", Free: true}
	on(a, verify, func(_ context.Context, _ *call, in *Sent[Given]) (Verification, error) {
		v, err := a.s.Insight.Verify(in.Body.Text)
		if err != nil {
			return Verification{}, err
		}
		out := Verification{Verdict: string(v.Verdict), Changes: []Change{}}
		if v.Paper.Code != "" {
			out.Code, out.Version, out.Status, out.Title, out.Proof = v.Paper.Code, v.Paper.Version, string(v.Paper.Status), v.Paper.Title, a.s.Origin+"/v/"+v.Paper.Code
		}
		for _, ch := range v.Changes {
			out.Changes = append(out.Changes, Change{string(ch.Kind), ch.Grade == "critical", ch.Official, ch.Found})
		}
		return out, nil
	})
}
