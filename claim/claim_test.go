package claim_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"khue/catalogue"
	"khue/claim"
	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// bench is a room of claims with its people.
type bench struct {
	*testkit.Kit
	*claim.Room
	duties   *regulation.Duties
	lan, mai regulation.Actor // analysts
	ngoc     regulation.Actor // focal point of the department of construction
	hung     regulation.Actor // its head
	tu       regulation.Actor // focal point of another department
}

// release is the only published release that passages can be of.
var release = claim.Passage{
	ID: "r1", Code: "TCBC-2026-0149", Title: "Ba phường yếu nước trong một đêm",
	Text: "Nước chỉ yếu ở ba phường, từ 22 giờ đến 5 giờ sáng. Không nơi nào bị cắt.",
}

func room(k *testkit.Kit) *bench {
	duties := regulation.NewDuties(regulation.DutyConfig{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Deadlines: k.Deadlines, Now: k.Clock.Now, Log: k.Log})
	return &bench{
		Kit: k, duties: duties,
		Room: claim.New(claim.Config{
			DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Now: k.Clock.Now, Duties: duties,
			NameOf: func(_ context.Context, id, _ string) string { return "tên của " + id },
			Passage: func(_ context.Context, id string) (claim.Passage, error) {
				if id != release.ID && id != release.Code {
					return claim.Passage{}, problem.New(problem.NotFound)
				}
				return release, nil
			},
		}),
		lan: testkit.Centre("lan", regulation.Analyst), mai: testkit.Centre("mai", regulation.Analyst),
		ngoc: testkit.Of("ngoc", regulation.FocalPoint, "SXD"), hung: testkit.Of("hung", regulation.OfficeHead, "SXD"),
		tu: testkit.Of("tu", regulation.FocalPoint, "SYT"),
	}
}

