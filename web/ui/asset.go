package ui

import (
	"embed"
	"encoding/json"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// The build (web/ui/build) writes dist; a bare clone has dist/.keep only and still compiles.
//
//go:embed all:dist
var dist embed.FS

// AssetPrefix is where AssetHandler is to be mounted.
const AssetPrefix = "/assets/"

// manifest gives the hashed file name of each asset's plain name ("khue.css"). Before the build has run it is empty.
var manifest = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	data, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		return names
	}
	if err := json.Unmarshal(data, &names); err != nil {
		return map[string]string{}
	}
	return names
})

// Asset gives the public path of an asset by its plain name: Asset("khue.css") is
// "/assets/khue-ABC123.css". A name that was not built keeps its plain form, which answers 404.
func Asset(name string) string {
	if hashed, ok := manifest()[name]; ok {
		return AssetPrefix + hashed
	}
	return AssetPrefix + name
}

// AssetData gives an asset's bytes by its plain name, for what is drawn on the server; nil when it was not built.
func AssetData(name string) []byte {
	data, err := dist.ReadFile("dist/" + manifest()[name])
	if err != nil {
		return nil
	}
	return data
}

// Built says whether the assets have been built into this binary.
func Built() bool { return len(manifest()) > 0 }

// AssetHandler serves the assets under AssetPrefix. Names carry a hash of the content, so
// every answer may be kept for a year; the .gz beside a file is sent to who takes it.
func AssetHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		name, ok := strings.CutPrefix(r.URL.Path, AssetPrefix)
		if !ok || name == "" || strings.ContainsAny(name, "/\\") || name[0] == '.' || strings.HasSuffix(name, ".gz") || name == "manifest.json" {
			http.NotFound(w, r)
			return
		}
		data, err := dist.ReadFile("dist/" + name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType(name))
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			if small, err := dist.ReadFile("dist/" + name + ".gz"); err == nil {
				h.Set("Content-Encoding", "gzip")
				data = small
			}
		}
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(data)
	})
}

// takesGzip reads an Accept-Encoding header (RFC 9110, 12.5.3): gzip is named and not refused by q=0.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".svg":
		return "image/svg+xml"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
