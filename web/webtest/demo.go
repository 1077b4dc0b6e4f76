package webtest

import (
	"context"
	"testing"
	"time"

	"khue/internal/demo"
	"khue/internal/house"
	"khue/web/frame"
	"khue/web/site"
)

// NewDemo gives a house in which the demo was told up to a moment, with the pages that are registered. Its press can still be visited;
// its clock stands there and goes on by what passed gives, nil for nothing.
func NewDemo(t testing.TB, end time.Time, passed func() time.Duration, register ...func(*frame.Frame, *site.Site)) *Kit {
	t.Helper()
	d, err := demo.New(end)
	if err != nil {
		t.Fatal(err)
	}
	c := d.Config(house.Config{Origin: "http://localhost:8080", LogName: "khue.example/log"})
	return NewWith(t, func(w *house.Config) {
		c.Dir, c.Log, c.Cost = w.Dir, w.Log, w.Cost
		h, err := house.Open(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Tell(context.Background(), h); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		w.Network, w.Now = d.Press, d.Clock.Now
		if passed != nil {
			w.Now = func() time.Time { return d.Clock.Now().Add(passed()) }
		}
	}, register...)
}