func (b *bench) open(t testing.TB, statement string) claim.Claim {
	t.Helper()
	c, err := b.Open(b.Ctx, b.lan, claim.OpenInput{
		Statement: statement, Office: "SXD", Question: "Có kế hoạch cắt nước không?", Impact: claim.Divided,
		FirstSeen: b.Clock.Now().Add(-time.Hour), Links: []string{"https://dien-dan.example/bai/1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const rumour = "Cắt nước toàn thành phố bảy ngày để sửa ống"

var truth = claim.Text{
	Headline: "Chỉ ba phường yếu nước trong một đêm, không nơi nào bị cắt",
	Said:     "“Cắt nước toàn thành phố bảy ngày”",
	Body:     "Công ty nước sạch thay van trong một đêm.\r\n\r\nLịch đã được **công bố**.  ",
}

var truthEN = claim.Text{
	Headline: "Low pressure in three wards for one night; nowhere is cut off", Said: "Water off in the whole city for seven days", Body: "A valve is replaced in one night.",
}

// evidence gives the office's word with its head's approval.
func (b *bench) evidence(t testing.TB, c claim.Claim) claim.Evidence {
	t.Helper()
	e, err := b.AddEvidence(b.Ctx, b.ngoc, claim.AddEvidenceInput{
		Claim: c.ID, Kind: claim.ByWord, Title: "Công văn trả lời", Text: "Không có kế hoạch cắt nước.", Original: true, Open: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if e, err = b.ApproveEvidence(b.Ctx, b.hung, claim.DecideInput{Evidence: e.ID}); err != nil {
		t.Fatal(err)
	}
	return e
}

// draft writes the verdict as an actor and gives the claim as it then is.
func (b *bench) draft(t testing.TB, by regulation.Actor, c claim.Claim, v claim.Verdict) claim.Claim {
	t.Helper()
	w, err := b.Get(b.Ctx, by, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	c, err = b.Draft(b.Ctx, by, claim.DraftInput{Claim: c.ID, Version: w.Version, Verdict: v, VI: truth})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// publish takes a claim from opened to published.
func (b *bench) publish(t testing.TB, c claim.Claim, v claim.Verdict) claim.Claim {
	t.Helper()
	b.evidence(t, c)
	c = b.draft(t, b.lan, c, v)
	c, err := b.SendUp(b.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
	if err != nil {
		t.Fatal(err)
	}
	if c, err = b.Agree(b.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version}); err != nil {
		t.Fatal(err)
	}
	return c
}

func want(t testing.TB, err error, code problem.Code) {
	t.Helper()
	if got := problem.CodeOf(err); got != code {
		t.Errorf("got %q (%v), want %q", got, err, code)
	}
}

func TestTheWholeWay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		if c.State != claim.Opened || c.Code != "KC-2026-0001" {
			t.Fatalf("opened as %s in %s", c.Code, c.State)
		}
		duties, err := b.duties.Of(k.Ctx, k.DB, c.Ref())
		if err != nil || len(duties) != 1 || duties[0].Office != "SXD" || duties[0].Mark != "law" || duties[0].Kind != "evidence" {
			t.Fatalf("a divided opinion opens the law's 24 hours for the office: %v %v", duties, err)
		}
		k.Clock.Add(time.Hour)
		b.evidence(t, c)
		if duties, _ = b.duties.Of(k.Ctx, k.DB, c.Ref()); duties[0].State != regulation.DutyMet {
			t.Errorf("the head's approval meets the duty: %s", duties[0].State)
		}
		k.Clock.Add(time.Hour)
		c = b.draft(t, b.lan, c, claim.False)
		if c, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version}); err != nil || c.State != claim.Awaiting {
			t.Fatal(c.State, err)
		}
		if c, err = b.Agree(k.Ctx, b.mai, claim.AgreeInput{Claim: c.ID, Version: c.Version}); err != nil || c.State != claim.Published || c.Edition != 1 {
			t.Fatal(c.State, c.Edition, err)
		}
		p, err := b.ByCode(k.Ctx, c.Code)
		if err != nil || p.Checking || len(p.Editions) != 1 || len(p.Evidence) != 1 {
			t.Fatalf("%+v %v", p, err)
		}
		e := p.Now()
		if e.VI.Said != "Cắt nước toàn thành phố bảy ngày" || e.Drafter != "lan" || e.Seconder != "mai" {
			t.Errorf("edition %+v", e)
		}
		f, err := b.Figures(k.Ctx, testkit.Start, testkit.Start.AddDate(0, 1, 0))
		if err != nil || f.Opened != 1 || f.Published != 1 || f.FalseNews() != 1 || f.FromOpened != 2*time.Hour || f.FromFirst != 3*time.Hour {
			t.Errorf("figures %+v %v", f, err)
		}
		wantKinds := []string{
			"duty.opened", "claim.opened", "claim.evidence-added", "duty.met", "claim.evidence-decided", "claim.drafted", "claim.sent-up", "claim.published",
		}
		if got := k.Kinds(t); !slices.Equal(got, wantKinds) {
			t.Errorf("ledger %v\nwant   %v", got, wantKinds)
		}
	})
}

func TestTheHeadApprovesWhatLeavesTheOffice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		in := claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByPassage, Title: "Lịch thay van", Text: "nước chỉ yếu ở ba phường", Release: "TCBC-2026-0149", Original: true}
		e, err := b.AddEvidence(k.Ctx, b.ngoc, in)
		if err != nil || e.State != claim.Proposed || e.Code != "TCBC-2026-0149" || e.Office != "SXD" {
			t.Fatalf("%+v %v", e, err)
		}
		in.Text = "cắt nước cả thành phố"
		_, err = b.AddEvidence(k.Ctx, b.ngoc, in)
		want(t, err, problem.Invalid) // words that the release does not have
		in.Release = "TCBC-2026-9999"
		_, err = b.AddEvidence(k.Ctx, b.ngoc, in)
		want(t, err, problem.Invalid)
		_, err = b.AddEvidence(k.Ctx, b.tu, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByWord, Title: "a", Text: "b"})
		want(t, err, problem.Forbidden)

		see := func(by regulation.Actor) (int, int) {
			w, err := b.Get(k.Ctx, by, c.ID)
			if err != nil {
				t.Fatal(by.ID, err)
			}
			return len(w.Evidence), w.Hidden
		}
		if n, hidden := see(b.lan); n != 0 || hidden != 1 {
			t.Errorf("the centre sees %d and %d hidden, want none and that one waits", n, hidden)
		}
		if n, _ := see(b.hung); n != 1 {
			t.Errorf("the head sees %d", n)
		}
		_, err = b.Get(k.Ctx, b.tu, c.ID)
		want(t, err, problem.Forbidden)

		list, err := b.ToApprove(k.Ctx, b.hung)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		_, err = b.ApproveEvidence(k.Ctx, b.ngoc, claim.DecideInput{Evidence: e.ID})
		want(t, err, problem.Forbidden)
		_, err = b.ApproveEvidence(k.Ctx, b.lan, claim.DecideInput{Evidence: e.ID})
		want(t, err, problem.Forbidden)
		own, err := b.AddEvidence(k.Ctx, b.hung, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByWord, Title: "Lời lãnh đạo", Text: "Không cắt."})
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.ApproveEvidence(k.Ctx, b.hung, claim.DecideInput{Evidence: own.ID})
		want(t, err, problem.SamePerson)

		stand := testkit.Person("dung")
		stand.StandsIn = []regulation.StandIn{{For: "hung", Role: regulation.OfficeHead, Office: "SXD", Matter: c.Ref(), Until: k.Clock.Now().Add(time.Hour)}}
		if _, err := b.ReturnEvidence(k.Ctx, stand, claim.DecideInput{Evidence: own.ID}); problem.CodeOf(err) != problem.Required {
			t.Errorf("returning wants a reason: %v", err)
		}
		if e, err = b.ApproveEvidence(k.Ctx, stand, claim.DecideInput{Evidence: e.ID}); err != nil || e.State != claim.Approved {
			t.Fatalf("a stand-in approves: %v", err)
		}
		_, err = b.ApproveEvidence(k.Ctx, b.hung, claim.DecideInput{Evidence: e.ID})
		want(t, err, problem.State)
		if n, _ := see(b.lan); n != 1 {
			t.Errorf("now the centre sees %d", n)
		}
		const inner = "Số liệu nội bộ chưa chắc."
		if _, err := b.ReturnEvidence(k.Ctx, stand, claim.DecideInput{Evidence: own.ID, Reason: inner}); err != nil {
			t.Fatal(err)
		}
		for who, sees := range map[*regulation.Actor]bool{&b.lan: false, &b.hung: true} {
			w, err := b.Get(k.Ctx, *who, c.ID)
			if err != nil || slices.ContainsFunc(w.History, func(d claim.Done) bool { return d.Reason == inner }) != sees {
				t.Errorf("%s reads why a head kept something back, want %v: %v", who.ID, sees, err)
			}
		}
	})
}

