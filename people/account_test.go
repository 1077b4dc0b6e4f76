package people_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

func post(role regulation.Role, office string) regulation.Post {
	return regulation.Post{Role: role, Office: office}
}

// linkIn gives the token of the link in a letter.
func linkIn(t testing.TB, m mail.Message) string {
	t.Helper()
	_, rest, ok := strings.Cut(m.Text, "https://khue.example/link/")
	if !ok {
		t.Fatalf("no link in %q", m.Text)
	}
	token, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(token)
}

func TestInvitation(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		made, err := h.CreateAccount(h.Ctx, h.admin, people.NewAccount{Email: "Lan@SXD.example", Name: " Nguyễn  Lan ", Posts: []regulation.Post{post(regulation.FocalPoint, "SXD"), post(regulation.FocalPoint, "SXD")}})
		want(t, err, "")
		if made.Email != "lan@sxd.example" || made.Name != "Nguyễn Lan" || len(made.Posts) != 1 || made.HasPassword {
			t.Fatalf("%+v", made)
		}
		got := h.letters(t)
		if len(got) != 1 || "https://khue.example/link/"+linkIn(t, got[0]) != made.Link {
			t.Fatalf("%+v, link %s", got, made.Link)
		}
		if len(linkIn(t, got[0])) != 32 { // 160 bits in base32
			t.Fatal(made.Link)
		}
		_, _, err = h.LogIn(h.Ctx, login("lan@sxd.example", ""))
		want(t, err, problem.Required)
		_, _, err = h.LogIn(h.Ctx, login("lan@sxd.example", "x"))
		want(t, err, problem.Password)
		token := linkIn(t, got[0])
		for _, bad := range []string{"", "ngắn", "aaaaaaaaaaaa", "nguyễn lan 1", strings.Repeat("dài ", 100)} {
			if _, _, err := h.UseLink(h.Ctx, token, bad, "", ""); problem.All(err)[0].Field != "password" {
				t.Fatalf("%q: %v", bad, err)
			}
		}
		session, a, err := h.UseLink(h.Ctx, token, good2, "203.0.113.9", "x")
		want(t, err, "")
		if a.ID != made.ID || session == "" {
			t.Fatalf("%+v", a)
		}
		_, _, err = h.UseLink(h.Ctx, token, good, "", "")
		want(t, err, problem.Expired)
		_, _, err = h.LogIn(h.Ctx, login("lan@sxd.example", good2))
		want(t, err, "")
		acc, err := h.Account(h.Ctx, made.ID)
		if err != nil || !acc.Proven || !acc.HasPassword {
			t.Fatalf("%+v %v", acc, err)
		}
	})
}

func TestInvitationRunsOut(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	made, err := h.CreateAccount(h.Ctx, h.admin, people.NewAccount{Email: "lan@sxd.example", Name: "Lan"})
	want(t, err, "")
	h.Clock.Add(7 * 24 * time.Hour)
	_, err = h.OpenLink(h.Ctx, strings.TrimPrefix(made.Link, "https://khue.example/link/"))
	want(t, err, problem.Expired)
}

func TestResetTellsNobodyWhoHasAnAccount(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	token, _, err := h.LogIn(h.Ctx, login("quantri@khue.example", good))
	want(t, err, "")
	h.letters(t)
	want(t, h.RequestReset(h.Ctx, "khongco@khue.example", "203.0.113.9"), "")
	if got := h.letters(t); len(got) != 0 {
		t.Fatalf("%+v", got)
	}
	want(t, h.RequestReset(h.Ctx, "quantri@khue.example", "203.0.113.9"), "")
	got := h.letters(t)
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	link := linkIn(t, got[0])
	_, _, err = h.UseLink(h.Ctx, link, good2, "203.0.113.9", "x")
	want(t, err, "")
	_, err = h.ActorOf(h.Ctx, token) // the old session is over
	want(t, err, problem.Session)
	_, _, err = h.LogIn(h.Ctx, login("quantri@khue.example", good))
	want(t, err, problem.Password)
	for range 6 { // asked for too often: the same words for both
		err = h.RequestReset(h.Ctx, "khongco@khue.example", "203.0.113.9")
	}
	want(t, err, problem.Locked)
}

