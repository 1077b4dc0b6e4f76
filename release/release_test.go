package release_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/media"
	"khue/problem"
	"khue/regulation"
	"khue/release"
)

var (
	thu    = testkit.Of("thu", regulation.FocalPoint, "00004") // a ward's focal point
	lan    = testkit.Of("lan", regulation.FocalPoint, "SXD")
	minh   = testkit.Centre("minh", regulation.Editor)
	ha     = testkit.Centre("ha", regulation.Editor)
	phong  = testkit.Centre("phong", regulation.Approver)
	both   = testkit.Person("both", regulation.Post{Role: regulation.Editor, Office: "TTBC"}, regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	nobody = regulation.Actor{}
	reader = testkit.Person("reader", regulation.Post{Role: regulation.Journalist, Office: "bao"})
)

type desk struct {
	*testing.T
	k      *testkit.Kit
	r      *release.Room
	m      *media.Room
	duties *regulation.Duties
}

func newDesk(t *testing.T, k *testkit.Kit, hold time.Duration) *desk {
	duties := regulation.NewDuties(regulation.DutyConfig{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Deadlines: k.Deadlines, Now: k.Clock.Now})
	m := media.New(media.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Folder: filepath.Join(t.TempDir(), "files"), Now: k.Clock.Now})
	r := release.New(release.Config{
		DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Duties: duties, Media: m, Now: k.Clock.Now, Hold: hold,
		NameOf: func(_ context.Context, id, _ string) string { return "tên của " + id },
	})
	return &desk{t, k, r, m, duties}
}

func each(t *testing.T, f func(d *desk)) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) { f(newDesk(t, k, 0)) })
}

var water = release.Text{Title: "Nước máy ở phường Ba Đình yếu", Lede: "Van hỏng từ 6 giờ.", Body: "Khoảng **1.200 hộ** bị ảnh hưởng."}

func (d *desk) submit() release.Release {
	d.Helper()
	rel, err := d.r.Submit(d.k.Ctx, thu, release.SubmitInput{Kind: release.PressInformation, Text: water, Contact: "Chị Thu"})
	return d.must(rel, err)
}

func (d *desk) must(rel release.Release, err error) release.Release {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
	return rel
}

func (d *desk) ref(rel release.Release) release.Ref {
	return release.Ref{ID: rel.ID, Version: rel.Version}
}

// to brings a new release to a state by the shortest way.
func (d *desk) to(state release.State) release.Release {
	d.Helper()
	ctx := d.k.Ctx
	if state == release.Draft {
		return d.must(d.r.Draft(ctx, thu, release.SubmitInput{Kind: release.PressInformation, Text: water}))
	}
	rel := d.submit()
	if state == release.Submitted {
		return rel
	}
	if state == release.Declined {
		return d.must(d.r.Decline(ctx, minh, release.Why{Ref: d.ref(rel), Reason: "đã có tin"}))
	}
	rel = d.must(d.r.Take(ctx, minh, d.ref(rel)))
	if state == release.Editing {
		return rel
	}
	if state == release.Returned {
		return d.must(d.r.Return(ctx, minh, release.Why{Ref: d.ref(rel), Reason: "thiếu số hộ"}))
	}
	rel = d.must(d.r.SendUp(ctx, minh, d.ref(rel)))
	if state == release.Awaiting {
		return rel
	}
	rel = d.must(d.r.Approve(ctx, phong, d.ref(rel)))
	switch state {
	case release.Approved:
		return rel
	case release.Scheduled:
		return d.must(d.r.Schedule(ctx, minh, release.When{Ref: d.ref(rel), At: d.k.Clock.Now().Add(time.Hour)}))
	case release.Embargoed:
		return d.must(d.r.Embargo(ctx, minh, release.When{Ref: d.ref(rel), At: d.k.Clock.Now().Add(time.Hour)}))
	}
	d.must(d.r.Publish(ctx, minh, d.ref(rel)))
	rel = d.leave(rel.ID)
	switch state {
	case release.Corrected:
		return d.correct(rel)
	case release.Withdrawn:
		d.must(d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: d.ref(rel), Reason: "Nhầm phường. Nay đúng là: phường Ngọc Hà."}))
		rel = d.leave(rel.ID)
	}
	return rel
}

// leave waits out the hold.
func (d *desk) leave(id string) release.Release {
	d.Helper()
	d.k.Clock.Add(release.DefaultHold)
	if err := d.r.RunSchedule(d.k.Ctx); err != nil {
		d.Fatal(err)
	}
	return d.get(id)
}

