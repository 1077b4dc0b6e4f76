package people_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

func TestFindOffice(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	all, err := h.Offices(h.Ctx)
	if err != nil || len(all) < 126+15+10 {
		t.Fatal(len(all), err)
	}
	f := func(text, first string) {
		t.Helper()
		got, err := h.FindOffice(h.Ctx, text)
		if err != nil || len(got) == 0 || got[0].Code != first {
			t.Errorf("%q: %v %v, want %s first", text, codes(got), err, first)
		}
	}
	f("Sở Xây dựng", "SXD")
	f("so xay dung", "SXD")
	f("SXD", "SXD")
	f("sgdđt", "SGDĐT")
	f("SGDDT", "SGDĐT")
	f("Department of Health", "SYT")
	f("sở giao thông vận tải", "SXD")
	f("Phường Ba Đình", "00004")
	f("ba dinh ward", "00004")
	f("phường Trúc Bạch", "00004") // before July 2025
	f("truc bach", "00004")
	f("công an", "CATP")
	f("bệnh viện thanh", "BVTN")
	f("môi trường nông nghiệp", "SNNMT")
	for _, text := range []string{"", "   ", "!!!", "không đâu cả", strings.Repeat("a ", 300)} {
		if got, err := h.FindOffice(h.Ctx, text); err != nil || len(got) != 0 {
			t.Errorf("%q: %v %v", text, codes(got), err)
		}
	}
	if got, _ := h.FindOffice(h.Ctx, "phường"); len(got) != 20 {
		t.Errorf("%d wards", len(got))
	}
	sxd, err := h.Office(h.Ctx, "SXD")
	if err != nil || !sxd.ByLaw || sxd.NameIn("en") != "Department of Construction" {
		t.Fatalf("%+v %v", sxd, err)
	}
	if o, _ := h.Office(h.Ctx, "CATP"); o.ByLaw || o.Source == "" {
		t.Fatalf("%+v", o)
	}
	_, err = h.Office(h.Ctx, "SKHONG")
	want(t, err, problem.NotFound)
	if h.Centre() != "TTBC" {
		t.Fatal(h.Centre())
	}
}

func codes(list []people.Office) []string {
	var c []string
	for _, o := range list {
		c = append(c, o.Code)
	}
	return c
}

func TestSetOffice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		in := people.Office{Code: "bqlmoi", Name: "Ban Quản lý Dự án Mới", NameEN: "New Project Board", Kind: "board", Parent: "UBNDTP"}
		_, err := h.SetOffice(h.Ctx, regulation.Actor{ID: "x", Kind: regulation.Person}, in)
		want(t, err, problem.Forbidden)
		o, err := h.SetOffice(h.Ctx, h.admin, in)
		want(t, err, "")
		if o.Code != "BQLMOI" {
			t.Fatalf("%+v", o)
		}
		if got, _ := h.FindOffice(h.Ctx, "ban quan ly du an moi"); len(got) == 0 || got[0].Code != "BQLMOI" {
			t.Fatal(codes(got))
		}
		h.person(t, "a@bql.example", "A", post(regulation.FocalPoint, "BQLMOI"))
		in.ValidTo = "2026-11-09" // the day at hand: it is no more
		_, err = h.SetOffice(h.Ctx, h.admin, in)
		want(t, err, "")
		if got, _ := h.FindOffice(h.Ctx, "BQLMOI"); len(got) != 0 {
			t.Fatal(codes(got))
		}
		if _, err := h.Office(h.Ctx, "BQLMOI"); err != nil {
			t.Fatal("its old papers still name it", err)
		}
		for field, change := range map[string]func(*people.Office){
			"code": func(o *people.Office) { o.Code = "A B" }, "kind": func(o *people.Office) { o.Kind = "ward" },
			"name": func(o *people.Office) { o.Name = "" }, "parent": func(o *people.Office) { o.Parent = "SKHONG" },
			"valid_to": func(o *people.Office) { o.ValidTo = "2026-02-30" },
		} {
			bad := in
			change(&bad)
			_, err := h.SetOffice(h.Ctx, h.admin, bad)
			if all := problem.All(err); len(all) != 1 || all[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		another := open2(t, k)
		if _, err := another.Office(h.Ctx, "BQLMOI"); err != nil {
			t.Fatal("a second process does not see it", err)
		}
	})
}