func TestCreateRefuses(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	editor := h.person(t, "bien@khue.example", "Biên", post(regulation.Editor, "TTBC"))
	_, err := h.CreateAccount(h.Ctx, editor, people.NewAccount{Email: "a@b.example", Name: "A"})
	want(t, err, problem.Forbidden)
	f := func(field string, in people.NewAccount) {
		t.Helper()
		_, err := h.CreateAccount(h.Ctx, h.admin, in)
		if all := problem.All(err); len(all) != 1 || all[0].Field != field {
			t.Errorf("%+v: %v, want one about %s", in, err, field)
		}
	}
	ok := people.NewAccount{Email: "a@b.example", Name: "A"}
	bad := func(change func(*people.NewAccount)) people.NewAccount { in := ok; change(&in); return in }
	f("email", bad(func(n *people.NewAccount) { n.Email = "a" }))
	f("email", bad(func(n *people.NewAccount) { n.Email = "A <a@b.example>" }))
	f("email", bad(func(n *people.NewAccount) { n.Email = "quantri@khue.example" }))
	f("name", bad(func(n *people.NewAccount) { n.Name = " " }))
	f("name", bad(func(n *people.NewAccount) { n.Name = "A\x00" }))
	f("phone", bad(func(n *people.NewAccount) { n.Phone = "gọi sau" }))
	f("office", bad(func(n *people.NewAccount) { n.Posts = []regulation.Post{post(regulation.Officer, "SKHONG")} }))
	f("office", bad(func(n *people.NewAccount) { n.Posts = []regulation.Post{post(regulation.Editor, "SXD")} }))
	f("office", bad(func(n *people.NewAccount) { n.Posts = []regulation.Post{post(regulation.FocalPoint, "TTBC")} }))
	f("role", bad(func(n *people.NewAccount) { n.Posts = []regulation.Post{post("chủ tịch", "SXD")} }))
	f("role", bad(func(n *people.NewAccount) { n.Posts = []regulation.Post{post(regulation.Journalist, "SXD")} }))
}

func TestPostsAndTheLastAdministrator(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		lan := h.person(t, "lan@sxd.example", "Nguyễn Lan", post(regulation.FocalPoint, "SXD"))
		a, err := h.SetPosts(h.Ctx, h.admin, people.SetPosts{Account: lan.ID, Posts: []regulation.Post{post(regulation.Officer, "SXD"), post(regulation.FocalPoint, "00004")}, Version: 1})
		want(t, err, "")
		if !slices.Equal(a.Posts, []regulation.Post{post(regulation.FocalPoint, "00004"), post(regulation.Officer, "SXD")}) || a.Version != 2 {
			t.Fatalf("%+v", a)
		}
		_, err = h.SetPosts(h.Ctx, h.admin, people.SetPosts{Account: lan.ID, Version: 1})
		want(t, err, problem.Conflict)
		if problem.All(err)[0].Args["name"] != "Trần Thu Hà" {
			t.Fatal(err)
		}
		_, err = h.SetPosts(h.Ctx, lan, people.SetPosts{Account: lan.ID, Posts: []regulation.Post{post(regulation.Admin, "TTBC")}})
		want(t, err, problem.Forbidden)
		_, err = h.SetPosts(h.Ctx, h.admin, people.SetPosts{Account: h.admin.ID})
		want(t, err, problem.Invalid)
		want(t, h.Close(h.Ctx, h.admin, h.admin.ID, 0), problem.Invalid)
		want(t, h.Close(h.Ctx, lan, h.admin.ID, 0), problem.Forbidden)

		token, _, err := h.LogIn(h.Ctx, login("lan@sxd.example", good))
		want(t, err, "")
		want(t, h.Close(h.Ctx, h.admin, lan.ID, 2), "")
		_, err = h.ActorOf(h.Ctx, token)
		want(t, err, problem.Session)
		_, _, err = h.LogIn(h.Ctx, login("lan@sxd.example", good))
		want(t, err, problem.Password)
		want(t, h.Close(h.Ctx, h.admin, lan.ID, 0), problem.State)
		want(t, h.RequestReset(h.Ctx, "lan@sxd.example", ""), "")
		if list, err := h.Accounts(h.Ctx, people.Filter{Text: "lan"}); err != nil || len(list) != 0 {
			t.Fatalf("%v %v", list, err)
		}
		if list, err := h.Accounts(h.Ctx, people.Filter{Text: "nguyen lan", Closed: true}); err != nil || len(list) != 1 || !list[0].Closed {
			t.Fatalf("%v %v", list, err)
		}
		for _, r := range h.Records(t) {
			if s := string(r.Body); strings.Contains(s, "sxd.example") || strings.Contains(s, "Lan") || r.Public {
				t.Errorf("%s: %s", r.Kind, s)
			}
		}
	})
}

