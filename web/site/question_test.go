package site_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"khue/problem"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/webtest"
)

// Whoever asks for ever new things renders them, and pushes out no page that others read.
func TestNobodyEmptiesTheCache(t *testing.T) {
	var drawn atomic.Int64
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) {
		f.Handle("GET /page", s.Cached(func(w http.ResponseWriter, r *frame.Request) error {
			fmt.Fprintf(w, "lần %d q=%s %s", drawn.Add(1), r.URL.Query().Get("q"), r.URL.RawQuery)
			return nil
		}))
		f.Handle("GET /page/{code}", s.Cached(func(http.ResponseWriter, *frame.Request) error { return problem.New(problem.NotFound) }))
	})
	b := k.Visitor(t)
	b.Get("/page").Has(t, 200, "lần 1 ")
	b.Get("/page?utm_source=thu&fbclid=9").Has(t, 200, "lần 1 q= ").Lacks(t, "utm") // no page reads it
	b.Get("/page?q=").Has(t, 200, "lần 1 ")
	b.Get("/page?q=cau&x=1").Has(t, 200, "lần 2 q=cau")
	b.Get("/page?x=2&q=cau&q=nua").Has(t, 200, "lần 2 q=cau")
	for i := range 4100 {
		if i < 600 {
			b.Get(fmt.Sprintf("/page?q=%d", i)).Has(t, 200)
		}
		b.Get(fmt.Sprintf("/page/%d", i)).Has(t, 404)
	}
	b.Get("/page").Has(t, 200, "lần 1 ")
}
