package insight_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"khue/claim"
	"khue/insight"
	"khue/internal/house"
	"khue/internal/testkit"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/regulation"
	"khue/release"
	"khue/store"
	"khue/store/storetest"
)

// letters keeps what was sent, by its id.
type letters struct {
	mu sync.Mutex
	n  map[string]int
}

func (l *letters) Send(_ context.Context, m mail.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n[m.ID]++
	return nil
}

// world is a whole house on one engine.
type world struct {
	t        *testing.T
	clock    *testkit.Clock
	dir      string
	database string
	mail     *letters
	h        *house.House
	n        int
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, build(t, "")) })
	t.Run("postgres", func(t *testing.T) { f(t, build(t, storetest.PostgresAddress(t))) })
}

func build(t *testing.T, database string) *world {
	t.Helper()
	w := &world{t: t, clock: testkit.NewClock(testkit.Start), dir: t.TempDir(), database: database, mail: &letters{n: map[string]int{}}}
	w.h = w.open(w.dir)
	t.Cleanup(func() { w.h.Close() })
	return w
}

func (w *world) open(dir string) *house.House {
	w.t.Helper()
	h, err := house.Open(context.Background(), house.Config{
		Dir: dir, Database: w.database, Origin: "http://localhost:8080", LogName: "khue.example/log", Now: w.clock.Now, Mail: w.mail,
		Cost: people.Cost{Memory: 64, Time: 1, Threads: 1}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// run lets a house do its background work until stop is called, which waits for its end.
func (w *world) run(h *house.House) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	}
}

func (w *world) until(h *house.House, what string, so func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for !so() {
		changed := h.Ledger.Changed()
		again := time.NewTimer(20 * time.Millisecond)
		select {
		case <-changed:
		case <-again.C:
		case <-ctx.Done():
			w.t.Fatalf("it did not come to be so: %s", what)
		}
		again.Stop()
	}
}

func (w *world) person(name string, role regulation.Role, office string) regulation.Actor {
	w.t.Helper()
	w.n++
	ctx := context.Background()
	a, err := w.h.People.CreateAccount(ctx, regulation.SystemActor("test"), people.NewAccount{
		Email: name + "@khue.example", Name: "Người " + name, Lang: "vi", Posts: []regulation.Post{{Role: role, Office: office}}, Password: "một câu dài dễ nhớ",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	actor, err := w.h.People.Actor(ctx, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return actor
}

func (w *world) claim(by regulation.Actor, statement string) claim.Claim {
	w.t.Helper()
	c, err := w.h.Claims.Open(context.Background(), by, claim.OpenInput{Statement: statement, Office: "SXD", Impact: claim.Major})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) count(query string) int {
	w.t.Helper()
	var n int
	if err := w.h.DB.QueryRow(context.Background(), query).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

const (
	notices    = `SELECT COUNT(*) FROM notice`
	openDuties = `SELECT COUNT(*) FROM duty`
	unnumbered = `SELECT COUNT(*) FROM ledger_entry WHERE position IS NULL`
)

// caughtUp says whether the notices' follower has read the whole log.
func (w *world) caughtUp(h *house.House) bool {
	if w.count(unnumbered) > 0 {
		return false
	}
	list, err := h.Ledger.Followers(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range list {
		if f.Name == "insight.notices" {
			return f.Position == int64(w.count(`SELECT COUNT(*) FROM ledger_entry`))-1
		}
	}
	return false
}

// TestNoticesSurviveRestarts: the follower is stopped and started between entries; every duty is told once, none twice.
func TestNoticesSurviveRestarts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("lan", regulation.FocalPoint, "SXD")
		analyst := w.person("phan", regulation.Analyst, "TTBC")
		const rounds = 4
		for i := range rounds {
			stop := w.run(w.h)
			w.claim(analyst, "Cầu Mẫu bị cấm xe lần "+string(rune('A'+i)))
			if i%2 == 0 { // half of the times it is stopped before it has read everything
				w.until(w.h, "told", func() bool { return w.caughtUp(w.h) })
			}
			stop()
		}
		stop := w.run(w.h)
		w.until(w.h, "told", func() bool { return w.caughtUp(w.h) })
		w.until(w.h, "sent", func() bool { n, err := w.h.People.MailWaiting(context.Background()); return err == nil && n == 0 })
		stop()
		if n, duties := w.count(notices), w.count(openDuties); n != duties || duties != rounds {
			t.Errorf("%d notices of %d duties", n, duties)
		}
		for id, n := range w.mail.n {
			if n != 1 {
				t.Errorf("letter %s was sent %d times", id, n)
			}
		}
	})
}

// TestTwoHouses: two processes on one PostgreSQL database. Each sees what the other did; a follower's work is done by one of them;
// no letter goes twice; the log stays whole.
func TestTwoHouses(t *testing.T) {
	w := build(t, storetest.PostgresAddress(t))
	other := t.TempDir()
	keys, err := filepath.Glob(filepath.Join(w.dir, "*.key"))
	if err != nil || len(keys) < 2 {
		t.Fatalf("keys %v, %v", keys, err)
	}
	for _, from := range keys {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(other, filepath.Base(from)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second := w.open(other)
	defer second.Close()
	lan := w.person("lan", regulation.FocalPoint, "SXD")
	analyst := w.person("phan", regulation.Analyst, "TTBC")
	stopFirst, stopSecond := w.run(w.h), w.run(second)
	const claims = 30
	for i := range claims {
		room := w.h.Claims
		if i%2 == 1 {
			room = second.Claims
		}
		_, err := room.Open(context.Background(), analyst, claim.OpenInput{Statement: "Chuyện thứ " + time.Duration(i).String(), Office: "SXD", Impact: claim.Major})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.until(w.h, "told", func() bool { return w.caughtUp(w.h) })
	w.until(second, "seen by the second", func() bool { return second.Ledger.Size() == w.h.Ledger.Size() })
	w.until(w.h, "sent", func() bool { n, err := w.h.People.MailWaiting(context.Background()); return err == nil && n == 0 })
	if n := w.count(notices); n != claims {
		t.Errorf("%d notices of %d duties", n, claims)
	}
	for _, h := range []*house.House{w.h, second} {
		work, err := h.Insight.Now(context.Background(), lan)
		if err != nil || len(work) != claims {
			t.Errorf("%d rows, %v", len(work), err)
		}
	}
	stopSecond() // the first goes on alone
	w.claim(analyst, "Sau khi tiến trình kia dừng")
	w.until(w.h, "told after one stopped", func() bool { return w.count(notices) == claims+1 })
	stopFirst()
	w.mail.mu.Lock()
	defer w.mail.mu.Unlock()
	for id, n := range w.mail.n {
		if n != 1 {
			t.Errorf("letter %s was sent %d times", id, n)
		}
	}
}

// TestFigures: duties count in the month in which they were due, by how they ended; the share in time follows.
func TestFigures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		analyst := w.person("phan", regulation.Analyst, "TTBC")
		lan := w.person("lan", regulation.FocalPoint, "SXD")
		yte := w.person("yte", regulation.FocalPoint, "SYT")
		w.clock.Set(time.Date(2026, 11, 27, 8, 0, 0, 0, testkit.Start.Location()))
		var refs []string
		for _, s := range []string{"Một", "Hai", "Ba"} {
			refs = append(refs, w.claim(analyst, "Chuyện "+s).Ref())
		}
		meet := func(ref string) {
			t.Helper()
			err := w.h.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return w.h.Duties.Meet(ctx, tx, lan, ref, "")
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		meet(refs[0])
		duties, err := w.h.Duties.Of(ctx, w.h.DB, refs[1])
		if err != nil || len(duties) != 1 {
			t.Fatalf("%+v %v", duties, err)
		}
		due := duties[0].Due
		w.clock.Set(due.Add(time.Hour))
		meet(refs[1])
		month := due.In(testkit.Start.Location())
		f, err := w.h.Insight.Deadlines(ctx, month.Year(), month.Month())
		if err != nil || f.Met != 1 || f.MetLate != 1 || f.Late != 1 {
			t.Fatalf("due %s: %+v %v", due, f, err)
		}
		if share, ok := f.InTime(); !ok || share != 1.0/3 {
			t.Errorf("in time %v %v", share, ok)
		}
		if len(f.Offices) != 1 || f.Offices[0].Office != "SXD" || f.Offices[0].Total() != 3 {
			t.Errorf("%+v", f.Offices)
		}
		before := month.AddDate(0, -1, 0)
		if f, err := w.h.Insight.Deadlines(ctx, before.Year(), before.Month()); err != nil || f.Met+f.MetLate+f.Late != 0 {
			t.Errorf("the month before: %+v %v", f, err)
		}
		for _, test := range []struct {
			by    regulation.Actor
			total int
		}{{analyst, 3}, {lan, 3}, {yte, 0}} {
			kept, err := w.h.Insight.Kept(ctx, test.by, due.Add(-7*24*time.Hour))
			if err != nil || kept.Total() != test.total {
				t.Errorf("%s: %+v %v", test.by.Name, kept, err)
			}
		}
		if _, err := w.h.Insight.Kept(ctx, regulation.Actor{}, due); problem.CodeOf(err) != problem.Session {
			t.Errorf("a visitor: %v", err)
		}
	})
}

// TestNowAndTake: the row of a duty stands for the people of its office, who take it and hand it over; others see nothing of it.
func TestNowAndTake(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		analyst := w.person("phan", regulation.Analyst, "TTBC")
		lan := w.person("lan", regulation.FocalPoint, "SXD")
		binh := w.person("binh", regulation.FocalPoint, "SXD")
		other := w.person("yte", regulation.FocalPoint, "SYT")
		w.claim(analyst, "Cầu Mẫu bị cấm xe")
		row := func(by regulation.Actor) insight.Work {
			t.Helper()
			list, err := w.h.Insight.Now(ctx, by)
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %+v %v", by.Name, list, err)
			}
			if n, err := w.h.Insight.Owed(ctx, by); err != nil || n != 1 {
				t.Errorf("%s owes %d: %v", by.Name, n, err)
			}
			return list[0]
		}
		one := row(lan)
		if !one.Take || one.Group != insight.Due || one.Next != "insight.step.claim.add-evidence" {
			t.Errorf("%+v", one)
		}
		if err := w.h.Duties.Take(ctx, lan, one.Duty.ID); err != nil {
			t.Fatal(err)
		}
		if mine, his := row(lan), row(binh); mine.Take || mine.Duty.Holder != lan.ID || !his.Take {
			t.Errorf("%+v %+v", mine, his)
		}
		if err := w.h.Duties.Take(ctx, binh, one.Duty.ID); err != nil || row(lan).Duty.Holder != binh.ID {
			t.Errorf("handed over: %v", err)
		}
		if err := w.h.Duties.Take(ctx, other, one.Duty.ID); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("another office takes it: %v", err)
		}
		if list, err := w.h.Insight.Now(ctx, other); err != nil || len(list) != 0 {
			t.Errorf("another office sees %+v %v", list, err)
		}
		if n, err := w.h.Insight.Owed(ctx, other); err != nil || n != 0 {
			t.Errorf("another office owes %d: %v", n, err)
		}
		for _, test := range []struct {
			by   regulation.Actor
			want int
		}{{analyst, 1}, {lan, 1}, {other, 0}} {
			found, err := w.h.Insight.Find(ctx, test.by, "cau mau bi cam", 10)
			if err != nil || len(found) != test.want {
				t.Errorf("%s finds %+v %v", test.by.Name, found, err)
			}
		}
	})
}