func (d *desk) get(id string) release.Release {
	d.Helper()
	return d.must(d.r.Get(d.k.Ctx, phong, id))
}

// drafted opens a correction and sends it up.
func (d *desk) drafted(rel release.Release, c release.Change) release.Release {
	d.Helper()
	ctx := d.k.Ctx
	rel = d.must(d.r.DraftChange(ctx, minh, d.ref(rel), c))
	text := rel.Text
	text.Body = strings.Replace(text.Body, "1.200", "2.100", 1)
	rel = d.must(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(rel), Text: text, Note: "Bản trước ghi “1.200 hộ”, đúng là “2.100 hộ”."}))
	return d.must(d.r.SendUp(ctx, minh, d.ref(rel)))
}

func (d *desk) correct(rel release.Release) release.Release {
	d.Helper()
	rel = d.drafted(rel, release.Correction)
	d.must(d.r.Correct(d.k.Ctx, phong, d.ref(rel)))
	return d.leave(rel.ID)
}

func (d *desk) wants(err error, code problem.Code, what string) {
	d.Helper()
	if got := problem.CodeOf(err); got != code {
		d.Errorf("%s: %v, want %q", what, err, code)
	}
}

// verbs does each verb on a release by somebody who may.
func (d *desk) verbs() map[release.Verb]func(release.Release) error {
	ctx := d.k.Ctx
	e := func(_ release.Release, err error) error { return err }
	why := func(rel release.Release) release.Why {
		return release.Why{Ref: release.Ref{ID: rel.ID}, Reason: "vì thế"}
	}
	when := func(rel release.Release) release.When {
		return release.When{Ref: release.Ref{ID: rel.ID}, At: d.k.Clock.Now().Add(2 * time.Hour)}
	}
	id := func(rel release.Release) release.Ref { return release.Ref{ID: rel.ID} }
	return map[release.Verb]func(release.Release) error{
		release.VerbTake:   func(x release.Release) error { return e(d.r.Take(ctx, minh, id(x))) },
		release.VerbReturn: func(x release.Release) error { return e(d.r.Return(ctx, minh, why(x))) },
		release.VerbAmend: func(x release.Release) error {
			return e(d.r.Amend(ctx, thu, release.AmendInput{Ref: id(x), Text: water}))
		},
		release.VerbDecline: func(x release.Release) error { return e(d.r.Decline(ctx, minh, why(x))) },
		release.VerbEdit: func(x release.Release) error {
			return e(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(x), Text: water}))
		},
		release.VerbSendUp:     func(x release.Release) error { return e(d.r.SendUp(ctx, minh, id(x))) },
		release.VerbSendBack:   func(x release.Release) error { return e(d.r.SendBack(ctx, phong, why(x))) },
		release.VerbApprove:    func(x release.Release) error { return e(d.r.Approve(ctx, phong, id(x))) },
		release.VerbSchedule:   func(x release.Release) error { return e(d.r.Schedule(ctx, minh, when(x))) },
		release.VerbEmbargo:    func(x release.Release) error { return e(d.r.Embargo(ctx, minh, when(x))) },
		release.VerbUnschedule: func(x release.Release) error { return e(d.r.Unschedule(ctx, minh, id(x))) },
		release.VerbPublish:    func(x release.Release) error { return e(d.r.Publish(ctx, minh, id(x))) },
		release.VerbDraft:      func(x release.Release) error { return e(d.r.DraftCorrection(ctx, minh, id(x))) },
		release.VerbDrop:       func(x release.Release) error { return e(d.r.DropChange(ctx, minh, id(x))) },
		release.VerbUpdate:     func(x release.Release) error { return e(d.r.Update(ctx, phong, id(x))) },
		release.VerbCorrect:    func(x release.Release) error { return e(d.r.Correct(ctx, phong, id(x))) },
		release.VerbWithdraw: func(x release.Release) error {
			return e(d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: id(x), Reason: "vì thế"}))
		},
		release.VerbUndo: func(x release.Release) error { return e(d.r.Undo(ctx, minh, id(x))) },
	}
}