func TestOwnPasswordSessionsAndProfile(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	lan := h.person(t, "lan@sxd.example", "Nguyễn Lan", post(regulation.FocalPoint, "SXD"))
	one, _, err := h.LogIn(h.Ctx, login("lan@sxd.example", good))
	want(t, err, "")
	h.Clock.Add(time.Minute)
	two, _, err := h.LogIn(h.Ctx, login("lan@sxd.example", good))
	want(t, err, "")
	list, err := h.Sessions(h.Ctx, lan, lan.ID, one)
	if err != nil || len(list) != 2 || list[0].Current || !list[1].Current {
		t.Fatalf("%+v %v", list, err)
	}
	other := h.person(t, "tu@syt.example", "Tú", post(regulation.FocalPoint, "SYT"))
	_, err = h.Sessions(h.Ctx, other, lan.ID, "")
	want(t, err, problem.Forbidden)
	want(t, h.EndSession(h.Ctx, other, list[0].ID), problem.Forbidden)
	want(t, h.EndSession(h.Ctx, lan, list[0].ID), "")
	_, err = h.ActorOf(h.Ctx, two)
	want(t, err, problem.Session)
	two, _, _ = h.LogIn(h.Ctx, login("lan@sxd.example", good))
	want(t, h.EndSessions(h.Ctx, lan, lan.ID, one), "")
	_, err = h.ActorOf(h.Ctx, two)
	want(t, err, problem.Session)
	_, err = h.ActorOf(h.Ctx, one)
	want(t, err, "")

	_, err = h.ChangePassword(h.Ctx, lan, "sai", good2, "", "")
	want(t, err, problem.Invalid)
	fresh, err := h.ChangePassword(h.Ctx, lan, good, good2, "203.0.113.9", "x")
	want(t, err, "")
	_, err = h.ActorOf(h.Ctx, one)
	want(t, err, problem.Session)
	a, err := h.ActorOf(h.Ctx, fresh)
	want(t, err, "")
	want(t, h.SetLang(h.Ctx, a, "en"), "")
	if a, _ := h.ActorOf(h.Ctx, fresh); a.Lang != "en" {
		t.Fatalf("%+v", a)
	}
	_, err = h.ChangeProfile(h.Ctx, other, people.Profile{Account: lan.ID, Name: "Khác"})
	want(t, err, problem.Forbidden)
	acc, err := h.ChangeProfile(h.Ctx, a, people.Profile{Account: lan.ID, Name: "Nguyễn Thị Lan", NameEN: "Lan Nguyen", Title: "Chuyên viên", Phone: "024 3825 0000", Lang: "en"})
	want(t, err, "")
	if h.NameOf(h.Ctx, lan.ID, "en") != "Lan Nguyen" || h.NameOf(h.Ctx, lan.ID, "vi") != "Nguyễn Thị Lan" || acc.Phone != "024 3825 0000" {
		t.Fatalf("%+v", acc)
	}
	if h.NameOf(h.Ctx, "system:x", "vi") != "Hệ thống" || h.NameOf(h.Ctx, "", "en") != "A visitor" || h.NameOf(h.Ctx, "?", "en") != "Not known" {
		t.Fatal("names of machines and strangers")
	}
}

