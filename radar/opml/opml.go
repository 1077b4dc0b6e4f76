package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"

	"khue/radar/feed"
)

// Outline is one source of a list.
type Outline struct {
	Name     string
	Address  string // xmlUrl
	Page     string // htmlUrl
	Note     string // description
	Group    string // of the outlines around it: "Báo chí/Hà Nội"
	Category string // the first of category
	// What other programs do not know: kind of source, its settings in JSON, its level of trust, paused or not.
	Kind, Settings, Trust, State string
}

// Limits of a list.
const (
	MaxBytes    = 8 << 20
	MaxOutlines = 5000
	maxDepth    = 20
	maxValue    = 4000
)

// Why a list could not be read.
var (
	ErrNone = errors.New("opml: not OPML")
	ErrSize = errors.New("opml: too large")
)

// space is the name space of our own attributes.
const space = "https://khue.example/ns/opml"

// Parse reads a list. A file that breaks off gives what can be read of it and broken.
func Parse(data []byte) (list []Outline, broken bool, err error) {
	if len(data) > MaxBytes {
		return nil, false, ErrSize
	}
	text, _ := feed.Decode(data, "")
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(text)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var groups []string // of the open outlines, "" for a source
	known, body := false, false
	for {
		t, err := d.RawToken()
		if err != nil {
			if !known {
				return nil, false, ErrNone
			}
			return list, !errors.Is(err, io.EOF) || len(groups) > 0, nil
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch name := strings.ToLower(e.Name.Local); {
			case name == "opml":
				known = true
			case !known:
				return nil, false, ErrNone
			case name == "body":
				body = true
			case name == "outline" && body:
				if len(groups) >= maxDepth {
					return list, true, nil
				}
				o := read(e)
				if o.Address == "" {
					groups = append(groups, o.Name)
					continue
				}
				o.Group = path(groups)
				groups = append(groups, "")
				if len(list) >= MaxOutlines {
					return list, true, nil
				}
				list = append(list, o)
			}
		case xml.EndElement:
			if strings.EqualFold(e.Name.Local, "outline") && len(groups) > 0 {
				groups = groups[:len(groups)-1]
			}
		}
	}
}

func path(groups []string) string {
	var parts []string
	for _, g := range groups {
		if g != "" {
			parts = append(parts, strings.ReplaceAll(g, "/", "-"))
		}
	}
	return strings.Join(parts, "/")
}

func read(e xml.StartElement) Outline {
	var o Outline
	title := ""
	for _, a := range e.Attr {
		v := strings.TrimSpace(a.Value)
		if len(v) > maxValue {
			continue
		}
		own := a.Name.Space == "khue"
		switch name := strings.ToLower(a.Name.Local); {
		case own && name == "kind":
			o.Kind = v
		case own && name == "settings":
			o.Settings = v
		case own && name == "trust":
			o.Trust = v
		case own && name == "state":
			o.State = v
		case a.Name.Space != "":
		case name == "text":
			o.Name = one(v)
		case name == "title":
			title = one(v)
		case name == "xmlurl":
			o.Address = v
		case name == "htmlurl":
			o.Page = v
		case name == "description":
			o.Note = v
		case name == "category":
			first, _, _ := strings.Cut(v, ",")
			o.Category = strings.Trim(first, "/ ")
		}
	}
	if o.Name == "" {
		o.Name = title
	}
	return o
}

func one(s string) string { return strings.Join(strings.Fields(s), " ") }

// Write writes a list, grouped, in its order; title and made stand in its head.
func Write(w io.Writer, title string, made time.Time, list []Outline) error {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<opml version="2.0" xmlns:khue="` + space + "\">\n  <head>\n    <title>")
	escape(&b, title)
	b.WriteString("</title>\n    <dateCreated>" + made.UTC().Format(time.RFC1123Z) + "</dateCreated>\n  </head>\n  <body>\n")
	var open []string
	for _, o := range list {
		var want []string
		if o.Group != "" {
			want = strings.Split(o.Group, "/")
		}
		same := 0
		for same < len(open) && same < len(want) && open[same] == want[same] {
			same++
		}
		for len(open) > same {
			open = open[:len(open)-1]
			b.WriteString(indent(len(open)) + "</outline>\n")
		}
		for _, g := range want[same:] {
			b.WriteString(indent(len(open)) + `<outline text="`)
			escape(&b, g)
			b.WriteString("\">\n")
			open = append(open, g)
		}
		b.WriteString(indent(len(open)) + "<outline")
		// Other readers know "rss" alone and read whatever feed stands there.
		kind := o.Kind
		if kind == "" || kind == "feed" || kind == "youtube" {
			attribute(&b, "type", "rss")
		}
		for _, a := range [][2]string{
			{"text", o.Name},
			{"title", o.Name},
			{"xmlUrl", o.Address},
			{"htmlUrl", o.Page},
			{"description", o.Note},
			{"category", o.Category},
			{"khue:kind", o.Kind},
			{"khue:settings", o.Settings},
			{"khue:trust", o.Trust},
			{"khue:state", o.State},
		} {
			if a[1] != "" {
				attribute(&b, a[0], a[1])
			}
		}
		b.WriteString("/>\n")
	}
	for len(open) > 0 {
		open = open[:len(open)-1]
		b.WriteString(indent(len(open)) + "</outline>\n")
	}
	b.WriteString("  </body>\n</opml>\n")
	_, err := w.Write(b.Bytes())
	return err
}

func indent(n int) string { return strings.Repeat("  ", n+2) }

func attribute(b *bytes.Buffer, name, value string) {
	b.WriteString(" " + name + `="`)
	escape(b, value)
	b.WriteByte('"')
}

func escape(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a buffer takes everything
}