// TestMachine tries every verb in every state: what the picture of the house allows works, all else is refused and changes nothing.
func TestMachine(t *testing.T) {
	allowed := map[release.State][]release.Verb{
		release.Draft:     nil,
		release.Submitted: {release.VerbTake, release.VerbReturn, release.VerbDecline},
		release.Editing:   {release.VerbReturn, release.VerbDecline, release.VerbEdit, release.VerbSendUp},
		release.Returned:  {release.VerbAmend, release.VerbDecline},
		release.Awaiting:  {release.VerbApprove, release.VerbSendBack},
		release.Approved:  {release.VerbSendBack, release.VerbSchedule, release.VerbEmbargo, release.VerbPublish},
		release.Scheduled: {release.VerbSchedule, release.VerbUnschedule, release.VerbPublish},
		release.Embargoed: {release.VerbEmbargo, release.VerbUnschedule, release.VerbPublish},
		release.Published: {release.VerbDraft, release.VerbWithdraw},
		release.Corrected: {release.VerbDraft, release.VerbWithdraw},
		release.Withdrawn: nil,
		release.Declined:  nil,
	}
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	for state, may := range allowed {
		for verb, do := range d.verbs() {
			rel := d.to(state)
			if rel.State != state {
				t.Fatalf("on the way to %s it is %s", state, rel.State)
			}
			err := do(rel)
			if slices.Contains(may, verb) {
				if err != nil {
					t.Errorf("%s from %s: %v", verb, state, err)
				}
				continue
			}
			want := problem.State
			if state == release.Draft && verb != release.VerbAmend {
				want = problem.State
			}
			if got := problem.CodeOf(err); got != want {
				t.Errorf("%s from %s: %v, want %q", verb, state, err, want)
			}
			if state != release.Draft {
				if after := d.get(rel.ID); after.Version != rel.Version || after.State != rel.State {
					t.Errorf("%s from %s was refused and changed it", verb, state)
				}
			}
		}
	}
}

func TestChangesBesideWhatIsOut(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	for _, c := range []struct {
		change release.Change
		up     bool
		may    []release.Verb
	}{
		{release.Correction, false, []release.Verb{release.VerbEdit, release.VerbDrop, release.VerbWithdraw}}, // send-up needs a note
		{release.Correction, true, []release.Verb{release.VerbSendBack, release.VerbDrop, release.VerbCorrect, release.VerbWithdraw}},
		{release.Update, true, []release.Verb{release.VerbSendBack, release.VerbDrop, release.VerbUpdate, release.VerbWithdraw}},
	} {
		for verb, do := range d.verbs() {
			rel := d.to(release.Published)
			if c.up {
				rel = d.drafted(rel, c.change)
			} else {
				rel = d.must(d.r.DraftChange(k.Ctx, minh, d.ref(rel), c.change))
			}
			err := do(rel)
			if ok := slices.Contains(c.may, verb); ok != (err == nil) {
				t.Errorf("%s during %s (up %v): %v", verb, c.change, c.up, err)
			}
		}
	}
}

