package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/people"
	"khue/radar"
	"khue/regulation"
	"khue/release"
	"khue/store"
	"khue/web"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/webtest"
)

// The people of the matrix: everyone of the centre, and each role of the office that the things belong to (SXD) and of another (SYT).
var cast = map[string]regulation.Post{
	"editor": {Role: regulation.Editor, Office: "TTBC"}, "approver": {Role: regulation.Approver, Office: "TTBC"}, "duty": {Role: regulation.DutyOfficer, Office: "TTBC"},
	"analyst": {Role: regulation.Analyst, Office: "TTBC"}, "admin": {Role: regulation.Admin, Office: "TTBC"},
	"focal": {Role: regulation.FocalPoint, Office: "SXD"}, "officer": {Role: regulation.Officer, Office: "SXD"}, "head": {Role: regulation.OfficeHead, Office: "SXD"}, "speaker": {Role: regulation.Spokesman, Office: "SXD"},
	"focal'": {Role: regulation.FocalPoint, Office: "SYT"}, "officer'": {Role: regulation.Officer, Office: "SYT"}, "head'": {Role: regulation.OfficeHead, Office: "SYT"}, "speaker'": {Role: regulation.Spokesman, Office: "SYT"},
}

// door is one form and who may send it, as far as rights go; everybody else in the cast, and visitors, must be refused.
type door struct {
	pattern string
	fields  string // "name=value&…"; {…} are the things of the world
	may     string // of the cast, by blanks; "*" everybody who is logged in, "public" anybody
}

const (
	reasons = "&reason=Vì thế.&note=Ghi chú&title=Tên&body=Nội dung&text=Nội dung&question=Hỏi gì?&link=https://a.example/"
	centre  = "editor approver duty analyst"
)

