// Package hub is where WebSub hubs speak to the house: they ask whether we subscribed, and push what a source published.
//
// Invariants: an address of a subscription is a secret and stands in no log; a notification counts only with a right signature, and one
// without gets the same answer, so that nobody learns from it; who has pushed too much is told to wait.
//
// Imports web/site, web/frame and radar. Read this file.
package hub

import (
	"errors"
	"io"
	"net/http"
	"time"

	"khue/internal/house"
	"khue/problem"
	"khue/radar"
	"khue/radar/websub"
	"khue/web/frame"
	"khue/web/site"
)

// perMinute is how many notifications one address may send: a hub pushes for many sources.
const perMinute = 600

type hub struct{ s *site.Site }

// Register puts the addresses on a frame.
func Register(f *frame.Frame, s *site.Site) {
	h := hub{s}
	f.Handle("GET "+house.HubPath+"{token}", f.Limited(perMinute, time.Minute, h.verify))
	f.HandleUpload("POST "+house.HubPath+"{token}", radar.MaxPushed, f.Limited(perMinute, time.Minute, h.push))
}

// verify answers a hub's question with its challenge (WebSub, section 5.3); a refusal is noted.
func (h hub) verify(w http.ResponseWriter, r *frame.Request) error {
	v, ok := websub.ReadVerification(r.URL.Query())
	if !ok {
		return problem.New(problem.NotFound)
	}
	challenge, err := h.s.Radar.VerifyHub(r.Context(), r.PathValue("token"), v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.WriteString(w, challenge)
	return err
}

// push takes a notification. A subscription that is not wanted any more is gone, upon which a hub ends it.
func (h hub) push(w http.ResponseWriter, r *frame.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	_, err = h.s.Radar.HubPush(r.Context(), r.PathValue("token"), r.Header.Get("X-Hub-Signature"), r.Header.Get("Content-Type"), body)
	if p := (*problem.Error)(nil); errors.As(err, &p) && p.Code == problem.NotFound {
		w.WriteHeader(http.StatusGone)
		return nil
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