func TestFromSubmissionToWithdrawal(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		var pic bytes.Buffer
		png.Encode(&pic, image.NewRGBA(image.Rect(0, 0, 40, 30)))
		f, err := d.m.Put(ctx, thu, media.Upload{Name: "<script>ảnh.png", Body: &pic})
		if err != nil {
			d.Fatal(err)
		}
		inner, err := d.m.Put(ctx, thu, media.Upload{Name: "nội bộ.txt", Body: strings.NewReader("chỉ cho Trung tâm")})
		if err != nil {
			d.Fatal(err)
		}
		in := release.SubmitInput{Kind: release.PressInformation, Text: water, Key: "form-1", Files: []release.Sent{{File: f.ID, Name: f.Name}, {File: inner.ID, Name: inner.Name}}}
		rel, err := d.r.Submit(ctx, thu, in)
		d.must(rel, err)
		if rel.Code != "TTBC-2026-0001" || rel.Office != "00004" || rel.State != release.Submitted {
			d.Fatalf("%+v", rel)
		}
		if due, err := d.duties.Of(ctx, d.k.DB, rel.Ref()); err != nil || len(due) != 1 || due[0].State != regulation.DutyRunning {
			d.Fatalf("duties: %+v %v", due, err)
		}
		_, err = d.r.Submit(ctx, thu, in)
		d.wants(err, problem.Twice, "the same form sent twice")

		_, err = d.r.Take(ctx, lan, d.ref(rel))
		d.wants(err, problem.NotFound, "somebody of another office")
		_, err = d.r.Take(ctx, thu, d.ref(rel))
		d.wants(err, problem.Forbidden, "the sender takes it")
		rel = d.must(d.r.Take(ctx, minh, d.ref(rel)))
		if due, _ := d.duties.Of(ctx, d.k.DB, rel.Ref()); due[0].State != regulation.DutyMet {
			d.Errorf("the duty to take is %s", due[0].State)
		}
		rel = d.must(d.r.Return(ctx, minh, release.Why{Ref: d.ref(rel), Reason: "Bao nhiêu hộ?"}))
		if rel.Reason != "Bao nhiêu hộ?" {
			d.Error(rel.Reason)
		}
		text := water
		text.Lede = "Van hỏng từ 6 giờ sáng thứ Hai."
		rel = d.must(d.r.Amend(ctx, thu, release.AmendInput{Ref: d.ref(rel), Text: text}))
		text.Body += "\n\n<script>alert(1)</script>Từ trưa nay nước trở lại."
		text.TitleEN, text.BodyEN = "Water is weak in Ba Dinh", "About 1,200 households."
		rel = d.must(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(rel), Text: text, Kind: release.PressRelease, Why: "gọn hơn"}))
		if rel.Code != "TCBC-2026-0001" {
			d.Error("another kind has another code:", rel.Code)
		}
		if err := d.r.Describe(ctx, minh, d.ref(rel), []release.Words{{File: f.ID, Caption: "Van mới", Alt: "Van nước", Shown: true}, {File: inner.ID}}); err != nil {
			d.Fatal(err)
		}
		rel = d.must(d.r.SendUp(ctx, minh, d.ref(rel)))
		_, err = d.r.Approve(ctx, minh, d.ref(rel))
		d.wants(err, problem.Forbidden, "an editor approves")
		rel = d.must(d.r.Approve(ctx, phong, d.ref(rel)))
		if public, _ := d.r.FilePublic(ctx, f.ID); public {
			d.Error("a file is out before its release")
		}
		_, err = d.r.Public(ctx, rel.Code)
		d.wants(err, problem.NotFound, "approved is not public")

		rel = d.must(d.r.Publish(ctx, minh, d.ref(rel)))
		if rel.State != release.Approved || !rel.LeavesAt.Equal(d.k.Clock.Now().Add(10*time.Second)) {
			d.Errorf("held: %s until %v", rel.State, rel.LeavesAt)
		}
		d.k.Clock.Add(9 * time.Second)
		if err := d.r.RunSchedule(ctx); err != nil {
			d.Fatal(err)
		}
		if _, err = d.r.Public(ctx, rel.Code); err == nil {
			d.Error("it left before the hold ended")
		}
		d.k.Clock.Add(time.Second)
		if err := d.r.RunSchedule(ctx); err != nil {
			d.Fatal(err)
		}
		p, err := d.r.Public(ctx, rel.Code)
		if err != nil || p.State != release.Published || p.N != 3 || !p.English() {
			d.Fatalf("%+v %v", p, err)
		}
		files, err := d.r.PublicFiles(ctx, p)
		if err != nil || len(files) != 1 || files[0].Alt != "Van nước" || files[0].Name != "scriptảnh.png" {
			d.Errorf("files: %+v %v", files, err)
		}
		if in, _ := d.r.FilePublic(ctx, inner.ID); in {
			d.Error("a file for the house alone is out")
		}

		rel = d.correct(d.get(rel.ID))
		p, err = d.r.Public(ctx, rel.Code)
		if err != nil || p.State != release.Corrected || !strings.Contains(p.Body, "2.100") || !strings.Contains(p.Note, "1.200") {
			d.Errorf("corrected: %+v %v", p, err)
		}
		editions, err := d.r.Editions(ctx, rel.ID)
		if err != nil || len(editions) != 2 || editions[0].Kind != "first" || editions[1].Kind != "correction" || editions[1].Entry == "" {
			d.Errorf("%+v %v", editions, err)
		}
		_, err = d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: d.ref(rel)})
		d.wants(err, problem.Required, "a withdrawal without a reason")
		_, err = d.r.Withdraw(ctx, minh, release.WithdrawInput{Ref: d.ref(rel), Reason: "x"})
		d.wants(err, problem.Forbidden, "an editor withdraws")
		d.must(d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: d.ref(rel), Reason: "Nhầm phường."}))
		rel = d.leave(rel.ID)
		p, err = d.r.Public(ctx, rel.Code)
		if err != nil || p.State != release.Withdrawn || p.Reason != "Nhầm phường." || p.Title != "" || p.Body != "" || p.Withdrawn.IsZero() {
			d.Errorf("withdrawn: %+v %v", p, err)
		}
		if public, _ := d.r.FilePublic(ctx, f.ID); public {
			d.Error("a file of what was withdrawn is still out")
		}
		d.checkLog(rel)
	})
}