func TestFirstStart(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		if empty, err := h.Empty(h.Ctx); err != nil || empty {
			t.Fatal(empty, err)
		}
		_, err := h.SetUpToken(h.Ctx)
		want(t, err, problem.Expired)
		err = k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM account")
			return err
		})
		want(t, err, "")
		old, err := h.SetUpToken(h.Ctx)
		want(t, err, "")
		token, err := h.SetUpToken(h.Ctx)
		want(t, err, "")
		in := people.NewAccount{Email: "dau@khue.example", Name: "Đầu Tiên", Password: good}
		_, _, err = h.CreateFirstAdmin(h.Ctx, old, in, "", "")
		want(t, err, problem.Expired)
		want(t, h.CheckSetUp(h.Ctx, token), "")
		_, _, err = h.CreateFirstAdmin(h.Ctx, token, people.NewAccount{Email: "dau@khue.example", Name: "Đầu"}, "", "")
		want(t, err, problem.Required)
		session, a, err := h.CreateFirstAdmin(h.Ctx, token, in, "203.0.113.9", "x")
		want(t, err, "")
		if !a.Has(regulation.Admin, "TTBC") || session == "" {
			t.Fatalf("%+v", a)
		}
		_, _, err = h.CreateFirstAdmin(h.Ctx, token, people.NewAccount{Email: "hai@khue.example", Name: "Hai", Password: good}, "", "")
		want(t, err, problem.Expired)
	})
}

func TestLettersWaitAndAreGivenUp(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	h.letters(t)
	h.box.fail = errors.New("no route")
	_, err := h.CreateAccount(h.Ctx, h.admin, people.NewAccount{Email: "lan@sxd.example", Name: "Lan"})
	want(t, err, "")
	want(t, h.SendWaiting(h.Ctx), "")
	if n, _ := h.MailWaiting(h.Ctx); n != 1 {
		t.Fatalf("%d wait", n)
	}
	h.box.fail = nil
	if got := h.letters(t); len(got) != 0 {
		t.Fatalf("too early: %+v", got)
	}
	h.Clock.Add(time.Minute)
	if got := h.letters(t); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	h.box.fail = errors.New("no route")
	h.CreateAccount(h.Ctx, h.admin, people.NewAccount{Email: "tu@sxd.example", Name: "Tú"})
	for i := range 16 {
		if n, _ := h.MailWaiting(h.Ctx); n != 1 {
			t.Fatalf("gone after %d tries", i)
		}
		want(t, h.SendWaiting(h.Ctx), "")
		h.Clock.Add(6 * time.Hour)
	}
	if n, _ := h.MailWaiting(h.Ctx); n != 0 {
		t.Fatalf("%d wait for ever", n)
	}
}

func TestPostIsOnceAnID(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		h.letters(t)
		m := mail.Message{ID: "notice/1", To: "lan@sxd.example", Subject: "Có việc", Text: "Việc", Lang: "vi"}
		for range 2 {
			err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return h.Post(ctx, tx, m) })
			want(t, err, "")
		}
		if got := h.letters(t); len(got) != 1 || got[0].Subject != "Có việc" {
			t.Fatalf("%+v", got)
		}
		m.Subject = "a\nBcc: b@c.example"
		err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return h.Post(ctx, tx, m) })
		want(t, err, problem.Unsafe)
	})
}

func TestForget(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		h.LogIn(h.Ctx, login("quantri@khue.example", good))
		h.LogIn(h.Ctx, login("quantri@khue.example", "sai sai sai"))
		h.RequestReset(h.Ctx, "quantri@khue.example", "")
		count := func(table string) int {
			var n int
			if err := k.DB.QueryRow(k.Ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		want(t, h.Forget(h.Ctx), "")
		if count("session") != 1 || count("login_try") == 0 || count("account_link") != 1 {
			t.Fatal("forgot too early")
		}
		h.Clock.Add(200 * 24 * time.Hour)
		want(t, h.Forget(h.Ctx), "")
		for _, table := range []string{"session", "login_try", "account_link", "login_known"} {
			if n := count(table); n != 0 {
				t.Errorf("%s keeps %d", table, n)
			}
		}
	})
}