// TestTransitions tries every act in every state that a claim can be brought to.
func TestTransitions(t *testing.T) {
	allowed := map[claim.State][]claim.Act{
		claim.Signalled: {claim.ActOpen},
		claim.Opened:    {claim.ActTake, claim.ActAsk, claim.ActAdd, claim.ActDraft, claim.ActClose},
		claim.Checking:  {claim.ActAsk, claim.ActAdd, claim.ActDraft, claim.ActClose, claim.ActRespond},
		claim.Drafted:   {claim.ActAsk, claim.ActAdd, claim.ActDraft, claim.ActSendUp, claim.ActClose, claim.ActRespond},
		claim.Awaiting:  {claim.ActAsk, claim.ActAdd, claim.ActAgree, claim.ActDisagree, claim.ActClose, claim.ActRespond},
		claim.Published: {claim.ActCorrect, claim.ActReopen, claim.ActRespond},
		claim.Closed:    {claim.ActReopen},
	}
	acts := []claim.Act{
		claim.ActOpen, claim.ActTake, claim.ActAsk, claim.ActAdd, claim.ActDraft, claim.ActSendUp, claim.ActAgree, claim.ActDisagree, claim.ActClose, claim.ActCorrect, claim.ActReopen, claim.ActRespond,
	}
	for _, s := range claim.States {
		for _, a := range acts {
			if s.May(a) != slices.Contains(allowed[s], a) {
				t.Errorf("%s %s: %v", s, a, s.May(a))
			}
		}
		for _, l := range catalogue.Langs {
			if !l.Has("claim.state." + string(s)) {
				t.Errorf("%s: no word for state %s", l, s)
			}
		}
	}
	k := testkit.SQLite(t)
	b := room(k)
	c := b.open(t, rumour)
	_, err := b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
	want(t, err, problem.State) // opened, not yet drafted
	if text := catalogue.VI.Error(err); strings.Contains(text, "⟦") || strings.Contains(text, "@") {
		t.Errorf("refused without words: %s", text)
	}
	if c, err = b.Take(k.Ctx, b.lan, claim.TakeInput{Claim: c.ID}); err != nil || c.State != claim.Checking || c.Holder != "lan" {
		t.Fatal(c.State, err)
	}
	_, err = b.Take(k.Ctx, b.mai, claim.TakeInput{Claim: c.ID})
	want(t, err, problem.State)
	_, err = b.SendUp(k.Ctx, b.lan, claim.SendUpInput{Claim: c.ID, Version: c.Version})
	want(t, err, problem.State)
	_, err = b.Close(k.Ctx, b.lan, claim.CloseInput{Claim: c.ID, Version: c.Version})
	want(t, err, problem.Required)
	if c, err = b.Close(k.Ctx, b.lan, claim.CloseInput{Claim: c.ID, Version: c.Version, Reason: "Người đăng đã gỡ"}); err != nil || c.State != claim.Closed {
		t.Fatal(c.State, err)
	}
	if duties, err := b.duties.Of(k.Ctx, k.DB, c.Ref()); err != nil || duties[0].State != regulation.DutyVoid {
		t.Errorf("what the office owed falls away: %v %v", duties, err)
	}
	if c, err = b.Reopen(k.Ctx, b.mai, claim.ReopenInput{Claim: c.ID, Version: c.Version, Reason: "Tin quay lại"}); err != nil || c.State != claim.Checking {
		t.Fatal(c.State, err)
	}
}