// checkLog holds the public entries of a release against what was sealed.
func (d *desk) checkLog(rel release.Release) {
	d.Helper()
	var public []string
	digests := map[string]bool{}
	for _, rec := range d.k.Records(d) {
		if rec.Thing != rel.Ref() || !strings.HasPrefix(rec.Kind, "release.") {
			continue
		}
		if strings.Contains(string(rec.Body), "hộ") || strings.Contains(string(rec.Body), "phường") {
			d.Errorf("text in the ledger: %s", rec.Body)
		}
		if rec.Public {
			public = append(public, rec.Kind)
			var e release.EntryPublic
			if err := rec.Decode(&e); err != nil {
				d.Error(err)
			}
			digests[e.SHA256] = true
		}
	}
	if got := fmt.Sprint(public); got != "[release.published release.corrected release.withdrawn]" {
		d.Error(got)
	}
	n := 0
	err := d.r.DocumentsOf(d.k.Ctx, rel.ID, func(doc release.Document) error {
		n++
		if doc.Lang == "vi" && (!digests[doc.SHA256] || strings.Contains(doc.Text, "**")) {
			d.Errorf("the log does not know %+v", doc)
		}
		if doc.State != release.Withdrawn || doc.Superseded != (doc.Version == 3) {
			d.Errorf("%+v", doc)
		}
		return nil
	})
	if err != nil || n != 4 {
		d.Errorf("%d documents, %v", n, err)
	}
	steps, err := d.r.History(d.k.Ctx, rel)
	if err != nil || len(steps) < 12 || steps[2].Reason != "Bao nhiêu hộ?" || steps[2].By != "minh" {
		d.Errorf("history: %+v %v", steps, err)
	}
}

func TestNobodyApprovesTheirOwn(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		rel := d.submit()
		rel = d.must(d.r.Take(ctx, both, d.ref(rel)))
		text := water
		text.Body = "Của người vừa soạn vừa duyệt."
		rel = d.must(d.r.Edit(ctx, both, release.EditInput{Ref: d.ref(rel), Text: text}))
		text.Title = "Người khác sửa một dấu"
		rel = d.must(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(rel), Text: text}))
		rel = d.must(d.r.SendUp(ctx, minh, d.ref(rel)))
		_, err := d.r.Approve(ctx, both, d.ref(rel))
		d.wants(err, problem.SamePerson, "who wrote the version before the last approves")
		rel = d.must(d.r.Approve(ctx, phong, d.ref(rel)))
		d.must(d.r.Publish(ctx, both, d.ref(rel)))
		rel = d.leave(rel.ID)
		// a correction that was typed, not saved, is its typist's still
		rel = d.must(d.r.DraftCorrection(ctx, both, d.ref(rel)))
		text.Body = "Bản đúng."
		rel = d.must(d.r.Edit(ctx, both, release.EditInput{Ref: d.ref(rel), Text: text, Note: "sai → đúng", Auto: true}))
		rel = d.must(d.r.SendUp(ctx, minh, d.ref(rel)))
		_, err = d.r.Correct(ctx, both, d.ref(rel))
		d.wants(err, problem.SamePerson, "who typed the correction publishes it")
		d.must(d.r.Correct(ctx, phong, d.ref(rel)))

		// what was typed and not saved stays its typist's when a colleague saves it with or without a change
		for _, title := range []string{water.Title, "Người khác đổi tựa"} {
			rel = d.to(release.Editing)
			text = release.Text{Title: water.Title, Body: "Do người vừa gõ vừa duyệt viết."}
			rel = d.must(d.r.Edit(ctx, both, release.EditInput{Ref: d.ref(rel), Text: text, Auto: true}))
			text.Title = title
			rel = d.must(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(rel), Text: text}))
			rel = d.must(d.r.SendUp(ctx, minh, d.ref(rel)))
			_, err = d.r.Approve(ctx, both, d.ref(rel))
			d.wants(err, problem.SamePerson, "who typed what a colleague saved approves")
		}

		// a picture and its words are part of what goes out
		rel = d.to(release.Editing)
		file, err := d.m.Put(ctx, both, media.Upload{Name: "a.txt", Body: strings.NewReader("Bảng số liệu")})
		if err != nil {
			d.Fatal(err)
		}
		if err := d.r.Attach(ctx, both, release.Ref{ID: rel.ID}, []release.Sent{{File: file.ID, Name: "a.txt"}}); err != nil {
			d.Fatal(err)
		}
		rel = d.must(d.r.SendUp(ctx, minh, release.Ref{ID: rel.ID}))
		_, err = d.r.Approve(ctx, both, d.ref(rel))
		d.wants(err, problem.SamePerson, "who put a file beside the text approves")
	})
}