func TestSpokespersonIsPublishedWithin24Hours(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		head := h.person(t, "giamdoc@sxd.example", "Lê Giám Đốc", post(regulation.OfficeHead, "SXD"))
		lan := h.person(t, "lan@sxd.example", "Nguyễn Lan", post(regulation.Officer, "SXD"))
		in := people.Assign{Office: "SXD", Account: lan.ID, Title: "Phó Chánh Văn phòng", Phone: "024 3825 0000", Paper: "77/QĐ-SXD"}
		_, err := h.AssignSpokesperson(h.Ctx, lan, in)
		want(t, err, problem.Forbidden)
		other := in
		other.Office = "SYT"
		_, err = h.AssignSpokesperson(h.Ctx, head, other)
		want(t, err, problem.Forbidden)
		for field, change := range map[string]func(*people.Assign){
			"position": func(a *people.Assign) { a.Title = "" }, "phone": func(a *people.Assign) { a.Phone = "" }, "paper": func(a *people.Assign) { a.Paper = "" },
			"since": func(a *people.Assign) { a.Since = k.Clock.Now().Add(time.Minute) }, "account": func(a *people.Assign) { a.Account = "x" },
		} {
			bad := in
			change(&bad)
			_, err := h.AssignSpokesperson(h.Ctx, head, bad)
			if all := problem.All(err); len(all) != 1 || all[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		s, err := h.AssignSpokesperson(h.Ctx, head, in)
		want(t, err, "")
		if s.Name != "Nguyễn Lan" || s.Email != "lan@sxd.example" {
			t.Fatalf("%+v", s)
		}
		if lan, _ = h.Actor(h.Ctx, lan.ID); !lan.Has(regulation.Spokesman, "SXD") {
			t.Fatalf("%+v", lan)
		}
		duty := func(s people.Spokesperson) regulation.Duty {
			t.Helper()
			list, err := h.duties.Of(h.Ctx, k.DB, s.Ref())
			if err != nil || len(list) != 1 || list[0].Kind != "publish-spokesperson" || list[0].Office != "SXD" {
				t.Fatalf("%+v %v", list, err)
			}
			return list[0]
		}
		if d := duty(s); d.State != regulation.DutyRunning || !d.Due.Equal(k.Clock.Now().Add(24*time.Hour)) {
			t.Fatalf("%+v", d)
		}
		k.Clock.Add(time.Hour)
		want(t, h.MarkPublished(h.Ctx), "")
		want(t, h.MarkPublished(h.Ctx), "")
		if d := duty(s); d.State != regulation.DutyMet {
			t.Fatalf("%+v", d)
		}

		minh, err := h.AssignSpokesperson(h.Ctx, h.admin, people.Assign{Office: "SXD", Name: "Trần Minh", Title: "Trưởng phòng", Phone: "024 3825 0001", Email: "minh@sxd.example", Paper: "78/QĐ-SXD"})
		want(t, err, "")
		if lan, _ = h.Actor(h.Ctx, lan.ID); lan.Has(regulation.Spokesman, "") {
			t.Fatal("the one before still has the post")
		}
		list, err := h.Spokespersons(h.Ctx)
		if err != nil || len(list) != 1 || list[0].ID != minh.ID || !list[0].Published.IsZero() {
			t.Fatalf("%+v %v", list, err)
		}
		want(t, h.EndSpokesperson(h.Ctx, head, "SXD"), "")
		if d := duty(minh); d.State != regulation.DutyVoid {
			t.Fatalf("%+v", d)
		}
		_, err = h.SpokespersonOf(h.Ctx, "SXD")
		want(t, err, problem.NotFound)
		var public []string
		for _, r := range h.Records(t) {
			if strings.Contains(string(r.Body), "sxd.example") || strings.Contains(string(r.Body), "3825") {
				t.Errorf("%s holds a contact: %s", r.Kind, r.Body)
			}
			if r.Public {
				public = append(public, r.Kind)
			}
		}
		if !slices.Equal(public, []string{
			"people.spokesperson-assigned", "people.spokesperson-published", "people.spokesperson-ended", "people.spokesperson-assigned", "people.spokesperson-ended",
		}) {
			t.Error(public)
		}
	})
}

