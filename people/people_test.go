package people_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/catalogue"
	"khue/internal/testkit"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
)

// box is a sender that keeps what it is given.
type box struct {
	mu   sync.Mutex
	sent []mail.Message // guarded by mu
	fail error          // guarded by mu
}

func (b *box) Send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.sent = append(b.sent, m)
	return nil
}

func (b *box) take() []mail.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sent
	b.sent = nil
	return s
}

const (
	good  = "mùa thu Hà Nội 9"
	good2 = "hoa sữa đường Láng"
)

// house is a room people on a kit, with duties and a mail box.
type house struct {
	*testkit.Kit
	*people.Room
	duties *regulation.Duties
	box    *box
	admin  regulation.Actor
}

func open(t testing.TB, k *testkit.Kit) *house {
	t.Helper()
	h := &house{Kit: k, box: &box{}}
	h.duties = regulation.NewDuties(regulation.DutyConfig{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Deadlines: k.Deadlines, Now: k.Clock.Now, Log: k.Log})
	var err error
	h.Room, err = people.New(people.Config{
		DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Duties: h.duties, Profile: profile.Hanoi(), Now: k.Clock.Now, Mail: h.box, Log: k.Log,
		Key: []byte(strings.Repeat("k", 32)), Words: func(l, key string, args ...any) string { return catalogue.Parse(l).T(key, args...) },
		Origin: "https://khue.example", Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.admin = h.person(t, "quantri@khue.example", "Trần Thu Hà", regulation.Post{Role: regulation.Admin, Office: "TTBC"})
	return h
}

// person makes an account with the password good and gives its actor.
func (h *house) person(t testing.TB, email, name string, posts ...regulation.Post) regulation.Actor {
	t.Helper()
	made, err := h.CreateAccount(h.Ctx, regulation.SystemActor("test"), people.NewAccount{Email: email, Name: name, Posts: posts, Password: good})
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.Actor(h.Ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// letters sends what waits and gives it.
func (h *house) letters(t testing.TB) []mail.Message {
	t.Helper()
	if err := h.SendWaiting(h.Ctx); err != nil {
		t.Fatal(err)
	}
	return h.box.take()
}

func want(t testing.TB, err error, code problem.Code) {
	t.Helper()
	if got := problem.CodeOf(err); got != code {
		t.Fatalf("%v: code %q, want %q", err, got, code)
	}
}

func login(email, password string) people.LogIn {
	return people.LogIn{Email: email, Password: password, Address: "203.0.113.9", Agent: "Firefox 140"}
}

func TestLogInAndOut(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		lan := h.person(t, "lan@sxd.example", "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
		token, a, err := h.LogIn(h.Ctx, login(" LAN@sxd.example ", good))
		want(t, err, "")
		if a.ID != lan.ID || !a.Has(regulation.FocalPoint, "SXD") || a.Kind != regulation.Person {
			t.Fatalf("%+v", a)
		}
		_, _, err = h.LogIn(h.Ctx, login("lan@sxd.example", "sai"))
		want(t, err, problem.Password)
		_, _, err = h.LogIn(h.Ctx, login("khongco@sxd.example", good))
		want(t, err, problem.Password)
		if a, err := h.ActorOf(h.Ctx, ""); err != nil || a.Kind != regulation.Visitor {
			t.Fatalf("%+v %v", a, err)
		}
		_, err = h.ActorOf(h.Ctx, token+"x")
		want(t, err, problem.Session)
		want(t, h.LogOut(h.Ctx, token), "")
		want(t, h.LogOut(h.Ctx, token), "")
		_, err = h.ActorOf(h.Ctx, token)
		want(t, err, problem.Session)
	})
}

func TestSessionSlidesAndEnds(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	token, _, err := h.LogIn(h.Ctx, login("quantri@khue.example", good))
	want(t, err, "")
	for range 29 { // used every day it lives on …
		h.Clock.Add(23 * time.Hour)
		_, err = h.ActorOf(h.Ctx, token)
		want(t, err, "")
	}
	h.Clock.Add(52*time.Hour - 29*time.Hour)
	_, err = h.ActorOf(h.Ctx, token)
	want(t, err, "")
	h.Clock.Add(24 * time.Hour) // … unless it is not used for a day
	_, err = h.ActorOf(h.Ctx, token)
	want(t, err, problem.Session)
}

// Rules gives the kit's rulebook: the room's own field of that name is not seen from here.
func (h *house) Rules() *regulation.Rulebook { return h.Kit.Rules }

// open2 is a second process on the same database.
func open2(t testing.TB, k *testkit.Kit) *people.Room {
	t.Helper()
	p, err := people.New(people.Config{
		DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Profile: profile.Hanoi(), Now: k.Clock.Now, Log: k.Log, Key: []byte(strings.Repeat("k", 32)),
		Words: func(l, key string, args ...any) string { return catalogue.Parse(l).T(key, args...) }, Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
