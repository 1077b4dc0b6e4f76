package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"khue/problem"
	"khue/regulation"
	"khue/release"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/webtest"
)

// TestCachedUntilSomethingPublicChanged: a page is rendered once for everybody, and anew as soon as the ledger has something
// public; private entries leave it as it is.
func TestCachedUntilSomethingPublicChanged(t *testing.T) {
	var drawn atomic.Int64
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) {
		f.Handle("GET /page", s.Cached(func(w http.ResponseWriter, r *frame.Request) error {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "lần %d %s %s", drawn.Add(1), r.Lang, strings.Repeat("chữ ", 300))
			return nil
		}))
		f.Handle("GET /fault", s.Cached(func(http.ResponseWriter, *frame.Request) error {
			drawn.Add(1)
			return problem.New(problem.NotFound)
		}))
	})
	b := k.Visitor(t)
	first := b.Get("/page").Has(t, 200, "lần 1 ")
	b.Get("/page").Has(t, 200, "lần 1 ")
	if first.Header.Get("ETag") == "" {
		t.Error("no ETag")
	}
	b.Get("/en/page").Has(t, 200, "lần 2 en")
	lan := k.Account(t, "Lan Đầu Mối", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	rel, err := k.Releases.Submit(k.Ctx, lan, release.SubmitInput{Kind: release.PressInformation, Office: "SXD", Text: release.Text{Title: "Lát vỉa hè", Body: "Lát vỉa hè phố Mẫu."}})
	if err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool { return k.Site.Hub.Position() == k.Ledger.Size()-1 })
	b.Get("/page").Has(t, 200, "lần 1 ") // what is private changes no public page
	thu := k.Account(t, "Thu", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
	hoa := k.Account(t, "Hòa", regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	for _, step := range []func() (release.Release, error){
		func() (release.Release, error) {
			return k.Releases.Take(k.Ctx, thu, release.Ref{ID: rel.ID, Version: rel.Version})
		},
		func() (release.Release, error) {
			return k.Releases.SendUp(k.Ctx, thu, release.Ref{ID: rel.ID, Version: rel.Version})
		},
		func() (release.Release, error) {
			return k.Releases.Approve(k.Ctx, hoa, release.Ref{ID: rel.ID, Version: rel.Version})
		},
		func() (release.Release, error) {
			return k.Releases.Publish(k.Ctx, hoa, release.Ref{ID: rel.ID, Version: rel.Version})
		},
	} {
		if rel, err = step(); err != nil {
			t.Fatal(err)
		}
	}
	k.Clock.Add(release.DefaultHold)
	if err := k.Releases.RunSchedule(k.Ctx); err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool { return strings.Contains(b.Get("/page").Body, "lần 3 ") })
	before := drawn.Load()
	for range 3 {
		b.Get("/fault").Has(t, 404)
	}
	if n := drawn.Load() - before; n != 3 {
		t.Errorf("a page of an error was kept: drawn %d times of 3", n)
	}
	k.Clock.Add(time.Minute) // clocks on the page have gone on
	b.Get("/page").Lacks(t, "lần 3 ")
}

// TestCachedUntilWhatItReadsMoved: a page that reads what follows the ledger is drawn anew when that has moved, though the ledger has
// nothing new: what was drawn in between, from the old state, must not stay.
func TestCachedUntilWhatItReadsMoved(t *testing.T) {
	var drawn, follower atomic.Int64
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) {
		f.Handle("GET /page", s.Cached(func(w http.ResponseWriter, _ *frame.Request) error {
			n := drawn.Add(1)
			if n == 2 {
				follower.Add(1) // it moves while the page is drawn
			}
			fmt.Fprintf(w, "lần %d ", n)
			return nil
		}, follower.Load))
	})
	b := k.Visitor(t)
	b.Get("/page").Has(t, 200, "lần 1 ")
	b.Get("/page").Has(t, 200, "lần 1 ")
	follower.Add(1)
	b.Get("/page").Has(t, 200, "lần 2 ")
	b.Get("/page").Has(t, 200, "lần 3 ")
	b.Get("/page").Has(t, 200, "lần 3 ")
}

// TestForm: what was typed comes in as text, and what is no text is said by the name of its field.
func TestForm(t *testing.T) {
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) {
		f.Handle("POST /form", func(w http.ResponseWriter, r *frame.Request) error {
			form, err := s.Form(r)
			if err != nil {
				return err
			}
			at, err := form.Time("at")
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%q %q %d %v %s", form.Text("title"), form.List("to"), form.Version("version"), form.Yes("yes"), at.UTC().Format(time.RFC3339))
			return nil
		})
	})
	b := k.Visitor(t)
	b.Post("/form", "title", " hai\r\ndòng\x00 ", "to", "a", "to", " ", "to", "b", "version", "7", "yes", "1", "at", "2026-11-09T08:30").
		Has(t, 200, `"hai\ndòng" ["a" "b"] 7 true 2026-11-09T01:30:00Z`)
	b.Post("/form", "version", "bảy", "at", "").Has(t, 200, `"" [] 0 false 0001-01-01T00:00:00Z`)
	b.Post("/form", "at", "2026-02-30T08:30").Has(t, 422, "Không có ngày này")
	b.Post("/form", "title", "\xff\xfe").Has(t, 422, "UTF-8")
}

// TestSessionThatEndedLeadsToLogInAndBack: a page of the desk asked without a session leads to the log-in with the way back.
func TestSessionThatEndedLeadsToLogInAndBack(t *testing.T) {
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) {
		f.Handle("GET /desk/x", func(_ http.ResponseWriter, r *frame.Request) error {
			_, err := s.Desk(r)
			return err
		})
		f.Handle("POST /desk/x", func(_ http.ResponseWriter, r *frame.Request) error {
			_, err := s.Desk(r)
			return err
		})
		f.Handle("GET /login", func(w http.ResponseWriter, r *frame.Request) error {
			fmt.Fprint(w, "đăng nhập, rồi về "+r.URL.Query().Get("next"))
			return nil
		})
	})
	b := k.Visitor(t)
	b.Session("một phiên đã hết")
	b.Get("/desk/x?state=editing").Has(t, 200, "rồi về /desk/x?state=editing")
	page := b.Post("/desk/x", "body", "bài đang viết dở").Has(t, 401, "Phiên đã hết; đăng nhập lại, bài còn nguyên")
	if strings.Contains(page.Path, url.QueryEscape("bài đang viết dở")) {
		t.Error("what was typed went into an address")
	}
}