func TestTwoEditors(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		rel := d.to(release.Editing)
		one := d.must(d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(rel), Text: water}))
		_, err := d.r.Edit(ctx, ha, release.EditInput{Ref: d.ref(rel), Text: water})
		d.wants(err, problem.Conflict, "a stale save")
		if p := problem.All(err)[0]; p.Args["name"] != "tên của minh" {
			d.Errorf("who saved? %v", p.Args)
		}
		_, err = d.r.Edit(ctx, ha, release.EditInput{Ref: release.Ref{ID: rel.ID}, Text: water})
		d.wants(err, problem.Precond, "a save without a version")
		_, err = d.r.SendUp(ctx, ha, d.ref(rel))
		d.wants(err, problem.Conflict, "a stale send-up")
		auto := d.must(d.r.Edit(ctx, ha, release.EditInput{Ref: d.ref(one), Text: release.Text{Title: "Đang gõ"}, Auto: true}))
		if auto.Edition != one.Edition || auto.Version == one.Version {
			d.Errorf("autosave: edition %d, version %d", auto.Edition, auto.Version)
		}
		// many at once: each version of the row is written by one only
		var won sync.Map
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, err := d.r.Edit(ctx, minh, release.EditInput{Ref: d.ref(auto), Text: release.Text{Title: fmt.Sprint("bản ", i)}})
				if err == nil {
					won.Store(i, true)
				} else if problem.CodeOf(err) != problem.Conflict {
					d.Error(err)
				}
			})
		}
		all.Wait()
		n := 0
		won.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			d.Errorf("%d of 8 saved", n)
		}
	})
}

func TestTheHold(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		rel := d.to(release.Approved)
		rel = d.must(d.r.Publish(ctx, minh, d.ref(rel)))
		_, err := d.r.SendBack(ctx, phong, release.Why{Ref: release.Ref{ID: rel.ID}, Reason: "x"})
		d.wants(err, problem.State, "sending back while it is held")
		_, err = d.r.Undo(ctx, thu, d.ref(rel))
		d.wants(err, problem.Forbidden, "the sender takes it back")
		d.k.Clock.Add(9 * time.Second)
		rel = d.must(d.r.Undo(ctx, minh, d.ref(rel)))
		d.k.Clock.Add(time.Hour)
		if err := d.r.RunSchedule(ctx); err != nil {
			d.Fatal(err)
		}
		if rel = d.get(rel.ID); rel.State != release.Approved {
			d.Errorf("taken back, yet %s", rel.State)
		}
		d.must(d.r.Publish(ctx, minh, d.ref(rel)))
		d.k.Clock.Add(10 * time.Second)
		_, err = d.r.Undo(ctx, minh, release.Ref{ID: rel.ID})
		d.wants(err, problem.State, "taking back too late")
		rel = d.leave(rel.ID)
		if rel.State != release.Published {
			d.Error(rel.State)
		}
		rel = d.must(d.r.Withdraw(ctx, phong, release.WithdrawInput{Ref: d.ref(rel), Reason: "nhầm"}))
		p, _ := d.r.Public(ctx, rel.Code)
		if p.Reason != "" || p.State != release.Published {
			d.Error("a withdrawal that is held shows already")
		}
		rel = d.must(d.r.Undo(ctx, phong, d.ref(rel)))
		if rel.Reason != "" || rel.State != release.Published {
			d.Errorf("%+v", rel)
		}
	})
	k := testkit.SQLite(t)
	d := newDesk(t, k, -1)
	rel := d.to(release.Approved)
	rel = d.must(d.r.Publish(k.Ctx, minh, d.ref(rel)))
	if p, err := d.r.Public(k.Ctx, rel.Code); err != nil || p.State != release.Published {
		t.Errorf("without a hold: %v %v", p.State, err)
	}
}

