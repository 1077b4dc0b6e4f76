package log_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"khue/internal/testkit"
	"khue/ledger"
	"khue/store"
	"khue/web/frame"
	"khue/web/log"
)

func serve(t *testing.T, k *testkit.Kit) string {
	t.Helper()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	f := frame.New(frame.Config{Log: quiet, Now: k.Clock.Now, Problem: func(w http.ResponseWriter, _ *frame.Request, status int, _ error) { w.WriteHeader(status) }})
	log.Register(f, k.Ledger)
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL + "/log"
}

// fill appends entries, every third one private, and waits until they are signed.
func fill(t *testing.T, k *testkit.Kit, n int) {
	t.Helper()
	err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		for i := range n {
			if _, err := k.Ledger.Append(ctx, tx, ledger.Entry{Kind: "release.published", Public: i%3 != 0, Thing: "release/" + strconv.Itoa(i), Body: map[string]int{"version": i}, At: k.Clock.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for {
		changed := k.Ledger.Changed()
		if k.Ledger.SignedSize() >= int64(n) {
			return
		}
		<-changed
	}
}

// TestWholeLogFromAfar: somebody with nothing but the address verifies every entry; a changed byte is noticed.
func TestWholeLogFromAfar(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		fill(t, k, 600)
		base := serve(t, k)
		rep, err := ledger.CheckRemote(k.Ctx, http.DefaultClient, base, k.Ledger.PublicKey())
		if err != nil || rep.Entries != 600 {
			t.Fatalf("%+v %v", rep, err)
		}
		liar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			resp, err := http.Get(strings.TrimSuffix(base, "/log") + r.URL.Path)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			if strings.HasSuffix(r.URL.Path, "/tile/entries/001") {
				body[len(body)/2] ^= 1
			}
			w.WriteHeader(resp.StatusCode)
			w.Write(body)
		}))
		defer liar.Close()
		if _, err := ledger.CheckRemote(k.Ctx, http.DefaultClient, liar.URL+"/log", k.Ledger.PublicKey()); err == nil {
			t.Error("a changed byte was not noticed")
		}
	})
}

func TestAddresses(t *testing.T) {
	k := testkit.SQLite(t)
	fill(t, k, 300)
	base := serve(t, k)
	for path, want := range map[string]struct {
		status int
		kind   string
		cache  string
	}{
		"/checkpoint":           {200, "text/plain; charset=utf-8", "no-cache"},
		"/key":                  {200, "text/plain; charset=utf-8", "public, max-age=3600"},
		"/tile/0/000":           {200, "application/octet-stream", "immutable"},
		"/tile/0/001.p/44":      {200, "application/octet-stream", "immutable"},
		"/tile/entries/000":     {200, "application/octet-stream", "immutable"},
		"/tile/0/002":           {404, "", ""},
		"/tile/0/001":           {404, "", ""}, // not yet full
		"/tile/0/x":             {404, "", ""},
		"/tile/9999/000":        {404, "", ""},
		"/tile/0/../checkpoint": {404, "", ""},
	} {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if strings.Contains(path, "..") {
			if resp.StatusCode == 200 && !strings.Contains(resp.Request.URL.Path, "checkpoint") {
				t.Errorf("%s leads to %s", path, resp.Request.URL.Path)
			}
			continue
		}
		if resp.StatusCode != want.status || (want.status == 200 && (resp.Header.Get("Content-Type") != want.kind || !strings.Contains(resp.Header.Get("Cache-Control"), want.cache))) {
			t.Errorf("%s: %d %s %s", path, resp.StatusCode, resp.Header.Get("Content-Type"), resp.Header.Get("Cache-Control"))
		}
	}
}
