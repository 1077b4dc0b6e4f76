package radar

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/fetch"
	"khue/radar/websub"
	"khue/store"
)

// hub is a WebSub hub that notes what it is asked. It verifies when the test says so: in life its question comes at any time.
type hub struct {
	mu    sync.Mutex
	asked []url.Values
	fails bool
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = r.ParseForm()
	h.asked = append(h.asked, r.PostForm)
	if h.fails {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (h *hub) last(t *testing.T, n int) url.Values {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) != n {
		t.Fatalf("the hub was asked %d times, want %d", len(h.asked), n)
	}
	return h.asked[n-1]
}

const pushed = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Thử</title><id>x</id><entry><id>n1</id><title>Cầu đi bộ phường Mẫu thông xe</title><link href="https://bao.example/n1"/><updated>2026-11-09T00:00:00Z</updated></entry></feed>`

func feedWithHub(w *server, hubURL string) {
	w.on("/rss", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Link", fmt.Sprintf(`<%s>; rel="hub", <%s/topic>; rel="self"`, hubURL, w.url))
		rw.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(rw, `<rss version="2.0"><channel><title>Báo Thử</title><item><title>Tin cũ của Báo Thử</title><link>https://bao.example/o1</link></item></channel></rss>`)
	})
}

func TestWebSub(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		r.callback = "https://khue.example/hub/"
		h := &hub{}
		w.on("/hub", h.ServeHTTP)
		feedWithHub(w, w.url+"/hub")
		s := mustAdd(t, k, r, AddSourceInput{Address: w.url + "/rss"})
		if _, err := r.VisitDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := r.AskHubs(k.Ctx); n != 1 || err != nil {
			t.Fatalf("%d %v", n, err)
		}
		ask := h.last(t, 1)
		token, ok := strings.CutPrefix(ask.Get("hub.callback"), r.callback)
		secret := ask.Get("hub.secret")
		if !ok || len(token) < 20 || len(secret) < 40 || ask.Get("hub.topic") != w.url+"/topic" || ask.Get("hub.mode") != "subscribe" {
			t.Fatalf("%v", ask)
		}

		// The hub's question: for another topic, by another token, and rightly.
		q := websub.Verification{Mode: "subscribe", Topic: "https://khac.example/", Challenge: "c", Lease: 100 * time.Hour}
		if _, err := r.VerifyHub(k.Ctx, token, q); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("another topic: %v", err)
		}
		q.Topic = w.url + "/topic"
		if _, err := r.VerifyHub(k.Ctx, "x", q); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("another token: %v", err)
		}
		if _, err := r.VerifyHub(k.Ctx, token, websub.Verification{Mode: "unsubscribe", Topic: q.Topic, Challenge: "c"}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("to leave was not asked: %v", err)
		}
		if c, err := r.VerifyHub(k.Ctx, token, q); c != "c" || err != nil {
			t.Fatalf("%q %v", c, err)
		}

		// Notifications: forged, unsigned, right, again, thin.
		body := []byte(pushed)
		for _, sig := range []string{"", websub.Sign("sha1", "khác", body), websub.Sign("sha256", secret, []byte("khác"))} {
			if taken, err := r.HubPush(k.Ctx, token, sig, "application/atom+xml", body); taken || err != nil {
				t.Errorf("%q: %v %v", sig, taken, err)
			}
		}
		if got := news(t, k, r, s.ID); got != "Tin cũ của Báo Thử" {
			t.Errorf("%q", got)
		}
		for range 2 {
			if taken, err := r.HubPush(k.Ctx, token, websub.Sign("sha256", secret, body), "application/atom+xml", body); !taken || err != nil {
				t.Errorf("%v %v", taken, err)
			}
		}
		if got := news(t, k, r, s.ID); strings.Count(got, "|") != 1 || !strings.Contains(got, "Cầu đi bộ") {
			t.Errorf("%q", got)
		}
		if _, err := r.HubPush(k.Ctx, "x", "", "", body); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("%v", err)
		}

		// A source that pushes is left alone for longer; a notification without entries brings the visit forward.
		k.Clock.Add(time.Hour)
		if _, err := r.VisitDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if got := health(t, k, r, s.ID); got.Next.Before(k.Clock.Now().Add(pollPushed)) {
			t.Errorf("visited again at %s", got.Next)
		}
		thin := []byte("ping")
		if _, err := r.HubPush(k.Ctx, token, websub.Sign("sha512", secret, thin), "text/plain", thin); err != nil {
			t.Fatal(err)
		}
		if got := health(t, k, r, s.ID); got.Next.After(k.Clock.Now()) {
			t.Errorf("not due after a thin notification: %s", got.Next)
		}

		// It is asked again in the last tenth of its lease.
		k.Clock.Add(80 * time.Hour)
		if n, err := r.AskHubs(k.Ctx); n != 0 || err != nil {
			t.Errorf("too early: %d %v", n, err)
		}
		k.Clock.Add(10 * time.Hour)
		h.mu.Lock()
		h.fails = true
		h.mu.Unlock()
		for want := 2; want <= 3; want++ { // it fails, and is asked again with longer waits
			if n, err := r.AskHubs(k.Ctx); n != 1 || err != nil {
				t.Fatalf("%d %v", n, err)
			}
			if again := h.last(t, want); again.Get("hub.secret") != secret || again.Get("hub.callback") != r.callback+token {
				t.Errorf("%v", again)
			}
			if n, _ := r.AskHubs(k.Ctx); n != 0 {
				t.Error("at once again")
			}
			k.Clock.Add(time.Duration(want-1) * hubAgain)
		}

		// After the lease the source is visited as often as any other.
		k.Clock.Add(10 * time.Hour)
		if _, err := r.VisitDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if got := health(t, k, r, s.ID); got.Next.After(k.Clock.Now().Add(pollPushed)) && got.Every < pollPushed {
			t.Errorf("%s", got.Next)
		}
		if _, err := r.VerifyHub(k.Ctx, token, websub.Verification{Mode: "denied", Topic: q.Topic, Reason: "no"}); err != nil {
			t.Fatal(err)
		}
		if got, err := r.HubOf(k.Ctx, analyst, s.ID); err != nil || got.State != HubRefused || got.Next.Before(k.Clock.Now().Add(hubLater)) {
			t.Errorf("%+v %v", got, err)
		}
		s = health(t, k, r, s.ID)
		if _, err := r.ChangeSource(k.Ctx, analyst, ChangeSourceInput{ID: s.ID, Version: s.Version, Name: s.Name, State: Paused}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.HubPush(k.Ctx, token, websub.Sign("sha256", secret, body), "", body); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("of a paused source: %v", err)
		}
	})
}

