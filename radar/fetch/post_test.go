package fetch

import (
	"io"
	"net/http"
	"testing"
	"time"
)

func TestPost(t *testing.T) {
	var got []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("X-Sign")+" "+string(body))
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/hook", http.StatusTemporaryRedirect)
		case "/busy":
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/no":
			w.WriteHeader(http.StatusBadRequest)
		default:
			w.WriteHeader(http.StatusAccepted)
		}
	})
	c := client(&pauses{}, Config{})
	post := func(address string) error {
		return c.Post(t.Context(), Post{URL: address, ContentType: "application/json", Body: []byte("{}"), Header: map[string]string{"X-Sign": "s"}})
	}
	if err := post(base + "/hook"); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != "POST /hook application/json s {}" {
		t.Errorf("%q", got)
	}
	for path, want := range map[string]Kind{"/moved": Redirects, "/busy": RetryLater, "/no": Status} {
		if err := post(base + path); kindOf(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if len(got) != 4 {
		t.Errorf("a redirect was followed, or robots.txt asked: %q", got)
	}
	for address, want := range map[string]Kind{"ftp://a.example/": BadAddress, "https://u:p@a.example/": BadAddress, "http://127.0.0.1:25/": BadAddress} {
		if err := post(address); kindOf(err) != want || Check(address) == nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	// What lies inside is not reached unless the configuration lists it.
	if err := New(Config{Delay: time.Nanosecond}).Post(t.Context(), Post{URL: base + "/hook"}); kindOf(err) != Private {
		t.Errorf("inside: %v", err)
	}
	if len(got) != 4 {
		t.Errorf("inside was reached: %q", got)
	}
}