func TestScheduledToTheMinute(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		at := testkit.Start.Add(90*time.Minute + 20*time.Second)
		for _, v := range []func(context.Context, regulation.Actor, release.When) (release.Release, error){d.r.Schedule, d.r.Embargo} {
			d.k.Clock.Set(testkit.Start)
			rel := d.to(release.Approved)
			_, err := v(ctx, minh, release.When{Ref: d.ref(rel), At: testkit.Start.Add(-time.Minute)})
			d.wants(err, problem.Past, "a moment that has passed")
			_, err = v(ctx, minh, release.When{Ref: d.ref(rel)})
			d.wants(err, problem.Required, "no moment")
			rel = d.must(v(ctx, minh, release.When{Ref: d.ref(rel), At: at}))
			if rel.At.Second() != 0 {
				d.Error("not to the minute", rel.At)
			}
			if n, first, err := d.r.DueAt(ctx, rel.At); err != nil || n != 1 || !first.Equal(rel.At) {
				d.Errorf("due: %d at %v, %v", n, first, err)
			}
			if n, first, err := d.r.DueAt(ctx, rel.At.Add(-time.Second)); err != nil || n != 0 || !first.IsZero() {
				d.Errorf("due too early: %d at %v, %v", n, first, err)
			}
			d.k.Clock.Set(rel.At.Add(-time.Microsecond))
			if err := d.r.RunSchedule(ctx); err != nil {
				d.Fatal(err)
			}
			if list, _, err := d.r.Published(ctx, release.Page{Words: rel.Code}); err != nil || len(list) != 0 {
				d.Errorf("seen before its time: %v %v", list, err)
			}
			d.k.Clock.Set(rel.At)
			if err := errors.Join(d.r.RunSchedule(ctx), d.r.RunSchedule(ctx)); err != nil {
				d.Fatal(err)
			}
			p, err := d.r.Public(ctx, rel.Code)
			if err != nil || !p.Published.Equal(rel.At) {
				d.Errorf("%v %v", p.Published, err)
			}
		}
		d.k.Clock.Set(testkit.Start)
		rel := d.to(release.Scheduled)
		rel = d.must(d.r.Unschedule(ctx, minh, d.ref(rel)))
		d.k.Clock.Add(5 * time.Hour)
		if err := d.r.RunSchedule(ctx); err != nil {
			d.Fatal(err)
		}
		if rel = d.get(rel.ID); rel.State != release.Approved {
			d.Error("the timer won over the state")
		}
		d.published(2)
	})
}

func (d *desk) published(n int) {
	d.Helper()
	got := 0
	for _, rec := range d.k.Records(d) {
		if rec.Kind == "release.published" {
			got++
			if rec.Actor != "system:schedule" {
				d.Error(rec.Actor)
			}
		}
	}
	if got != n {
		d.Errorf("%d published, want %d", got, n)
	}
}

func TestWhoSees(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	rel := d.to(release.Embargoed)
	for _, c := range []struct {
		who  regulation.Actor
		want problem.Code
	}{{minh, ""}, {phong, ""}, {thu, ""}, {lan, problem.NotFound}, {reader, problem.NotFound}, {nobody, problem.Session}} {
		_, err := d.r.Get(k.Ctx, c.who, rel.ID)
		d.wants(err, c.want, "Get by "+c.who.ID)
		list, _, err := d.r.List(k.Ctx, c.who, release.Filter{})
		if err != nil || (len(list) == 1) != (c.want == "") {
			t.Errorf("%s lists %d, %v", c.who.ID, len(list), err)
		}
	}
	draft := d.to(release.Draft)
	_, err := d.r.Get(k.Ctx, minh, draft.ID)
	d.wants(err, problem.NotFound, "an editor sees a sender's draft")
	sent := d.must(d.r.Submit(k.Ctx, thu, release.SubmitInput{ID: draft.ID, Kind: release.QuickNotice, Text: water}))
	if sent.State != release.Submitted || sent.ID != draft.ID {
		t.Errorf("%+v", sent)
	}
	_, err = d.r.Submit(k.Ctx, thu, release.SubmitInput{ID: draft.ID, Kind: release.QuickNotice, Text: water})
	d.wants(err, problem.Twice, "a draft sent twice")
	_, err = d.r.Submit(k.Ctx, thu, release.SubmitInput{Kind: release.QuickNotice, Office: "SXD", Text: water})
	d.wants(err, problem.Forbidden, "a ward speaks for a department")
	_, err = d.r.Submit(k.Ctx, nobody, release.SubmitInput{Kind: release.QuickNotice, Office: "SXD", Text: water})
	d.wants(err, problem.Session, "a visitor submits")
	_, err = d.r.Submit(k.Ctx, thu, release.SubmitInput{})
	if all := problem.All(err); len(all) != 3 {
		t.Errorf("an empty form: %v", err)
	}
}

