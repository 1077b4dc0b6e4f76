package inquiry_test

import (
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"khue/catalogue"
	"khue/inquiry"
	"khue/internal/testkit"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
)

// bench is a room of inquiries with its people.
type bench struct {
	*testkit.Kit
	*inquiry.Room
	people  *people.Room
	duties  *regulation.Duties
	letters string           // folder of letters sent
	thu     regulation.Actor // duty officer
	an      regulation.Actor // editor
	hoa     regulation.Actor // approver
	ngoc    regulation.Actor // focal point of SXD
	hung    regulation.Actor // head of SXD
	tu      regulation.Actor // focal point of SYT
	yen     regulation.Actor // head of SYT
}

func room(t testing.TB, k *testkit.Kit) *bench {
	t.Helper()
	b := &bench{
		Kit: k, letters: filepath.Join(t.TempDir(), "mail"),
		thu: testkit.Centre("thu", regulation.DutyOfficer), an: testkit.Centre("an", regulation.Editor), hoa: testkit.Centre("hoa", regulation.Approver),
		ngoc: testkit.Of("ngoc", regulation.FocalPoint, "SXD"), hung: testkit.Of("hung", regulation.OfficeHead, "SXD"),
		tu: testkit.Of("tu", regulation.FocalPoint, "SYT"), yen: testkit.Of("yen", regulation.OfficeHead, "SYT"),
	}
	sender, err := mail.NewFolder(b.letters, "baochi@khue.example", "Khuê")
	if err != nil {
		t.Fatal(err)
	}
	words := func(lang, key string, args ...any) string { return catalogue.Parse(lang).T(key, args...) }
	b.people, err = people.New(people.Config{
		DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Profile: profile.Hanoi(), Now: k.Clock.Now, Mail: sender, Log: k.Log,
		Key: []byte(strings.Repeat("k", 32)), Words: words, Origin: "https://khue.example", Cost: people.Cost{Memory: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.duties = regulation.NewDuties(regulation.DutyConfig{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Deadlines: k.Deadlines, Now: k.Clock.Now, Log: k.Log})
	b.Room, err = inquiry.New(inquiry.Config{
		DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Duties: b.duties, People: b.people, Profile: profile.Hanoi(), Now: k.Clock.Now, Words: words, Origin: "https://khue.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var visitor = regulation.Actor{Lang: "vi"}

// reporter is a question of a reporter without account.
var reporter = inquiry.AskInput{
	Kind: inquiry.Question, Body: "Vì sao đèn đường Láng tắt từ tuần trước? Bao giờ sửa xong?", Reporter: true,
	Name: "Đỗ Minh Khuê", Outlet: "Báo Sao Mai", Email: "khue@saomai.example", Phone: "0912 345 678",
}

// citizen is a question of somebody who gives nothing but an address.
var citizen = inquiry.AskInput{Kind: inquiry.Question, Body: "Nước ở ngõ 12 phố Vọng yếu ba ngày nay, bao giờ hết?", Email: "dan@thu.example"}

func (b *bench) ask(t testing.TB, in inquiry.AskInput) inquiry.Receipt {
	t.Helper()
	rec, err := b.Ask(b.Ctx, visitor, in)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// do fails the test when a command fails.
func do(t testing.TB) func(inquiry.Inquiry, error) inquiry.Inquiry {
	t.Helper()
	return func(q inquiry.Inquiry, err error) inquiry.Inquiry {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
}

func want(t testing.TB, what string, err error, code problem.Code) {
	t.Helper()
	if got := problem.CodeOf(err); got != code {
		t.Errorf("%s: %q (%v), want %q", what, got, err, code)
	}
}

// clock gives the duty of a kind of an inquiry that is not void, the last one.
func (b *bench) clock(t testing.TB, id, kind string) regulation.Duty {
	t.Helper()
	list, err := b.duties.Of(b.Ctx, b.DB, "inquiry/"+id)
	if err != nil {
		t.Fatal(err)
	}
	var d regulation.Duty
	for _, y := range list {
		if y.Kind == kind && y.State != regulation.DutyVoid {
			d = y
		}
	}
	return d
}

// assigned is a question of a reporter that the department of construction has.
func (b *bench) assigned(t testing.TB, in inquiry.AskInput) (inquiry.Receipt, inquiry.Ref) {
	t.Helper()
	rec := b.ask(t, in)
	ref := inquiry.Ref{ID: rec.ID}
	do(t)(b.Accept(b.Ctx, b.thu, inquiry.AcceptInput{Ref: ref}))
	do(t)(b.Assign(b.Ctx, b.thu, inquiry.AssignInput{Ref: ref, Offices: []string{"SXD"}}))
	return rec, ref
}

// approved takes a question up to the approved answer.
func (b *bench) approved(t testing.TB, in inquiry.AskInput, answer string) (inquiry.Receipt, inquiry.Ref) {
	t.Helper()
	rec, ref := b.assigned(t, in)
	do(t)(b.Draft(b.Ctx, b.ngoc, inquiry.DraftInput{Ref: ref, Office: "SXD", Text: answer}))
	do(t)(b.ApproveOffice(b.Ctx, b.hung, inquiry.ApproveOfficeInput{Ref: ref, Office: "SXD"}))
	do(t)(b.Draft(b.Ctx, b.an, inquiry.DraftInput{Ref: ref, Text: answer}))
	do(t)(b.Approve(b.Ctx, b.hoa, inquiry.ApproveInput{Ref: ref}))
	return rec, ref
}

// sent gives every letter sent so far as one text.
func (b *bench) sent(t testing.TB) string {
	t.Helper()
	if err := b.people.SendWaiting(b.Ctx); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(b.letters, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		file, err := os.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(quotedprintable.NewReader(file))
		if err = errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s\n", data)
	}
	return all.String()
}