// TestChangesWait: a change to what is out stands on the page of who drafts it, then on that of who may approve it, with what it is.
func TestChangesWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		stop := w.run(w.h) // on PostgreSQL what leaves waits for its number
		defer stop()
		ctx := context.Background()
		approver, editor := w.person("duyet", regulation.Approver, "TTBC"), w.person("bien-tap", regulation.Editor, "TTBC")
		lan := w.person("lan", regulation.FocalPoint, "SXD")
		text := release.Text{Title: "Làm lại vỉa hè phố Mẫu", Body: "Sở thử nghiệm làm lại vỉa hè phố Mẫu trong mười ngày."}
		rel, err := w.h.Releases.Submit(ctx, lan, release.SubmitInput{Kind: release.PressInformation, Office: "SXD", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		publish(t, w, rel, editor, approver)
		waits := func(by regulation.Actor, want ...string) {
			t.Helper()
			list, err := w.h.Insight.Now(ctx, by)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, work := range list {
				got = append(got, work.State+" "+work.Next)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s sees %q, want %q", by.Name, got, want)
			}
		}
		waits(editor)
		step := func(do func(release.Ref) (release.Release, error)) {
			t.Helper()
			if rel, err = w.h.Releases.Get(ctx, editor, rel.ID); err == nil {
				rel, err = do(release.Ref{ID: rel.ID, Version: rel.Version})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		step(func(ref release.Ref) (release.Release, error) {
			return w.h.Releases.DraftChange(ctx, editor, ref, release.Correction)
		})
		waits(editor, "release.change.correction insight.step.release.send-up")
		waits(approver)
		step(func(ref release.Ref) (release.Release, error) {
			text.Body = "Sở thử nghiệm làm lại vỉa hè phố Mẫu trong mười hai ngày."
			return w.h.Releases.Edit(ctx, editor, release.EditInput{Ref: ref, Text: text, Note: "Bản trước ghi “mười”."})
		})
		step(func(ref release.Ref) (release.Release, error) { return w.h.Releases.SendUp(ctx, editor, ref) })
		waits(editor)
		waits(approver, "release.change.correction.up insight.step.release.approve")
		waits(lan)
		step(func(ref release.Ref) (release.Release, error) { return w.h.Releases.Correct(ctx, approver, ref) })
		waits(approver) // it is held and about to leave
	})
}

// TestNothingDueIsHidden: a duty of a thing that no list of a room tells any more, or not to this office, stands on Now all the same:
// with who can do it, and when it is late with the whole centre.
func TestNothingDueIsHidden(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		stop := w.run(w.h)
		defer stop()
		ctx := context.Background()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		analyst, second, duty := w.person("phan", regulation.Analyst, "TTBC"), w.person("duyet", regulation.Approver, "TTBC"), w.person("truc", regulation.DutyOfficer, "TTBC")
		lan, tu, other := w.person("lan", regulation.FocalPoint, "SXD"), w.person("tu", regulation.FocalPoint, "SYT"), w.person("khac", regulation.FocalPoint, "SGDĐT")
		sees := func(by regulation.Actor, want ...string) {
			t.Helper()
			list, err := w.h.Insight.Now(ctx, by)
			must(err)
			var got []string
			for _, work := range list {
				got = append(got, string(work.Group)+" "+work.State+" "+work.Next)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s sees %q, want %q", by.Name, got, want)
			}
			if n, err := w.h.Insight.Owed(ctx, by); err != nil || n != len(want) {
				t.Errorf("%s owes %d, %v", by.Name, n, err)
			}
		}
		c := w.claim(analyst, "Cầu Mẫu bị cấm xe")
		_, err := w.h.Claims.Ask(ctx, analyst, claim.AskInput{Claim: c.ID, Office: "SYT", Question: "Có ai bị thương?"})
		must(err)
		sees(tu, "due claim.state.opened insight.step.claim.add-evidence")
		_, err = w.h.Claims.AddEvidence(ctx, analyst, claim.AddEvidenceInput{Claim: c.ID, Kind: claim.ByLink, Title: "Lệnh", Link: "https://cau.example/lenh", Original: true, Open: true})
		must(err)
		whole, err := w.h.Claims.Get(ctx, analyst, c.ID)
		must(err)
		c, err = w.h.Claims.Draft(ctx, analyst, claim.DraftInput{Claim: c.ID, Version: whole.Version, Verdict: claim.False, VI: claim.Text{Headline: "Cầu Mẫu cho xe đi", Said: "Cấm xe", Body: "Theo lệnh."}, Press: true})
		must(err)
		c, err = w.h.Claims.SendUp(ctx, analyst, claim.SendUpInput{Claim: c.ID, Version: c.Version})
		must(err)
		_, err = w.h.Claims.Agree(ctx, second, claim.AgreeInput{Claim: c.ID, Version: c.Version})
		must(err)
		sees(lan, "due insight.duty.respond insight.step.claim.respond")
		sees(analyst)
		sees(other)
		_, _, err = w.h.People.RegisterJournalist(ctx, people.Registration{Email: "mai@saomai.example", Password: "chín con mèo đen", Name: "Mai", Phone: "0912345678", Outlet: "Báo Sao Mai", Machine: "192.0.2.1"})
		must(err)
		sees(duty, "due insight.duty.verify insight.step.people.verify")
		sees(analyst)
		w.clock.Add(10 * 24 * time.Hour)
		must(w.h.Duties.Tick(ctx))
		sees(lan, "late insight.duty.respond insight.step.claim.respond")
		sees(analyst, "late insight.duty.respond ", "late insight.duty.verify ")
		sees(other)
		_, err = w.h.Claims.Respond(ctx, lan, claim.RespondInput{Claim: c.ID, Text: "Đã gửi tòa soạn văn bản số 15"})
		must(err)
		sees(lan)
	})
}

