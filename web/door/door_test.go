package door_test

import (
	"strings"
	"testing"

	"khue/regulation"
	"khue/web/door"
	"khue/web/webtest"
)

func TestLogInAndOut(t *testing.T) {
	k := webtest.New(t, door.Register)
	k.Account(t, "Lê Thu Phong", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
	b := k.Visitor(t)
	b.Get("/login").Has(t, 200, "Đăng nhập")
	page := b.Post("/login", "email", "nguoi1@khue.example", "password", "sai mật khẩu này", "next", "/desk/releases")
	page.Has(t, 401, "Email hoặc mật khẩu chưa đúng", `value="nguoi1@khue.example"`, `value="/desk/releases"`).Lacks(t, "sai mật khẩu này")
	if page := b.Post("/login", "email", "nguoi1@khue.example", "password", "một câu dài dễ nhớ", "next", "/desk/releases?state=editing"); page.Path != "/desk/releases?state=editing" {
		t.Errorf("after log-in at %s", page.Path)
	}
	if page := b.Post("/logout"); page.Path != "/" {
		t.Errorf("after log-out at %s", page.Path)
	}
}

func TestNextStaysInTheHouse(t *testing.T) {
	k := webtest.New(t, door.Register)
	k.Account(t, "Lê Thu Phong", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "/login"} {
		b := k.Visitor(t)
		if page := b.Post("/login", "email", "nguoi1@khue.example", "password", "một câu dài dễ nhớ", "next", next); page.Path != "/desk" {
			t.Errorf("next=%q leads to %s", next, page.Path)
		}
	}
}

func TestThrottleIsSaid(t *testing.T) {
	k := webtest.New(t, door.Register)
	b := k.Visitor(t)
	var last webtest.Page
	for range 7 {
		last = b.Post("/login", "email", "khong-co@khue.example", "password", "sai mật khẩu này")
	}
	last.Has(t, 429, "phút")
}

func TestFirstStart(t *testing.T) {
	k := webtest.New(t, door.Register)
	token, err := k.People.SetUpToken(k.Ctx)
	if err != nil {
		t.Fatal(err)
	}
	b := k.Visitor(t)
	b.Get("/first/"+strings.Repeat("a", len(token))).Has(t, 410)
	b.Get("/first/"+token).Has(t, 200, "Lần đầu mở Khuê")
	b.Post("/first/"+token, "profile", "hanoi", "name", "Trần Mở Đầu", "email", "khong-phai-email", "password", "một câu dài dễ nhớ").Has(t, 422, "Email thiếu", "Trần Mở Đầu")
	if page := b.Post("/first/"+token, "profile", "hanoi", "name", "Trần Mở Đầu", "email", "mo@khue.example", "password", "một câu dài dễ nhớ"); page.Path != "/desk/people" {
		t.Fatalf("at %s: %s", page.Path, webtest.Main(page.Body))
	}
	k.Visitor(t).Get("/first/"+token).Has(t, 410)
}

func TestForeignFormIsRefused(t *testing.T) {
	k := webtest.New(t, door.Register)
	b := k.Visitor(t)
	b.Foreign("/login", "email", "a@b.example").Has(t, 403)
}