// doors is every form of the house.
var doors = []door{
	{"POST /login", "", "public"},
	{"POST /logout", "", "public"},
	{"POST /forgot", "", "public"},
	{"POST /link/{token}", "", "public"},
	{"POST /first/{token}", "", "public"},
	{"POST /verify", "", "public"},
	{"POST /report", "", "public"},
	{"POST /ask", "", "public"},
	{"POST /f/{token}", "", "public"},
	{"POST /press/register", "", "public"},
	{"POST /hub/{token}", "", "public"}, // by hubs, which sign what they send
	{"POST /api/files", "", "public"},   // by keys, never by a session: TestProgramsKnowNoSession

	{"POST /press/ask", "kind=question" + reasons, ""}, // journalists alone
	{"POST /press/questions/{inquiry}", "do=more" + reasons, ""},
	{"POST /press/keys", "name=Khóa", "*"},
	{"POST /press/keys/{key}/revoke", "", "admin"},

	{"POST /desk/duties/{duty}/take", "", "editor approver duty analyst focal officer head speaker"},
	{"POST /desk/notices/seen", "", "*"}, // one's own
	{"POST /desk/me", "", "*"},
	{"POST /desk/me/password", "", "*"},
	{"POST /desk/me/sessions", "", "*"},
	{"POST /desk/keys", "name=Khóa", "*"},
	{"POST /desk/keys/{key}/revoke", "", "admin"},

	{"POST /desk/radar/{story}/merge", "other=s1&why=Vì thế", "analyst"},
	{"POST /desk/radar/{story}/split", "mention=m1&reason=Vì thế", "analyst"},
	{"POST /desk/radar/{story}/join", "other=s1&do=join", "analyst"},
	{"POST /desk/radar/{story}/topic", "way=topic&label=city.water", "analyst"},
	{"POST /desk/radar/{story}/follow", "do=follow", centre},
	{"POST /desk/radar/{story}/note", "note=Ghi chú", centre},
	{"POST /desk/sources", "address=https://nguon.example/rss&name=Nguồn", "analyst admin"},
	{"POST /desk/sources/{source}", "name=Nguồn&state=paused&version=1", "analyst admin"},

	{"POST /desk/signals/{kind}/{mention}/judge", "useful=1", "analyst duty editor approver"},
	{"POST /desk/signals/{kind}/{mention}/advise", "title=Nước máy&known=Đang xét nghiệm&next={soon}", "analyst editor"},
	{"POST /desk/watches", "do=save&query=cầu Mẫu&why=Vì thế", "analyst editor duty"},
	{"POST /desk/watches", "do=try&query=cầu Mẫu", "analyst editor duty"},
	{"POST /desk/watches/{watch}", "do=save&version=1&query=cầu Mẫu&why=Vì thế", "analyst editor duty"},
	{"POST /desk/watches/{watch}", "do=try&query=cầu Mẫu", "analyst editor duty"},
	{"POST /desk/watches/{watch}", "do=end", "analyst editor duty"},
	{"POST /desk/digest/{day}", "do=sign&version=1", "analyst duty editor"},
	{"POST /desk/digest/{day}/task", "story=s1&office=SXD", "approver"},
	{"POST /desk/digest/readers", "email=doc@nha.example&name=Người Đọc", "approver admin"},
	{"POST /desk/advisories/{advisory}", "do=show", "approver"},
	{"POST /desk/advisories/{advisory}", "do=return" + reasons, "approver"},
	{"POST /desk/advisories/{advisory}", "do=end", "approver analyst editor"},
	{"POST /desk/trends/seen", "", "analyst duty editor approver admin"},
	{"POST /desk/sources/list", "", "analyst admin"},
	{"POST /desk/sources/{source}/upload", "", "analyst admin"},
	{"POST /desk/hear", "text=Nghe nói chợ Mẫu sắp dời", "analyst duty editor"},
	{"POST /desk/heard/{mention}", "text=Trong ảnh là chợ Mẫu", "analyst duty editor"},

	{"POST /desk/intake/new", "kind=press-information&office=SXD" + reasons, "focal head speaker editor duty"},
	{"POST /desk/releases/{release}", "do=take" + reasons, "editor duty"},
	{"POST /desk/releases/{release}", "do=return" + reasons, "editor duty"},
	{"POST /desk/releases/{release}", "do=decline" + reasons, "editor duty"},
	{"POST /desk/releases/{release}", "do=amend" + reasons, "focal head"},
	{"POST /desk/releases/{release}", "do=save&version=1" + reasons, "editor"},
	{"POST /desk/releases/{release}", "do=edit&version=1" + reasons, "editor"},
	{"POST /desk/releases/{release}", "do=send-up", "editor"},
	{"POST /desk/releases/{release}", "do=approve", "approver"},
	{"POST /desk/releases/{release}", "do=send-back" + reasons, "approver"},
	{"POST /desk/releases/{release}", "do=schedule&at=2027-01-02T10:00", "editor approver duty"},
	{"POST /desk/releases/{release}", "do=embargo&at=2027-01-02T10:00", "editor approver duty"},
	{"POST /desk/releases/{release}", "do=unschedule", "editor approver duty"},
	{"POST /desk/releases/{release}", "do=publish", "editor approver duty"},
	{"POST /desk/releases/{public}", "do=draft-correction", "editor"},
	{"POST /desk/releases/{public}", "do=draft-update", "editor"},
	{"POST /desk/releases/{public}", "do=drop-change", "editor"},
	{"POST /desk/releases/{public}", "do=correct", "approver"},
	{"POST /desk/releases/{public}", "do=update", "approver"},
	{"POST /desk/releases/{public}", "do=withdraw" + reasons, "approver"},
	{"POST /desk/releases/{release}/autosave", "version=1" + reasons, "editor"},
	{"POST /desk/releases/{release}/undo", "", "editor approver duty"},
	{"POST /desk/releases/{release}/files", "", "editor"},

	{"POST /desk/claims/new", "statement=Tin đồn mới&office=SXD&impact=none" + reasons, "analyst duty editor"},
	{"POST /desk/claims/{claim}/ask", "office=SYT" + reasons, "analyst duty editor"},
	{"POST /desk/claims/{claim}/add", "kind=statement" + reasons, "analyst editor focal officer head speaker"},
	{"POST /desk/claims/{claim}/draft", "verdict=false&headline=H&said=S&version=1" + reasons, "analyst"},
	{"POST /desk/claims/{claim}/correct", "verdict=false&headline=H&said=S&version=1&change=correction" + reasons, "analyst"},
	{"POST /desk/claims/{claim}/send-up", "version=1", "analyst"},
	{"POST /desk/claims/{claim}/decide", "do=agree&version=1", "approver editor analyst"},
	{"POST /desk/claims/{claim}/decide", "do=disagree&version=1" + reasons, "approver editor analyst"},
	{"POST /desk/claims/{claim}/respond", reasons, "speaker head focal"},
	{"POST /desk/claims/{claim}/close", "version=1" + reasons, "analyst approver"},
	{"POST /desk/claims/{claim}/reopen", "version=1" + reasons, "analyst duty editor"},
	{"POST /desk/claims/{claim}/take", "", "analyst duty editor"},
	{"POST /desk/claims/{claim}/undo", "", "approver editor analyst duty"},
	{"POST /desk/claims/{claim}/show", "shown=1", "analyst editor approver"},
	{"POST /desk/claims/{claim}/evidence/{evidence}", "do=approve", "head"},
	{"POST /desk/claims/{claim}/evidence/{evidence}", "do=return" + reasons, "head"},
	{"POST /desk/claims/{claim}/evidence/{evidence}", "do=remove", ""}, // who gave it alone
	{"POST /desk/reports/{report}", "do=merge&claim={claim}", "analyst duty editor"},
	{"POST /desk/reports/{report}", "do=dismiss" + reasons, "analyst duty editor"},

	{"POST /desk/inquiries/matter", "kind=matter&subject=Việc&office-find=SXD" + reasons, centre},
	{"POST /desk/inquiries/matter", "kind=instruction&subject=Việc&office-find=SXD" + reasons, "approver"},
	{"POST /desk/note", "note-text=Có người gọi hỏi về cầu.", centre},
	{"POST /desk/inquiries/{inquiry}/accept", "", "duty editor"},
	{"POST /desk/inquiries/{inquiry}/take", "", "editor duty focal officer head speaker"},
	{"POST /desk/inquiries/{inquiry}/close", "", "duty editor approver"},
	{"POST /desk/inquiries/{inquiry}/approve", "", "approver"},
	{"POST /desk/inquiries/{inquiry}/send-back", reasons, "approver"},
	{"POST /desk/inquiries/{inquiry}/refuse", "ground={ground}" + reasons, "approver speaker"},
	{"POST /desk/inquiries/{inquiry}/guide", reasons, "duty editor approver"},
	{"POST /desk/inquiries/{inquiry}/clarify", reasons, "duty editor focal officer head speaker"},
	{"POST /desk/inquiries/{inquiry}/assign", "office-find=SYT" + reasons, "duty editor approver"},
	{"POST /desk/inquiries/{inquiry}/reassign", "office-find=SYT&instead=SXD" + reasons, "duty editor approver"},
	{"POST /desk/inquiries/{inquiry}/draft", reasons, "duty editor"},
	{"POST /desk/inquiries/{inquiry}/part", "office=SXD" + reasons, "duty editor focal officer head speaker"},
	{"POST /desk/inquiries/{inquiry}/approve-office", "office=SXD", "head"},
	{"POST /desk/inquiries/{inquiry}/return-part", "office=SXD" + reasons, "head"},
	{"POST /desk/inquiries/{inquiry}/answer", "how=private", "duty editor approver speaker"},
	{"POST /desk/inquiries/{inquiry}/answer", "how=public" + reasons, "duty editor approver speaker"},
	{"POST /desk/inquiries/{inquiry}/withdraw-answer", "round=1" + reasons, "approver"},
	{"POST /desk/inquiries/{inquiry}/verify", "journalist=yes", "duty admin"},
	{"POST /desk/inquiries/{inquiry}/correct", "kind=question&asker=citizen", "duty editor approver"},
	{"POST /desk/inquiries/{inquiry}/erase", "", "admin approver"},

	{"POST /desk/people/new", "email=moi@khue.example&name=Người Mới&role1=editor&office1=TTBC", "admin"},
	{"POST /desk/people/{account}/posts", "role1=admin&office1=TTBC", "admin"},
	{"POST /desk/people/{account}/profile", "name=Tên Khác&lang=vi", "admin"},
	{"POST /desk/people/{account}/link", "why=reset&purpose=reset", "admin"},
	{"POST /desk/people/{journalist}/verify", "", "admin duty"},
	{"POST /desk/people/{account}/sessions", "", "admin"},
	{"POST /desk/people/{account}/close", "", "admin"},
	{"POST /desk/offices/new", "code=SMOI&name=Sở Mới&kind=department", "admin"},
	{"POST /desk/offices/SXD/spokesperson", "name=Người Nói&phone=0240000001&email=noi@khue.example&position=Phó&paper=1/QĐ", "head approver admin"},
	{"POST /desk/offices/SXD/spokesperson", "do=end", "head approver admin"},
	{"POST /desk/delegate", "to={account}&role=office-head@SXD&matter=claim/{claim}&paper=1/UQ&until=2026-11-20T10:00&reason=Đi vắng", "head approver"},
	{"POST /desk/delegate/{standin}/end", "", "head admin"},
}

