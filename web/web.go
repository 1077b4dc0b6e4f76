// Package web puts the faces together: every page, feed and program's address of a house behind one frame.
//
// Imports the faces and internal/house. Read web.go, then site/site.go.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"khue/internal/house"
	"khue/web/api"
	deskclaims "khue/web/desk/claims"
	"khue/web/desk/digest"
	deskinquiries "khue/web/desk/inquiries"
	"khue/web/desk/now"
	"khue/web/desk/office"
	deskreleases "khue/web/desk/releases"
	"khue/web/desk/rules"
	"khue/web/desk/signals"
	"khue/web/desk/stories"
	"khue/web/desk/trends"
	deskwall "khue/web/desk/wall"
	"khue/web/desk/watches"
	"khue/web/door"
	"khue/web/frame"
	"khue/web/hub"
	"khue/web/live"
	"khue/web/log"
	"khue/web/press"
	"khue/web/public/city"
	"khue/web/public/claims"
	"khue/web/public/inquiries"
	"khue/web/public/proof"
	"khue/web/public/releases"
	"khue/web/public/wall"
	"khue/web/site"
	"khue/web/ui"
)

// maxStreams bounds the open event streams of one process.
const maxStreams = 10_000

// App is the web face of a house.
type App struct {
	Site  *site.Site
	frame *frame.Frame
	meter *meter
}

// New registers every page of a house. The caller runs Run while it serves.
func New(h *house.House, logger *slog.Logger) (*App, error) {
	a := &App{Site: site.New(h, live.NewHub(h.Ledger, logger, maxStreams)), meter: newMeter()}
	h.Radar.OnChange(func() { a.Site.Hub.Nudge("story.grouped") })
	h.Insight.SetSheet(digest.Sheet)
	a.frame = a.Site.Frame(logger, a.meter.observe)
	a.frame.Mount("GET "+ui.AssetPrefix, ui.AssetHandler())
	live.Register(a.frame, a.Site.Hub)
	Register(a.frame, a.Site)
	a.health(a.frame)
	return a, nil
}

// Register puts every face of a site on a frame. Who adds a face that takes forms says in guard_test.go who may send them.
func Register(f *frame.Frame, s *site.Site) {
	log.Register(f, s.Ledger)
	door.Register(f, s)
	now.Register(f, s)
	stories.Register(f, s)
	signals.Register(f, s)
	digest.Register(f, s)
	trends.Register(f, s)
	deskwall.Register(f, s)
	wall.Register(f, s)
	watches.Register(f, s)
	hub.Register(f, s)
	proof.Register(f, s)
	releases.Register(f, s)
	deskreleases.Register(f, s)
	claims.Register(f, s)
	deskclaims.Register(f, s)
	inquiries.Register(f, s)
	deskinquiries.Register(f, s)
	press.Register(f, s)
	rules.Register(f, s)
	office.Register(f, s)
	city.Register(f, s)
	api.Register(f, s)
}

// ServeHTTP answers a request.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.frame.ServeHTTP(w, r) }

// Run tells open pages what was published until ctx ends.
func (a *App) Run(ctx context.Context) error { return a.Site.Hub.Run(ctx) }

// health registers what operators ask: is the process alive, can it serve, and its figures.
func (a *App) health(f *frame.Frame) {
	f.Handle("GET /healthz", func(w http.ResponseWriter, _ *frame.Request) error {
		_, _ = w.Write([]byte("ok\n"))
		return nil
	})
	f.Handle("GET /readyz", func(w http.ResponseWriter, r *frame.Request) error {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := a.Site.Ready(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(r.Lang.Error(err) + "\n"))
			return nil
		}
		_, _ = w.Write([]byte("ready\n"))
		return nil
	})
	a.meter.gauge("khue_goroutines", "Goroutines of the process.", func() float64 { return float64(runtime.NumGoroutine()) })
	a.meter.gauge("khue_ledger_entries", "Entries in the ledger.", func() float64 { return float64(a.Site.Ledger.Size()) })
	a.meter.gauge("khue_live_streams", "Open event streams.", func() float64 { return float64(a.Site.Hub.Subscribers()) })
	f.Mount("GET /metrics", a.meter.handler())
}