func TestJournalistAsksAtOnceAndIsVerified(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		duty := h.person(t, "truc@khue.example", "Trực Ban", post(regulation.DutyOfficer, "TTBC"))
		h.letters(t)
		in := people.Registration{Email: "mai@baosong.example", Password: good, Name: "Đỗ Mai", Phone: "0900 000 000", Outlet: "Báo Sông Hồng", Host: "https://www.baosong.example/", Machine: "203.0.113.9", Agent: "x"}
		token, a, err := h.RegisterJournalist(h.Ctx, in)
		want(t, err, "")
		if token == "" || !a.Has(regulation.Journalist, "") || a.Desk() || a.Staff() {
			t.Fatalf("%+v", a)
		}
		acc, _ := h.Account(h.Ctx, a.ID)
		o, err := h.Outlet(h.Ctx, acc.Outlet)
		if err != nil || acc.Verified || acc.Proven || o.Verified || o.Host != "baosong.example" {
			t.Fatalf("%+v %+v %v", acc, o, err)
		}
		got := h.letters(t)
		if len(got) != 1 {
			t.Fatalf("%+v", got)
		}
		session, _, err := h.UseLink(h.Ctx, linkIn(t, got[0]), "", "", "")
		if err != nil || session != "" {
			t.Fatal(session, err)
		}
		list, err := h.duties.Of(h.Ctx, k.DB, acc.Ref())
		if err != nil || len(list) != 1 || list[0].Kind != "verify" || list[0].Office != "TTBC" {
			t.Fatalf("%+v %v", list, err)
		}
		if waiting, err := h.Accounts(h.Ctx, people.Filter{Unverified: true}); err != nil || len(waiting) != 1 {
			t.Fatalf("%+v %v", waiting, err)
		}
		_, _, err = h.RegisterJournalist(h.Ctx, in)
		want(t, err, problem.Invalid)
		want(t, h.VerifyJournalist(h.Ctx, a, a.ID), problem.Forbidden)
		want(t, h.VerifyJournalist(h.Ctx, duty, duty.ID), problem.Invalid)
		want(t, h.VerifyJournalist(h.Ctx, duty, a.ID), "")
		want(t, h.VerifyJournalist(h.Ctx, duty, a.ID), problem.State)
		if list, _ := h.duties.Of(h.Ctx, k.DB, acc.Ref()); list[0].State != regulation.DutyMet {
			t.Fatalf("%+v", list)
		}
		acc, _ = h.Account(h.Ctx, a.ID)
		o, _ = h.Outlet(h.Ctx, acc.Outlet)
		if !acc.Verified || !acc.Proven || !o.Verified {
			t.Fatalf("%+v %+v", acc, o)
		}
		if _, err := h.SetPosts(h.Ctx, h.admin, people.SetPosts{Account: a.ID}); err != nil {
			t.Fatal(err)
		}
		if acc, _ := h.Account(h.Ctx, a.ID); !acc.Has(regulation.Journalist, o.ID) {
			t.Fatal("an administrator's change took the journalist's post")
		}
		in.Email, in.Outlet = "nam@baosong.example", "báo sông hồng" // the same outlet
		_, b, err := h.RegisterJournalist(h.Ctx, in)
		want(t, err, "")
		if acc, _ := h.Account(h.Ctx, b.ID); acc.Outlet != o.ID {
			t.Fatal("the outlet was made twice")
		}
		for range 30 {
			in.Email = "x" + in.Email
			_, _, err = h.RegisterJournalist(h.Ctx, in)
		}
		want(t, err, problem.Locked)
		more, err := h.AddOutlet(h.Ctx, duty, people.NewOutlet{Name: "Đài Bốn Mùa"})
		if err != nil || !more.Verified {
			t.Fatal(more, err)
		}
		if all, err := h.Outlets(h.Ctx); err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
	})
}
