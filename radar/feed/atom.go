package feed

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// inFeed reads an element of an Atom feed.
func (p *parser) inFeed(ns space, local []byte) (consumed bool, at place) {
	f := &p.feed
	if ns > atomNS {
		if ns == dc || ns == dcterms || ns == itunes {
			return p.moduleOfChannel(local), elsewhere
		}
		return false, elsewhere
	}
	switch string(local) {
	case "entry":
		p.startItem()
		return false, inEntry
	case "title":
		f.Title = p.constructTitle()
	case "subtitle", "tagline", "info":
		if v := p.construct(); f.Description == "" {
			f.Description = v
		}
	case "link":
		p.channelLink()
	case "updated", "modified":
		f.Updated = p.timeOf()
	case "published", "issued", "created":
		f.Published = p.timeOf()
	case "generator":
		f.Generator = p.text()
	case "rights", "copyright":
		f.Copyright = p.construct()
	case "logo":
		f.Image = p.address()
	case "icon":
		if v := p.address(); f.Image == "" {
			f.Image = v
		}
	case "author":
		return false, inAuthor
	default:
		return false, elsewhere
	}
	return true, 0
}

// inEntry reads an element of an Atom entry.
func (p *parser) inEntry(ns space, local []byte) (consumed bool, at place) {
	it := &p.item
	if ns > atomNS {
		return p.moduleOfEntry(ns, local)
	}
	switch string(local) {
	case "title":
		if v := p.constructTitle(); v != "" {
			it.Title = v
		}
	case "id":
		v := p.text()
		if p.base != nil {
			v = absolute(p.base, v)
		}
		p.extra.guid, p.extra.permalink = v, false
	case "link":
		p.entryLink(2)
	case "published":
		p.published(3)
	case "issued", "created":
		p.published(2)
	case "updated", "modified":
		p.updated()
	case "summary":
		it.Summary = p.construct()
	case "content":
		if v := p.construct(); it.Content == "" {
			it.Content = v
		}
	case "category":
		if v, ok := p.s.attr("term"); ok {
			it.Categories = append(it.Categories, p.string(v))
		}
		return false, elsewhere
	case "author":
		return false, inAuthor
	case "source":
		return false, inSource
	default:
		return false, elsewhere
	}
	return true, 0
}

func (p *parser) moduleOfEntry(ns space, local []byte) (consumed bool, at place) {
	switch ns {
	case dc, dcterms, itunes:
		return p.moduleOfItem(ns, local), elsewhere
	case content:
		if string(local) == "encoded" {
			if v := p.html(); p.item.Content == "" {
				p.item.Content = v
			}
			return true, 0
		}
	case media:
		return p.mediaOfItem(local)
	case core, atomNS, rdfNS, xhtml, xmlNS, other:
	}
	return false, elsewhere
}

// inSource reads the feed that an entry was taken over from: its title alone.
func (p *parser) inSource(ns space, local []byte) bool {
	if ns <= atomNS && string(local) == "title" {
		p.item.Source = p.constructTitle()
		return true
	}
	return false
}

// inPerson reads a name; an e-mail address stands in where there is none.
func (p *parser) inPerson(ns space, local []byte) bool {
	if ns > atomNS {
		return false
	}
	rank := 0
	switch string(local) {
	case "name":
		rank = 5
	case "email":
		rank = 1
	default:
		return false
	}
	v := p.text()
	if v == "" {
		return true
	}
	if p.has {
		if rank > p.extra.author {
			p.item.Author, p.extra.author = v, rank
		}
	} else if rank > p.rank {
		p.feed.Author, p.rank = v, rank
	}
	return true
}

// entryLink reads an Atom link of an entry, or of an RSS item at a lower rank than its <link>.
func (p *parser) entryLink(rank int) {
	var href, rel, kind, length []byte
	a := attrs{rest: p.s.attrs}
	for a.next() {
		switch {
		case equalFold(a.name, "href"):
			href = a.value
		case equalFold(a.name, "rel"):
			rel = a.value
		case equalFold(a.name, "type"):
			kind = a.value
		case equalFold(a.name, "length"):
			length = a.value
		}
	}
	address := p.resolveURL([]byte(p.string(href)))
	if v := p.address(); address == "" {
		address = v
	}
	if address == "" {
		return
	}
	switch string(rel) {
	case "", "alternate":
		if p.extra.link < rank {
			p.item.URL, p.extra.link = address, rank
		}
	case "enclosure":
		if safe(address) != "" {
			e := Enclosure{URL: address, Type: p.string(kind), Length: p.string(length)}
			p.item.Enclosures = append(p.item.Enclosures, e)
			if p.item.Image == "" && strings.HasPrefix(e.Type, "image/") {
				p.item.Image = address
			}
		}
	case "replies":
		p.item.Comments = address
	}
}

// form is how Atom writes a text.
type form uint8

const (
	formText form = iota
	formHTML
	formXHTML
	formBase64
)

// constructForm reads type and mode (Atom 0.3) of the current tag.
func (p *parser) constructForm() form {
	kind, _ := p.s.attr("type")
	mode, _ := p.s.attr("mode")
	kind = trimSpace(kind)
	switch {
	case equalFold(mode, "base64"):
		return formBase64
	case equalFold(mode, "escaped"):
		if len(kind) == 0 || bytes.Contains(kind, []byte("plain")) {
			return formText
		}
		return formHTML
	case equalFold(kind, "xhtml"):
		return formXHTML
	case equalFold(kind, "html"), equalFold(kind, "text/html"), equalFold(kind, "application/xhtml+xml"):
		return formHTML
	case bytes.IndexByte(kind, '/') > 0 && !bytes.HasPrefix(kind, []byte("text/")) && !bytes.Contains(kind, []byte("xml")):
		return formBase64 // RFC 4287, 4.1.3.3: any other media type
	}
	return formText
}

// construct takes an Atom text to its end: HTML, or the text itself for type="text". An inner <div> of xhtml is taken off.
func (p *parser) construct() string {
	v, _ := p.constructValue()
	return v
}

func (p *parser) constructValue() (string, form) {
	how := p.constructForm()
	raw, markup := p.value()
	if how == formBase64 {
		return p.fromBase64(raw), formHTML
	}
	if markup {
		if how == formXHTML {
			raw = withoutDiv(raw)
		}
		return p.resolveHTML(string(raw)), formXHTML
	}
	if how == formHTML {
		return p.resolveHTML(undouble(string(raw))), how
	}
	return string(raw), how
}

// constructTitle takes an Atom text as plain text.
func (p *parser) constructTitle() string {
	v, how := p.constructValue()
	if how == formText {
		return spaces(clean(v))
	}
	return Plain(v)
}

func (p *parser) fromBase64(raw []byte) string {
	compact := bytes.Join(bytes.Fields(raw), nil)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(compact)))
	n, err := base64.StdEncoding.Decode(out, compact)
	if err != nil {
		return string(raw)
	}
	return p.resolveHTML(string(valid(trimSpace(out[:n]))))
}

// withoutDiv takes off the <div> that Atom wraps around xhtml.
func withoutDiv(b []byte) []byte {
	if len(b) < 11 || !equalFold(b[:4], "<div") || !equalFold(b[len(b)-6:], "</div>") {
		return b
	}
	end := tagEnd(b, 4)
	if end >= len(b)-6 {
		return b
	}
	inner := b[end+1 : len(b)-6]
	if bytes.Contains(inner, []byte("</div>")) && bytes.Index(inner, []byte("</div>")) < bytes.Index(inner, []byte("<div")) {
		return b // two of them side by side
	}
	return trimSpace(inner)
}
