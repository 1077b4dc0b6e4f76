package ui

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, method, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	AssetHandler().ServeHTTP(w, r)
	return w
}

func TestAssetHandlerRefuses(t *testing.T) {
	for _, path := range []string{"/assets/", "/assets/nothing.js", "/assets/manifest.json", "/assets/.keep", "/assets/../asset.go", "/assets/a/b", `/assets/..\asset.go`, "/else"} {
		if w := get(t, http.MethodGet, "/", ""); w.Code != http.StatusNotFound {
			t.Errorf("/ answered %d", w.Code)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		AssetHandler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s answered %d", path, w.Code)
		}
	}
	if w := get(t, http.MethodPost, "/assets/x", ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST answered %d", w.Code)
	}
}

// A built asset is the same bytes plain and packed, and may be kept for ever.
func TestAssetHandler(t *testing.T) {
	if !Built() {
		t.Skip("assets are not built: go run ./web/ui/build")
	}
	for _, name := range []string{"khue.css", "public.js", "desk.js", "theme.js", "icon.svg", "htmx.js", "be-vietnam-pro-vietnamese-400-normal.woff2"} {
		plain, packed := get(t, http.MethodGet, Asset(name), ""), get(t, http.MethodGet, Asset(name), "br;q=1, gzip")
		if plain.Code != http.StatusOK || packed.Code != http.StatusOK {
			t.Fatalf("%s: %d, %d", name, plain.Code, packed.Code)
		}
		if !strings.Contains(plain.Header().Get("Cache-Control"), "immutable") || plain.Header().Get("Content-Type") == "application/octet-stream" {
			t.Errorf("%s: headers %v", name, plain.Header())
		}
		if packed.Header().Get("Content-Encoding") != "gzip" {
			if strings.HasSuffix(name, ".css") || strings.HasSuffix(name, ".js") && packed.Body.Len() > 1000 {
				t.Errorf("%s is not packed", name)
			}
			continue
		}
		r, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil || string(data) != plain.Body.String() {
			t.Errorf("%s: packed is another file (%v)", name, err)
		}
		if refused := get(t, http.MethodGet, Asset(name), "gzip;q=0"); refused.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: packed although refused", name)
		}
	}
}

// The weight of a first visit to a public page stays under face.md's budget: 190 KB with fonts, 20 KB of script.
func TestWeight(t *testing.T) {
	if !Built() {
		t.Skip("assets are not built: go run ./web/ui/build")
	}
	weigh := func(names ...string) (n int) {
		for _, name := range names {
			n += get(t, http.MethodGet, Asset(name), "gzip").Body.Len()
		}
		return n
	}
	fonts := []string{"newsreader-latin-wght-normal.woff2", "newsreader-vietnamese-wght-normal.woff2"}
	for _, weight := range []string{"400", "600"} {
		fonts = append(fonts, "be-vietnam-pro-latin-"+weight+"-normal.woff2", "be-vietnam-pro-vietnamese-"+weight+"-normal.woff2")
	}
	const pageBytes = 25 << 10 // face.md's own bound for a later page
	script := weigh("theme.js", "public.js")
	all := weigh(append(fonts, "khue.css", "icon.svg")...) + script + pageBytes
	t.Logf("script %d B, first visit %d B with a page of %d B", script, all, pageBytes)
	if script > 20<<10 || all > 190<<10 {
		t.Errorf("script %d B, first visit %d B", script, all)
	}
}