func TestOneFasterThanTheOther(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		if _, err := b.Take(k.Ctx, b.lan, claim.TakeInput{Claim: c.ID}); err != nil {
			t.Fatal(err)
		}
		errs := make(chan error, 2)
		for _, by := range []regulation.Actor{b.lan, b.mai} {
			go func() {
				_, err := b.Draft(k.Ctx, by, claim.DraftInput{Claim: c.ID, Version: c.Version, Verdict: claim.Misleading, VI: truth})
				errs <- err
			}()
		}
		a, z := problem.CodeOf(<-errs), problem.CodeOf(<-errs)
		if (a != "" || z != problem.Conflict) && (a != problem.Conflict || z != "") {
			t.Errorf("two drafts on one version: %q and %q, want one saved and one conflict", a, z)
		}
	})
}

func TestWhatADraftNeeds(t *testing.T) {
	k := testkit.SQLite(t)
	b := room(k)
	c := b.open(t, rumour)
	c, err := b.Take(k.Ctx, b.lan, claim.TakeInput{Claim: c.ID})
	if err != nil {
		t.Fatal(err)
	}
	f := func(in claim.DraftInput, field string, code problem.Code) {
		t.Helper()
		in.Claim, in.Version = c.ID, c.Version
		_, err := b.Draft(k.Ctx, b.lan, in)
		for _, p := range problem.All(err) {
			if p.Field == field && p.Code == code {
				if text := catalogue.VI.Problem(p); strings.Contains(text, "⟦") {
					t.Error(text)
				}
				return
			}
		}
		t.Errorf("want %s on %s, got %v", code, field, err)
	}
	f(claim.DraftInput{VI: truth}, "verdict", problem.Required)
	f(claim.DraftInput{Verdict: "wahr", VI: truth}, "verdict", problem.Required)
	f(claim.DraftInput{Verdict: claim.Fake}, "headline", problem.Required)
	f(claim.DraftInput{Verdict: claim.Fake, VI: truth, EN: claim.Text{Headline: "Only three wards"}}, "body_en", problem.Required)
	lie := truth
	lie.Headline = rumour
	f(claim.DraftInput{Verdict: claim.Fake, VI: lie}, "headline", problem.Invalid)
	lie.Headline = strings.ToUpper(strings.Trim(truth.Said, "“”")) + "!"
	f(claim.DraftInput{Verdict: claim.Fake, VI: lie}, "headline", problem.Invalid)
	lie.Headline = strings.Repeat("a", 301)
	f(claim.DraftInput{Verdict: claim.Fake, VI: lie}, "headline", problem.Invalid)
	lie.Headline = rumour
	if _, err := b.Draft(k.Ctx, b.lan, claim.DraftInput{Claim: c.ID, Version: c.Version, Verdict: claim.Verified, VI: lie}); err != nil {
		t.Errorf("a claim that is true may be the headline: %v", err)
	}
}