// guarded is a house in which each thing of the matrix stands.
type guarded struct {
	*webtest.Kit
	patterns []string
	things   map[string]string
	who      map[string]*webtest.Browser
}

func guard(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{things: map[string]string{"key": "x", "source": "x", "mention": "x", "story": "x", "standin": "x", "token": "x"}, who: map[string]*webtest.Browser{}}
	var f *frame.Frame
	g.Kit = webtest.New(t, func(fr *frame.Frame, s *site.Site) { f = fr; web.Register(fr, s) })
	g.patterns = f.Patterns()
	for name, post := range cast {
		g.who[name] = g.As(t, strings.ReplaceAll(name, "'", " hai"), post)
	}
	g.who["visitor"] = g.Visitor(t)
	g.who["press"] = g.journalist(t, "vy@bao.example")
	g.world(t)
	return g
}

func (g *guarded) journalist(t *testing.T, email string) *webtest.Browser {
	t.Helper()
	token, a, err := g.People.RegisterJournalist(g.Ctx, people.Registration{
		Email: email, Password: "một câu dài dễ nhớ", Name: "Vy Phóng Viên", Phone: "0900000000", Lang: "vi", Outlet: "Báo Thử", Host: "bao.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	b := g.Visitor(t)
	b.Actor = a
	b.Session(token)
	return b
}

// world makes one of each thing, by people who are not in the cast.
func (g *guarded) world(t *testing.T) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	lan := g.Account(t, "Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"}, regulation.Post{Role: regulation.Officer, Office: "SXD"})
	thu := g.Account(t, "Thu", regulation.Post{Role: regulation.Editor, Office: "TTBC"}, regulation.Post{Role: regulation.Analyst, Office: "TTBC"}, regulation.Post{Role: regulation.DutyOfficer, Office: "TTBC"})
	hoa := g.Account(t, "Hòa", regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	head := g.Account(t, "Trưởng", regulation.Post{Role: regulation.OfficeHead, Office: "SXD"})
	in := release.SubmitInput{Kind: release.PressInformation, Office: "SXD", Text: release.Text{Title: "Lát vỉa hè phố Mẫu", Body: "Lát xong trong tuần này."}}
	rel, err := g.Releases.Submit(g.Ctx, lan, in)
	must(err)
	g.things["release"] = rel.ID
	rel, err = g.Releases.Submit(g.Ctx, lan, in)
	must(err)
	g.things["public"] = rel.ID
	for _, step := range []func(release.Ref) (release.Release, error){
		func(r release.Ref) (release.Release, error) { return g.Releases.Take(g.Ctx, thu, r) },
		func(r release.Ref) (release.Release, error) { return g.Releases.SendUp(g.Ctx, thu, r) },
		func(r release.Ref) (release.Release, error) { return g.Releases.Approve(g.Ctx, hoa, r) },
		func(r release.Ref) (release.Release, error) { return g.Releases.Publish(g.Ctx, hoa, r) },
	} {
		_, err = step(release.Ref{ID: rel.ID})
		must(err)
	}
	g.Clock.Add(release.DefaultHold)
	must(g.Releases.RunSchedule(g.Ctx))
	c, err := g.Claims.Open(g.Ctx, thu, claim.OpenInput{Statement: "Cầu Mẫu sắp sập", Office: "SXD"})
	must(err)
	g.things["claim"] = c.ID
	e, err := g.Claims.AddEvidence(g.Ctx, lan, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByWord, Title: "Lời sở", Text: "Không sập."})
	must(err)
	g.things["evidence"] = e.ID
	duties, err := g.Duties.Of(g.Ctx, g.DB, "claim/"+c.ID)
	must(err)
	g.things["duty"] = duties[0].ID
	rep, err := g.Claims.Report(g.Ctx, regulation.Actor{}, claim.ReportInput{Text: "Nghe nói cầu sập"})
	must(err)
	g.things["report"] = rep.Report.ID
	q, err := g.Inquiries.Ask(g.Ctx, regulation.Actor{}, inquiry.AskInput{Kind: inquiry.Question, Body: "Bao giờ lát xong?", Email: "hoi@nha.example", Name: "Người Hỏi", Reporter: true, Outlet: "Báo Thử"})
	must(err)
	g.things["inquiry"] = q.ID
	_, err = g.Inquiries.Accept(g.Ctx, thu, inquiry.AcceptInput{Ref: inquiry.Ref{ID: q.ID}})
	must(err)
	_, err = g.Inquiries.Assign(g.Ctx, thu, inquiry.AssignInput{Ref: inquiry.Ref{ID: q.ID}, Offices: []string{"SXD"}})
	must(err)
	_, err = g.Inquiries.Draft(g.Ctx, lan, inquiry.DraftInput{Ref: inquiry.Ref{ID: q.ID}, Office: "SXD", Text: "Lát xong tuần này."})
	must(err)
	g.things["ground"] = g.Inquiries.Grounds(inquiry.Question)[0].Code
	g.things["account"] = lan.ID
	g.things["journalist"] = g.journalist(t, "nam@bao.example").Actor.ID
	_, key, err := g.People.CreateKey(g.Ctx, lan, people.CreateKey{Name: "máy", Scopes: []people.Scope{people.ScopeRead}, Expires: g.Clock.Now().AddDate(0, 1, 0)})
	must(err)
	g.things["key"] = key.ID
	s, err := g.People.Delegate(g.Ctx, head, people.Delegate{To: lan.ID, Role: regulation.OfficeHead, Office: "SXD", Matter: "claim/" + c.ID, Paper: "1/UQ", Reason: "Đi vắng", Until: g.Clock.Now().AddDate(0, 0, 20)})
	must(err)
	g.things["standin"] = s.ID
	g.things["kind"], g.things["mention"], g.things["soon"] = "burst", "m1", g.Clock.Now().Add(time.Hour).Format("2006-01-02T15:04")
	must(g.DB.Write(g.Ctx, func(ctx context.Context, tx *store.Tx) error {
		at := store.Micros(g.Clock.Now())
		if _, err := tx.Exec(ctx, `INSERT INTO story (id, headline, lang, state, merged_into, first_mention, first_at, last_at, mentions, voices, sources) VALUES ('s1', 'Cầu Mẫu sắp sập', 'vi', 'live', '', 'm1', ?1, ?1, 9, 9, 9)`, at); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO signal (id, story, kind, score, reasons, at, lapses) VALUES ('burst/m1', 's1', 'burst', 9, '[]', ?1, ?2)`, at, store.Micros(g.Clock.Now().Add(72*time.Hour)))
		return err
	}))
	a, err := g.Radar.ProposeAdvisory(g.Ctx, thu, radar.AdvisoryInput{Signal: "burst/m1", Title: "Kiểm tra cầu ở phường Mẫu", Known: "Sở đang kiểm tra.", Next: g.Clock.Now().Add(time.Hour)})
	must(err)
	g.things["advisory"] = a.ID
	watch, _, err := g.Radar.AddWatch(g.Ctx, thu, radar.WatchInput{Query: "cầu Mẫu", Why: "Sở hỏi"})
	must(err)
	g.things["watch"] = watch.ID
	g.things["day"] = g.Clock.Now().Format(time.DateOnly)
	must(g.Insight.StepDigest(g.Ctx))
}

// fill puts the world's things into a pattern or fields.
func (g *guarded) fill(s string) string {
	for name, id := range g.things {
		s = strings.ReplaceAll(s, "{"+name+"}", id)
	}
	return s
}

// same gives a pattern without the names of its places.
func same(pattern string) string {
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") || p == "SXD" {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// Every form is in the list, so that whoever adds one has to say who may send it.
func TestEveryFormHasItsRow(t *testing.T) {
	g := guard(t)
	listed, found := map[string]bool{}, 0
	for _, d := range doors {
		listed[same(d.pattern)] = true
	}
	for _, p := range g.patterns {
		switch method, _, _ := strings.Cut(p, " "); method {
		case http.MethodGet, "/api/": // the programs' face has its own list
		case http.MethodPost:
			found++
			if !listed[same(p)] {
				t.Errorf("%s: no row says who may send it", p)
			}
		default:
			t.Errorf("%s: what kind of form is that?", p)
		}
	}
	if found < 70 {
		t.Errorf("only %d forms were found", found)
	}
}

// Whoever may not do something is refused, sees nothing of it, and changes nothing.
func TestWhoMayNotIsRefused(t *testing.T) {
	g := guard(t)
	asked := 0
	for _, d := range doors {
		if d.may == "public" {
			continue
		}
		method, pattern, _ := strings.Cut(d.pattern, " ")
		path := g.fill(pattern)
		for _, name := range slices.Sorted(maps.Keys(g.who)) {
			if name == "press" && strings.HasPrefix(d.pattern, "POST /press/") || name != "visitor" && d.may == "*" || slices.Contains(strings.Fields(d.may), name) {
				continue
			}
			asked++
			before := g.Entries(t)
			g.Clock.Add(3e9) // so that nobody sends too much
			var fields []string
			for _, pair := range strings.Split(g.fill(d.fields), "&") {
				k, v, _ := strings.Cut(pair, "=")
				fields = append(fields, k, v)
			}
			p := g.who[name].Post(path, fields...)
			what := fmt.Sprintf("%s %s (%s) by %s", method, pattern, d.fields, name)
			want := []int{http.StatusForbidden, http.StatusNotFound}
			if name == "visitor" {
				want = []int{http.StatusUnauthorized}
			}
			if !slices.Contains(want, p.Status) {
				t.Errorf("%s: %d %s", what, p.Status, p.Path)
			}
			if after := g.Entries(t); after != before {
				t.Errorf("%s: %d entries in the ledger were written", what, after-before)
			}
			if !g.who[name].Actor.Staff() && (strings.Contains(p.Body, "hoi@nha.example") || strings.Contains(p.Body, "Người Hỏi")) {
				t.Errorf("%s: who asks is shown", what)
			}
		}
	}
	t.Logf("%d refusals", asked)
	if asked < 800 {
		t.Errorf("only %d were asked", asked)
	}
}

// Entries counts what is in the ledger, numbered or not.
func (g *guarded) Entries(t *testing.T) (n int) {
	t.Helper()
	if err := g.DB.QueryRow(g.Ctx, `SELECT COUNT(*) FROM ledger_entry`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// What is not out yet, or no longer, is seen by those alone who work on it: whatever address a visitor, a journalist or another
// office tries.
func TestWhoMaySee(t *testing.T) {
	g := guard(t)
	inside := map[string]string{
		"/desk/releases/{release}": "Lát vỉa hè", "/desk/releases/{release}/preview": "Lát vỉa hè", "/desk/releases/{release}/versions/1": "Lát vỉa hè",
		"/desk/releases/{release}/go/publish": "Lát vỉa hè", "/desk/approvals/{release}": "Lát vỉa hè",
		"/desk/claims/{claim}": "Cầu Mẫu", "/desk/claims/{claim}/add": "Cầu Mẫu", "/desk/claims/{claim}/evidence/{evidence}": "Lời sở", "/desk/claims/{claim}/evidence/{evidence}/file": "",
		"/desk/reports/{report}": "Nghe nói", "/desk/reports/{report}/file": "",
		"/desk/inquiries/{inquiry}": "Bao giờ", "/desk/inquiries/{inquiry}/assign": "Bao giờ", "/desk/inquiries/{inquiry}/correct": "Người Hỏi", "/desk/inquiries/{inquiry}/answer": "Bao giờ",
		"/desk/people/{account}": "nguoi", "/desk/audit": "release.submitted", "/desk/figures": "", "/desk/figures.csv": "", "/desk/radar": "", "/desk/sources": "",
		"/desk/trends": "", "/desk/trends/map": "", "/desk/trends/replay": "", "/desk/trends/replay?run=1": "", "/desk/trends/all/all": "", "/desk/trends/all/all/series.csv": "", "/desk/wall": "",
		"/desk/watches": "cầu Mẫu", "/desk/watches/{watch}": "cầu Mẫu", "/desk/watches/{watch}/edit": "cầu Mẫu", "/desk/watches/new": "",
	}
	for pattern, words := range inside {
		path := g.fill(pattern)
		for _, name := range []string{"visitor", "press", "focal'", "officer'", "speaker'"} {
			p := g.who[name].Get(path)
			if name == "visitor" {
				if !strings.HasPrefix(p.Path, "/login") {
					t.Errorf("%s shows a visitor %d %s", pattern, p.Status, p.Path)
				}
				continue
			}
			if p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
				t.Errorf("%s answers %s with %d", pattern, name, p.Status)
			}
			if words != "" && strings.Contains(p.Body, words) {
				t.Errorf("%s shows %s what is inside", pattern, name)
			}
		}
	}
	// The things by their public addresses, and in every list and search.
	rel, err := g.Releases.Get(g.Ctx, g.who["editor"].Actor, g.things["release"])
	if err != nil {
		t.Fatal(err)
	}
	c, err := g.Claims.Get(g.Ctx, g.who["editor"].Actor, g.things["claim"])
	if err != nil {
		t.Fatal(err)
	}
	q, err := g.Inquiries.Get(g.Ctx, g.who["editor"].Actor, g.things["inquiry"])
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/r/" + rel.Code, "/r/" + rel.Code + "/print", "/v/" + rel.Code, "/claims/" + c.Code, "/claims/" + c.Code + "/print", "/claims/" + c.Code + "/files/" + g.things["evidence"], "/v/" + c.Code,
		"/answers/" + q.Code, "/v/" + q.Code, "/press/questions/" + q.Code, "/api/releases/" + rel.Code, "/api/claims/" + c.Code, "/api/answers/" + q.Code, "/api/proofs/" + rel.Code, "/api/questions/" + q.Code,
	} {
		for _, name := range []string{"visitor", "press", "focal'", "editor"} {
			p := g.who[name].Get(path)
			if p.Status < 400 && !strings.HasPrefix(p.Path, "/login") {
				t.Errorf("%s answers %s with %d", path, name, p.Status)
			}
			for _, words := range []string{"Cầu Mẫu sắp", "Bao giờ lát", "hoi@nha", "Không sập"} {
				if strings.Contains(p.Body, words) {
					t.Errorf("%s tells %s %q", path, name, words)
				}
			}
		}
	}
	for _, path := range []string{"/", "/archive", "/feed.atom", "/feed.rss", "/feed.json", "/claims", "/claims/feed.json", "/answers", "/answers/feed.atom", "/search?q=cau+mau+sap", "/search?q=bao+gio+lat", "/ask?q=bao+gio+lat+xong", "/log", "/api/search?q=cau+mau+sap", "/api/releases", "/api/claims", "/api/answers"} {
		p := g.who["visitor"].Get(path).Has(t, 200)
		for _, words := range []string{"Cầu Mẫu sắp", "Bao giờ lát xong?", "hoi@nha", "Không sập", rel.Code, c.Code, q.Code} {
			if strings.Contains(strings.ReplaceAll(p.Body, "bao gio lat xong", ""), words) {
				t.Errorf("%s tells %q", path, words)
			}
		}
	}
}

// A browser's session is no key: a form of another site could send it.
func TestProgramsKnowNoSession(t *testing.T) {
	g := guard(t)
	before := g.Entries(t)
	for _, path := range []string{"/api/releases/" + g.things["release"] + "/take", "/api/files", "/api/claims", "/api/inquiries/" + g.things["inquiry"] + "/accept"} {
		p := g.who["editor"].Post(path)
		if p.Status < 400 {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	if p := g.who["editor"].Get("/api/work"); p.Status != http.StatusUnauthorized && p.Status != http.StatusNotFound {
		t.Errorf("/api/work by a session: %d", p.Status)
	}
	if g.Entries(t) != before {
		t.Error("something was written")
	}
}

// A form of another site is refused, whoever is logged in.
func TestForeignForms(t *testing.T) {
	g := guard(t)
	before := g.Entries(t)
	for _, d := range doors {
		_, pattern, _ := strings.Cut(d.pattern, " ")
		for _, lang := range []string{"", "/en"} {
			g.Clock.Add(3e9)
			if p := g.who["admin"].Foreign(lang + g.fill(pattern)); p.Status != http.StatusForbidden {
				t.Errorf("%s%s from elsewhere: %d", lang, pattern, p.Status)
			}
		}
	}
	if g.Entries(t) != before {
		t.Error("something was written")
	}
}

// Every answer says what may run on it, also those that are no pages.
func TestHeaders(t *testing.T) {
	g := guard(t)
	for _, path := range []string{
		"/", "/en/", "/r/none", "/none", "/login", "/desk", "/feed.atom", "/feed.json", "/verify", "/v/NONE", "/log", "/log/checkpoint", "/log/tile/0/000", "/log/tile/x", "/files/x/y",
		"/thumbs/x", "/api", "/api/releases", "/api/none", "/api/openapi.json", "/deadlines.csv", "/f/x", "/link/x", "/first/x", "/ask", "/search?q=" + strings.Repeat("a", 500),
	} {
		h := g.who["visitor"].Get(path).Header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %q %q", path, csp, h.Get("X-Content-Type-Options"))
		}
		if !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s may be framed", path)
		}
	}
}
