package release_test

import (
	"context"
	"path/filepath"
	"strings"
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