func TestAnotherOfficeHasItsOwnClock(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		if _, err := b.Ask(k.Ctx, b.lan, claim.AskInput{Claim: c.ID, Office: "SYT", Question: "Bệnh viện có thiếu nước không?"}); err != nil {
			t.Fatal(err)
		}
		w, err := b.Get(k.Ctx, b.tu, c.ID)
		if err != nil || !slices.Equal(w.Offices, []string{"SXD", "SYT"}) {
			t.Fatal(w.Offices, err)
		}
		b.evidence(t, c)
		states := func(office string) regulation.DutyState {
			list, err := b.duties.Of(k.Ctx, k.DB, w.DutyOf(office))
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0].State
		}
		if states("SXD") != regulation.DutyMet || states("SYT") != regulation.DutyRunning {
			t.Errorf("SXD %s, SYT %s", states("SXD"), states("SYT"))
		}
		list, err := b.List(k.Ctx, b.tu, claim.ListFilter{States: claim.AtWork})
		if err != nil || len(list) != 1 {
			t.Errorf("the second office sees it on its board: %v %v", list, err)
		}
		if list, err = b.List(k.Ctx, testkit.Of("x", regulation.FocalPoint, "SGDĐT"), claim.ListFilter{}); err != nil || len(list) != 0 {
			t.Errorf("a third does not: %v %v", list, err)
		}
	})
}

// TestStoreKeepsNothingOfAFailedCommand holds that rows and entries go together.
func TestStoreKeepsNothingOfAFailedCommand(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		_, err := b.Open(k.Ctx, b.lan, claim.OpenInput{Statement: rumour, Reports: []string{"không có"}})
		want(t, err, problem.NotFound)
		if n := len(k.Records(t)); n != 0 {
			t.Errorf("%d entries of a command that failed", n)
		}
		var code string
		err = k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			code, err = store.NextCode(ctx, tx, "KC", k.Clock.Now())
			return err
		})
		if err != nil || code != "KC-2026-0001" {
			t.Errorf("a code was used up: %s %v", code, err)
		}
	})
}

// TestNobodyTookIt adds evidence to a claim that nobody took: it is still there to be taken, and who drafts its verdict has taken it.
func TestNobodyTookIt(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, rumour)
		if _, err := b.AddEvidence(k.Ctx, b.lan, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByLink, Title: "Ảnh chụp bến", Link: "https://ben.example/1"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Ask(k.Ctx, b.lan, claim.AskInput{Claim: c.ID, Office: "SYT", Question: "Có ai bị nạn không?"}); err != nil {
			t.Fatal(err)
		}
		w, err := b.Get(k.Ctx, b.lan, c.ID)
		if err != nil || w.State != claim.Opened || !w.State.May(claim.ActTake) {
			t.Fatal(w.State, err)
		}
		c, err = b.Draft(k.Ctx, b.lan, claim.DraftInput{Claim: c.ID, Version: w.Version, Verdict: claim.Misleading, VI: truth})
		if err != nil || c.State != claim.Drafted || c.Holder != b.lan.ID {
			t.Fatal(c.State, c.Holder, err)
		}
	})
}