// TestLibrary: what is published is known to verification and to search, with and without marks; before everything is loaded it
// says so.
func TestLibrary(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.h.Insight.Search("vỉa hè", 5); problem.CodeOf(err) != problem.Loading {
			t.Errorf("before it is loaded: %v", err)
		}
		if _, err := w.h.Insight.Verify("Một câu nào đó."); problem.CodeOf(err) != problem.Loading {
			t.Errorf("before it is loaded: %v", err)
		}
		if _, err := w.h.Insight.Touching("Tin", "Lời"); problem.CodeOf(err) != problem.Loading {
			t.Errorf("before it is loaded: %v", err)
		}
		stop := w.run(w.h)
		defer stop()
		w.until(w.h, "loaded", w.h.Insight.Loaded)
		ctx := context.Background()
		approver, editor := w.person("duyet", regulation.Approver, "TTBC"), w.person("bien-tap", regulation.Editor, "TTBC")
		lan := w.person("lan", regulation.FocalPoint, "SXD")
		body := "Sở thử nghiệm làm lại vỉa hè phố Mẫu trong mười ngày, mỗi ngày một bên, từ ngày 10/11/2026."
		rel, err := w.h.Releases.Submit(ctx, lan, release.SubmitInput{Kind: release.PressInformation, Office: "SXD", Text: release.Text{Title: "Làm lại vỉa hè phố Mẫu", Body: body}})
		if err != nil {
			t.Fatal(err)
		}
		before := w.h.Insight.LibraryChanges()
		publish(t, w, rel, editor, approver)
		w.until(w.h, "shelved", func() bool { return w.h.Insight.SealedTexts() > 0 && w.h.Insight.LibraryChanges() > before })
		for _, q := range []string{"vỉa hè phố Mẫu", "via he pho mau", "VIA HE"} {
			if hits, err := w.h.Insight.Search(q, 5); err != nil || len(hits) != 1 || hits[0].Status != insight.Holds {
				t.Errorf("%q: %+v %v", q, hits, err)
			}
		}
		if hits, err := w.h.Insight.Search("", 5); err != nil || len(hits) != 0 {
			t.Errorf("nothing asked: %+v %v", hits, err)
		}
		if v, err := w.h.Insight.Verify("Làm lại vỉa hè phố Mẫu\n" + body); err != nil || v.Paper.Code == "" {
			t.Errorf("%+v %v", v.Paper, err)
		}
		if near, err := w.h.Insight.Touching("Phố Mẫu lát vỉa hè", "Nghe nói phố Mẫu sắp lát lại vỉa hè, bà con chuẩn bị."); err != nil || near.Paper.Code == "" && len(near.Near) != 1 {
			t.Errorf("%+v %v", near, err)
		}
	})
}

// publish takes a submitted release through the house until it is out.
func publish(t *testing.T, w *world, rel release.Release, editor, approver regulation.Actor) {
	t.Helper()
	ctx := context.Background()
	for _, step := range []struct {
		by regulation.Actor
		do func(context.Context, regulation.Actor, release.Ref) (release.Release, error)
	}{{editor, w.h.Releases.Take}, {editor, w.h.Releases.SendUp}, {approver, w.h.Releases.Approve}, {approver, w.h.Releases.Publish}} {
		var err error
		if rel, err = step.do(ctx, step.by, release.Ref{ID: rel.ID, Version: rel.Version}); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Add(time.Minute) // what leaves is held for some seconds
	if err := w.h.Releases.RunSchedule(ctx); err != nil {
		t.Fatal(err)
	}
}
