package release_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/media"
	"khue/problem"
	"khue/regulation"
	"khue/release"
)

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
