package syndicate_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"khue/catalogue"
	"khue/web/syndicate"
	"khue/web/ui"
)

var update = flag.Bool("update", false, "write the golden files anew")

const hostile = `"Nước" & <b>điện</b> ]]> ` + "\x01"

func feed(l catalogue.Lang) syndicate.Feed {
	at := time.Date(2026, 11, 9, 8, 5, 0, 0, ui.Zone)
	return syndicate.Feed{
		Lang: l, Origin: "https://khue.example", Demo: true, Name: "Tin thử", About: "Các tin dựng lên để thử.", Home: "/tin", Path: "/tin/feed",
		Items: []syndicate.Item{
			{
				ID: "https://khue.example/tin/2", Path: "/tin/2", Lang: "vi", Title: hostile, Summary: hostile, HTML: `<p>Xem <a href="/tin/1">tin trước</a><img src="/tranh.png"></p>`,
				Tag: "false", TagName: "Tin sai", Published: at.Add(time.Hour), Updated: at.Add(2 * time.Hour),
			},
			{
				ID: "urn:uuid:0199", Path: "/tin/1", Lang: "en", Title: "A tree fell", HTML: "<p>One street.</p>", Author: "Sở Thử", Published: at, Updated: at,
			},
			{
				ID: "urn:uuid:0198", Path: "/tin/0", Lang: "vi", Title: "Tin đã thu hồi", Summary: "Nhầm phường.", HTML: "<p>Nhầm phường.</p>", Tag: "note", TagName: "Thông tin",
				Published: at.Add(-time.Hour), Updated: at.Add(3 * time.Hour), Withdrawn: true, Reason: "Nhầm phường.",
			},
		},
	}
}

func written(t *testing.T, f syndicate.Feed, format syndicate.Format) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := f.Write(w, format); err != nil {
		t.Fatal(err)
	}
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, format.Kind()) {
		t.Errorf("%s is served as %q", format, kind)
	}
	return w.Body.String()
}

// TestFormats holds each format against its golden file; -update writes them anew.
func TestFormats(t *testing.T) {
	for _, format := range []syndicate.Format{syndicate.Atom, syndicate.RSS, syndicate.JSON} {
		for _, l := range []catalogue.Lang{catalogue.VI, catalogue.EN} {
			got := written(t, feed(l), format)
			file := filepath.Join("testdata", "feed."+string(l)+"."+string(format))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs:\n%s", file, got)
			}
		}
	}
}

// wellFormed reads a document to its end.
func wellFormed(t *testing.T, s string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(s)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, s)
		}
	}
}

func TestAtom(t *testing.T) {
	s := written(t, feed(catalogue.VI), syndicate.Atom)
	wellFormed(t, s)
	var f struct {
		ID      string    `xml:"http://www.w3.org/2005/Atom id"`
		Updated time.Time `xml:"updated"`
		Entries []struct {
			ID      string    `xml:"id"`
			Title   string    `xml:"title"`
			Updated time.Time `xml:"updated"`
			Author  []string  `xml:"author>name"`
			Content string    `xml:"content"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
		Gone []struct {
			Ref     string    `xml:"ref,attr"`
			When    time.Time `xml:"when,attr"`
			Comment string    `xml:"comment"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	}
	if err := xml.Unmarshal([]byte(s), &f); err != nil {
		t.Fatal(err)
	}
	if f.ID != "https://khue.example/tin/feed.atom" || !f.Updated.Equal(feed(catalogue.VI).Items[2].Updated) || len(f.Entries) != 2 || len(f.Gone) != 1 {
		t.Fatalf("%+v", f)
	}
	if e := f.Entries[0]; e.Title != strings.ReplaceAll(hostile, "\x01", "\uFFFD") || len(e.Author) != 0 ||
		e.Content != `<p>Xem <a href="https://khue.example/tin/1">tin trước</a><img src="https://khue.example/tranh.png"></p>` {
		t.Errorf("%+v", e)
	}
	if g := f.Gone[0]; g.Ref != "urn:uuid:0198" || g.Comment != "Nhầm phường." || g.When.IsZero() || strings.Contains(s, "Tin đã thu hồi") {
		t.Errorf("%+v", g)
	}
}

func TestRSS(t *testing.T) {
	s := written(t, feed(catalogue.EN), syndicate.RSS)
	wellFormed(t, s)
	var f struct {
		Language string `xml:"channel>language"`
		Items    []struct {
			Link, GUID string
			Date       string `xml:"pubDate"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(strings.NewReplacer("<guid", "<GUID", "</guid", "</GUID", "<link", "<Link", "</link", "</Link").Replace(s)), &f); err != nil {
		t.Fatal(err)
	}
	if f.Language != "en" || len(f.Items) != 3 || f.Items[0].Link != "https://khue.example/en/tin/2" || f.Items[2].GUID != "urn:uuid:0198#withdrawn" {
		t.Fatalf("%+v", f)
	}
	for _, i := range f.Items {
		if _, err := time.Parse(time.RFC1123Z, i.Date); err != nil {
			t.Error(err)
		}
	}
}

func TestJSON(t *testing.T) {
	var f struct {
		Version string
		Items   []struct {
			ID   string
			Khue *struct{ Withdrawn bool } `json:"_khue"`
		}
	}
	if err := json.Unmarshal([]byte(written(t, feed(catalogue.VI), syndicate.JSON)), &f); err != nil {
		t.Fatal(err)
	}
	if f.Version != "https://jsonfeed.org/version/1.1" || len(f.Items) != 3 || f.Items[0].Khue != nil || f.Items[2].Khue == nil || !f.Items[2].Khue.Withdrawn {
		t.Fatalf("%+v", f)
	}
}

// TestDemoSaysSo: a reader of feeds shows a title far from our pages.
func TestDemoSaysSo(t *testing.T) {
	for _, format := range []syndicate.Format{syndicate.Atom, syndicate.RSS, syndicate.JSON} {
		f := feed(catalogue.VI)
		if s := written(t, f, format); !strings.Contains(s, "[Minh họa, không có thật] Tin thử · ") {
			t.Errorf("%s: the title of a demonstration's feed does not say so:\n%s", format, s)
		}
		f.Demo = false
		if s := written(t, f, format); strings.Contains(s, "inh họa") {
			t.Errorf("%s: a real house's feed says that it is made up", format)
		}
	}
}

// TestEmpty: the formats want a moment of the last change even where there is none.
func TestEmpty(t *testing.T) {
	f := syndicate.Feed{Lang: catalogue.VI, Origin: "https://khue.example", Home: "/", Path: "/feed"}
	s := written(t, f, syndicate.Atom)
	wellFormed(t, s)
	if !strings.Contains(s, "<updated>1970-01-01T") {
		t.Error(s)
	}
	if s := written(t, f, syndicate.JSON); !strings.Contains(s, `"items":[]`) {
		t.Error(s)
	}
}

func TestLinks(t *testing.T) {
	var b strings.Builder
	if err := syndicate.Links(catalogue.EN, `A "list"`, "/tin/feed.atom", "/tin/feed.json").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	want := `<link rel="alternate" type="application/atom+xml" title="A &#34;list&#34; (Atom)" href="/en/tin/feed.atom"/>` +
		`<link rel="alternate" type="application/feed+json" title="A &#34;list&#34; (JSON Feed)" href="/en/tin/feed.json"/>`
	if b.String() != want {
		t.Error(b.String())
	}
}