// TestNoHubWithoutAddress: a house that nobody can reach asks no hub.
func TestNoHubWithoutAddress(t *testing.T) {
	k := testkit.SQLite(t)
	w, r := newServer(t), room(t, k)
	h := &hub{}
	w.on("/hub", h.ServeHTTP)
	feedWithHub(w, w.url+"/hub")
	mustAdd(t, k, r, AddSourceInput{Address: w.url + "/rss"})
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if len(h.asked) != 0 {
		t.Errorf("%v", h.asked)
	}
}

const channel = "UCabcdefghijklmnopqrstuv"

// TestYouTube: a channel's page leads to its feed; where robots.txt keeps the feed, the hub alone is the way.
func TestYouTube(t *testing.T) {
	k := testkit.SQLite(t)
	w, r := newServer(t), room(t, k)
	r.callback = "https://khue.example/hub/"
	w.say("/@phuongmau", "text/html", `<html><head><link rel="canonical" href="https://www.youtube.com/channel/`+channel+`"></head></html>`)
	w.say("/feeds/videos.xml", "text/xml", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title>Phường Mẫu TV</title><entry><id>yt:video:a</id><title>Bản tin phường Mẫu ngày 9 tháng 11</title><link rel="alternate" href="{url}/watch?v=a"/><published>2026-11-09T00:00:00+00:00</published><media:group><media:description>Lịch cắt nước trong tuần.</media:description></media:group></entry></feed>`)
	s := mustAdd(t, k, r, AddSourceInput{Kind: KindYouTube, Address: w.url + "/@phuongmau"})
	if s.Address != w.url+"/feeds/videos.xml?channel_id="+channel || s.Name != "Phường Mẫu TV" {
		t.Fatalf("%+v", s)
	}
	w.requests()
	if _, err := r.VisitDue(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if got := news(t, k, r, s.ID); got != "Bản tin phường Mẫu ngày 9 tháng 11" {
		t.Errorf("%q", got)
	}
	if n, err := r.ReadDue(k.Ctx); n != 0 || err != nil { // what is said of a video is all there is to read
		t.Errorf("%d %v", n, err)
	}
	got, err := r.HubOf(k.Ctx, analyst, s.ID)
	if err != nil || got.Address != youTubeHub || got.Topic != "https://www.youtube.com/xml/feeds/videos.xml?channel_id="+channel {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Kind: KindYouTube, Address: w.url + "/watch"}); problem.CodeOf(err) != problem.Invalid {
		t.Errorf("no channel: %v", err)
	}

	// The same behind a robots.txt that keeps feeds.
	kept := newServer(t)
	kept.say("/robots.txt", "text/plain", "User-agent: *\nDisallow: /feeds/videos.xml\n")
	s = mustAdd(t, k, r, AddSourceInput{Kind: KindYouTube, Address: kept.url + "/channel/" + channel})
	if _, err := r.VisitDue(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if got := health(t, k, r, s.ID); got.Fault != "" {
		t.Errorf("%q", got.Fault)
	}
	if asked := kept.requests(); len(asked) != 0 {
		t.Errorf("asked %q", asked)
	}
	for range hubPatience + 2 { // the hub never asks back: then the source says what is wrong
		if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, sqlHubAsked, store.Micros(k.Clock.Now()), s.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	k.Clock.Add(24 * time.Hour)
	if _, err := r.VisitDue(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if got := health(t, k, r, s.ID); got.Fault != fetch.Robots {
		t.Errorf("a hub that does not answer: %q", got.Fault)
	}
	r.callback = ""
	k.Clock.Add(24 * time.Hour)
	if _, err := r.VisitDue(k.Ctx); err != nil {
		t.Fatal(err)
	}
	if got := health(t, k, r, s.ID); got.Fault != fetch.Robots {
		t.Errorf("without a hub: %q", got.Fault)
	}
}