func TestListsAndCursors(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		for range 7 {
			d.to(release.Published)
			d.k.Clock.Add(time.Minute)
		}
		gone := d.to(release.Withdrawn)
		seen, after := map[string]bool{}, ""
		var last time.Time
		for range 10 {
			list, next, err := d.r.Published(ctx, release.Page{Limit: 3, After: after, Words: "nuoc may ba dinh"})
			if err != nil {
				d.Fatal(err)
			}
			for _, p := range list {
				if seen[p.ID] || (!last.IsZero() && p.Published.After(last)) || p.State == release.Withdrawn {
					d.Errorf("%s twice, out of order or withdrawn", p.Code)
				}
				seen[p.ID], last = true, p.Published
			}
			if after = next; next == "" {
				break
			}
		}
		if len(seen) != 7 {
			d.Errorf("%d of 7", len(seen))
		}
		list, _, err := d.r.Published(ctx, release.Page{Withdrawn: true})
		if err != nil || len(list) != 8 || list[0].ID != gone.ID || list[0].Title != "" {
			d.Errorf("%d %v", len(list), err)
		}
		if _, _, err := d.r.Published(ctx, release.Page{After: "!"}); problem.CodeOf(err) != problem.Invalid {
			d.Error(err)
		}
		if list, _, _ := d.r.Published(ctx, release.Page{Words: "100% _"}); len(list) != 0 {
			d.Error("signs of patterns are not searched for")
		}
		changes, err := d.r.Changes(ctx, testkit.Start, 10)
		if err != nil || len(changes) != 1 || changes[0].ID != gone.ID {
			d.Errorf("%+v %v", changes, err)
		}
		d.to(release.Awaiting)
		first, next, err := d.r.List(ctx, minh, release.Filter{States: []release.State{release.Published, release.Awaiting}, Limit: 5})
		if err != nil || len(first) != 5 || next == "" {
			d.Fatal(len(first), next, err)
		}
		rest, next, err := d.r.List(ctx, minh, release.Filter{States: []release.State{release.Published, release.Awaiting}, Limit: 5, After: next})
		if err != nil || len(rest) != 3 || next != "" {
			d.Fatal(len(rest), next, err)
		}
		counts, err := d.r.Counts(ctx)
		if err != nil || counts["awaiting"] != 1 {
			d.Error(counts, err)
		}
	})
}

func TestWhatIsDraftedIsNotFound(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	rel := d.to(release.Published)
	rel = d.must(d.r.DraftCorrection(k.Ctx, minh, d.ref(rel)))
	text := rel.Text
	text.Title = "Bí mật đang soạn"
	d.must(d.r.Edit(k.Ctx, minh, release.EditInput{Ref: d.ref(rel), Text: text}))
	if list, _, _ := d.r.Published(k.Ctx, release.Page{Words: "bí mật"}); len(list) != 0 {
		t.Error("outsiders find a correction that is being drafted")
	}
	if list, _, _ := d.r.Published(k.Ctx, release.Page{Words: "nước máy"}); len(list) != 1 || list[0].Title != water.Title {
		t.Error("what is out is no longer found")
	}
	p, err := d.r.Public(k.Ctx, rel.Code)
	if err != nil || p.Title != water.Title {
		t.Error(p.Title, err)
	}
}

func TestRunEnds(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	rel := d.to(release.Approved)
	ctx, stop := context.WithCancel(k.Ctx)
	done := make(chan error)
	go func() { done <- d.r.Run(ctx, func(err error) { t.Error(err) }) }()
	d.must(d.r.Publish(k.Ctx, minh, d.ref(rel)))
	k.Clock.Add(release.DefaultHold)
	for changed := k.Ledger.Changed(); ; changed = k.Ledger.Changed() {
		if p, err := d.r.Public(k.Ctx, rel.Code); err == nil && p.State == release.Published {
			break
		}
		<-changed
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
