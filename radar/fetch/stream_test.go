package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestPostForm(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hub":
			if r.Method != http.MethodPost || r.FormValue("hub.mode") != "subscribe" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
				t.Errorf("%s %v", r.Method, r.Form)
			}
			w.WriteHeader(http.StatusAccepted)
		case "/moved":
			http.Redirect(w, r, "/hub", http.StatusTemporaryRedirect)
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /kin\n")
		default:
			http.Error(w, "no", http.StatusBadRequest)
		}
	})
	c := client(&pauses{}, Config{})
	form := url.Values{"hub.mode": {"subscribe"}}
	if _, err := c.PostForm(t.Context(), base+"/hub", form); err != nil {
		t.Error(err)
	}
	for path, want := range map[string]Kind{"/moved": Redirects, "/else": Status, "/kin": Robots} {
		if _, err := c.PostForm(t.Context(), base+path, form); kindOf(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := New(Config{}).PostForm(t.Context(), base+"/hub", form); kindOf(err) != Private {
		t.Errorf("inside: %v", err)
	}
	if _, err := c.PostForm(t.Context(), "ftp://a.example/", form); kindOf(err) != BadAddress {
		t.Errorf("%v", err)
	}
}

func TestLinks(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Link", `<https://hub.example/>; rel="hub"`)
		w.Header().Add("Link", `</self>; rel="self"`)
	})
	got, err := client(&pauses{}, Config{}).Get(t.Context(), Request{URL: base + "/feed"})
	if err != nil || len(got.Links) != 2 || got.Links[1] != `</self>; rel="self"` {
		t.Errorf("%q %v", got.Links, err)
	}
}

func socket(t *testing.T, f func(ctx context.Context, c *websocket.Conn)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		if r.URL.Path == "/busy" {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		f(r.Context(), c)
	}))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

func TestStream(t *testing.T) {
	base := socket(t, func(ctx context.Context, c *websocket.Conn) {
		_ = c.Write(ctx, websocket.MessageText, []byte("một"))
		_ = c.Write(ctx, websocket.MessageText, []byte("hai"))
		_ = c.Close(websocket.StatusNormalClosure, "")
	})
	c := client(&pauses{}, Config{})
	s, err := c.Stream(t.Context(), base+"/subscribe?x=1#y")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, want := range []string{"một", "hai"} {
		if data, ended, err := s.Read(t.Context()); string(data) != want || ended || err != nil {
			t.Errorf("%q %v %v", data, ended, err)
		}
	}
	if _, ended, err := s.Read(t.Context()); !ended || err != nil {
		t.Errorf("at the end: %v %v", ended, err)
	}
	if _, err := New(Config{}).Stream(t.Context(), base); kindOf(err) != Private {
		t.Errorf("inside: %v", err)
	}
	_, err = c.Stream(t.Context(), base+"/busy")
	if f, ok := err.(*Fault); !ok || f.Kind != RetryLater || f.After != 30*time.Second { //nolint:errorlint // as it is given
		t.Errorf("busy: %v", err)
	}
	for _, bad := range []string{"gopher://a.example/", "", "ws://u:p@a.example/"} {
		if _, err := c.Stream(t.Context(), bad); kindOf(err) != BadAddress {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestStreamFaults(t *testing.T) {
	big := socket(t, func(ctx context.Context, c *websocket.Conn) {
		_ = c.Write(ctx, websocket.MessageText, make([]byte, MaxMessage+1))
		_, _, _ = c.Read(ctx) // until the other side goes
	})
	torn := socket(t, func(context.Context, *websocket.Conn) {})
	silent := socket(t, func(ctx context.Context, c *websocket.Conn) { _, _, _ = c.Read(ctx) })
	c := client(&pauses{}, Config{})
	for name, one := range map[string]struct {
		address string
		want    Kind
	}{"too big": {big, TooLarge}, "torn": {torn, Broken}} {
		s, err := c.Stream(t.Context(), one.address)
		if err != nil {
			t.Fatal(err)
		}
		if _, ended, err := s.Read(t.Context()); kindOf(err) != one.want || ended {
			t.Errorf("%s: %v %v", name, ended, err)
		}
		s.Close()
	}
	s, err := c.Stream(t.Context(), silent)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Read(ctx); kindOf(err) != Cancelled {
		t.Errorf("cancelled: %v", err)
	}
}
