package feed

import (
	"bytes"
	"net/url"
	"strings"
	"sync"
)

// place is where in a feed the parser stands: what an element means depends on its parent.
type place uint8

const (
	nowhere    place = iota // before the root
	elsewhere               // in an element whose content is not read
	inRSS                   // <rss>, <rdf:RDF>: the parent of the channel
	inChannel               // channel of RSS, RDF, CDF
	inItem                  // item of these
	inFeed                  // Atom
	inEntry                 // Atom
	inAuthor                // a person of a feed or entry
	inImage                 // the channel's image: its title and link are not the channel's
	inMedia                 // media:group, media:content of an item
	inSource                // atom:source of an entry
	throughout              // an element without meaning of its own, whose children belong to its parent (RDF's "items")
)

// open is an element that has not ended.
type open struct {
	name  []byte
	at    place
	bound int      // prefixes declared before it
	base  *url.URL // what held outside of it
	lang  string
}

// parser reads one document. Every field belongs to the goroutine that called Parse.
type parser struct {
	s     scanner
	opt   Options
	feed  Feed
	item  Item // being read
	extra extra
	has   bool // item holds something that is not yet in feed.Items
	stack []open
	bound []binding
	base  *url.URL
	lang  string
	lower []byte
	buf   []byte
	buf2  []byte
	rank  int // how good the channel's author is

	scratch *scratch
}

// extra is what decides at the end of an item.
type extra struct {
	guid      string
	permalink bool
	author    int    // rank of where the author came from; a higher one replaces
	link      int    // rank of where the address came from
	dated     int    // rank of where the publishing time came from
	fallback  string // a description of second choice
}

// scratch is memory that one reading leaves to the next: a newspaper's feed is read in the time that allocating it would take.
type scratch struct {
	stack     []open
	bound     []binding
	buf, buf2 []byte
	lower     []byte
}

// maxScratch is how large a buffer may be that is kept.
const maxScratch = 1 << 20

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func newParser(text []byte, opt Options) *parser {
	m := scratches.Get().(*scratch) //nolint:forcetypeassert // the pool holds nothing else
	return &parser{
		s: scanner{b: text}, opt: opt, base: opt.base(), scratch: m,
		stack: m.stack[:0], bound: m.bound[:0], buf: m.buf[:0], buf2: m.buf2[:0], lower: m.lower[:0],
	}
}

// release gives the buffers back; the parser is not used afterwards, its feed is.
func (p *parser) release() {
	m := p.scratch
	if cap(p.buf)+cap(p.buf2) > maxScratch {
		return
	}
	clear(p.stack[:cap(p.stack)])
	clear(p.bound[:cap(p.bound)])
	*m = scratch{stack: p.stack, bound: p.bound, buf: p.buf, buf2: p.buf2, lower: p.lower}
	scratches.Put(m)
}

// where gives the place of the innermost open element that has a meaning.
func (p *parser) where() place {
	if len(p.stack) == 0 {
		return nowhere
	}
	return p.stack[len(p.stack)-1].at
}

// run reads the whole document. The error says why there is no feed; a broken feed is none.
func (p *parser) run() error {
	for {
		switch p.s.next() {
		case tokEnd:
			return p.verdict()
		case tokOpen:
			if !p.opened() {
				return p.verdict()
			}
		case tokClose:
			p.closed(p.s.name)
		}
	}
}

// verdict says what a document without a feed is.
func (p *parser) verdict() error {
	if p.feed.Kind != "" {
		return nil
	}
	if looksHTML(p.s.b) {
		return ErrHTML
	}
	if !bytes.Contains(p.s.b, []byte("<")) {
		return ErrNoFeed
	}
	probe := scanner{b: p.s.b}
	for {
		switch probe.next() {
		case tokEnd:
			return ErrEmpty // comments and declarations alone
		case tokOpen:
			return ErrNoFeed
		}
	}
}

// looksHTML says whether bytes are a web page: what a newspaper answers when a feed has gone.
func looksHTML(b []byte) bool {
	head := bytes.ToLower(b[:min(len(b), 4096)])
	return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")) ||
		bytes.Contains(head, []byte("<head")) || bytes.Contains(head, []byte("<body"))
}

// opened handles a start tag; false ends the reading because a limit was reached.
func (p *parser) opened() bool {
	mark := len(p.bound)
	base, lang := p.base, p.lang
	if len(p.s.attrs) > 0 {
		if bytes.Contains(p.s.attrs, []byte("xmlns:")) {
			p.bind()
		}
		if bytes.Contains(p.s.attrs, []byte("xml:")) {
			p.inherit()
		}
	}
	name := p.s.name
	ns, local := p.resolve(name)
	consumed, at := false, elsewhere
	switch p.where() {
	case nowhere:
		at = p.root(ns, local)
	case inRSS:
		at = p.inRSS(ns, local)
	case inChannel:
		consumed, at = p.inChannel(ns, local)
	case inItem:
		if ns == core && (string(local) == "item" || string(local) == "channel") { // the one before was never closed
			p.unwind(inItem)
			return p.opened()
		}
		consumed, at = p.inItem(ns, local)
	case inFeed:
		consumed, at = p.inFeed(ns, local)
	case inEntry:
		if ns <= atomNS && string(local) == "entry" {
			p.unwind(inEntry)
			return p.opened()
		}
		consumed, at = p.inEntry(ns, local)
	case inAuthor:
		consumed = p.inPerson(ns, local)
	case inImage:
		consumed = p.inImage(local)
	case inMedia:
		at = p.inMedia(ns, local)
	case inSource:
		consumed = p.inSource(ns, local)
	case elsewhere:
		if rescue, ok := p.rescue(ns, local); ok {
			at = rescue
		}
	}
	if p.full() {
		return false
	}
	if consumed || p.s.empty && !consumed {
		if !consumed {
			p.left(at)
		}
		p.bound = p.bound[:mark]
		p.base, p.lang = base, lang
		return true
	}
	if len(p.stack) >= p.opt.MaxDepth {
		p.feed.Truncated = true
		return false
	}
	p.stack = append(p.stack, open{name: name, at: at, bound: mark, base: base, lang: lang})
	return true
}

// full says that the feed has as many items as it may.
func (p *parser) full() bool {
	if len(p.feed.Items) < p.opt.MaxItems {
		return false
	}
	p.feed.Truncated = true
	p.has = false
	return true
}

// inherit takes xml:base and xml:lang of the current tag.
func (p *parser) inherit() {
	if v, ok := p.s.attr("xml:base"); ok {
		p.base = p.rebase(p.string(v))
	}
	if v, ok := p.s.attr("xml:lang"); ok {
		p.lang = strings.ReplaceAll(strings.TrimSpace(p.string(v)), "_", "-")
	}
}

// rebase gives the base that a declared one means.
func (p *parser) rebase(s string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return p.base
	}
	if p.base != nil {
		u = p.base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return p.base
	}
	return u
}

// closed handles an end tag: it ends the innermost element of that name and all that was left open within; one without a start is nothing.
func (p *parser) closed(name []byte) {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if bytes.EqualFold(p.stack[i].name, name) {
			for len(p.stack) > i {
				p.pop()
			}
			return
		}
	}
}

// unwind ends elements up to and with the innermost one at a place.
func (p *parser) unwind(at place) {
	for len(p.stack) > 0 {
		was := p.where()
		p.pop()
		if was == at {
			return
		}
	}
}

func (p *parser) pop() {
	o := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	p.bound = p.bound[:o.bound]
	p.left(o.at)
	p.base, p.lang = o.base, o.lang
}

// left is called when an element ends.
func (p *parser) left(at place) {
	if at == inItem || at == inEntry {
		p.endItem()
	}
}

// root decides what the document is by its first element.
func (p *parser) root(ns space, local []byte) place {
	switch string(local) {
	case "rss", "rss2", "backslash":
		p.feed.Kind = RSS
		if v, ok := p.s.attr("version"); ok {
			p.feed.Version = strings.TrimSpace(p.string(v))
		}
		return inRSS
	case "rdf":
		p.feed.Kind = RDF
		p.feed.Version = "1.0"
		return inRSS
	case "feed":
		p.feed.Kind = Atom
		p.feed.Version = "1.0"
		if v, ok := p.s.attr("version"); ok {
			p.feed.Version = strings.TrimSpace(p.string(v))
		} else if bytes.Contains(p.s.attrs, []byte("purl.org/atom/")) {
			p.feed.Version = "0.3"
		}
		p.feed.Lang = p.lang
		return inFeed
	case "entry":
		if ns <= atomNS { // Atom lets an entry stand alone
			p.feed.Kind = Atom
			p.startItem()
			return inEntry
		}
	case "channel":
		p.feed.Kind = RSS
		_, hasHref := p.s.attr("href")
		_, hasBase := p.s.attr("base")
		if hasHref || hasBase || string(p.s.name) == "CHANNEL" {
			p.feed.Kind = CDF
		}
		p.channelAttrs()
		return inChannel
	case "item":
		p.feed.Kind = RSS
		p.startItem()
		return inItem
	}
	return elsewhere
}

// rescue finds the root of a feed that is wrapped in something else: a banner, a proxy's page.
func (p *parser) rescue(ns space, local []byte) (place, bool) {
	if p.feed.Kind != "" {
		return elsewhere, false
	}
	switch string(local) {
	case "rss", "rdf", "feed":
		return p.root(ns, local), true
	}
	return elsewhere, false
}

// startItem begins an item or entry.
func (p *parser) startItem() {
	p.item = Item{Lang: p.lang}
	p.extra = extra{permalink: true}
	p.has = true
}

// endItem puts a finished item away; one that says nothing at all is dropped.
func (p *parser) endItem() {
	if !p.has {
		return
	}
	p.has = false
	it := &p.item
	if it.URL == "" && p.extra.permalink && isWeb(p.extra.guid) {
		it.URL = p.extra.guid
	}
	if it.Summary == "" {
		it.Summary = p.extra.fallback
	}
	it.ID = p.extra.guid
	if p.feed.Items == nil {
		p.feed.Items = make([]Item, 0, min(1+len(p.s.b)/2000, 64, p.opt.MaxItems))
	}
	p.feed.Items = append(p.feed.Items, *it)
}

// finish ends what the document left open and completes items by what the whole feed says.
func (p *parser) finish() {
	for len(p.stack) > 0 {
		p.pop()
	}
	p.endItem()
	f := &p.feed
	base := p.opt.base()
	if base == nil {
		base, _ = url.Parse(f.Link)
	}
	if base != nil && base.IsAbs() {
		f.Link = absolute(base, f.Link)
		f.Image = absolute(base, f.Image)
	}
	for i := range f.Items {
		it := &f.Items[i]
		if base != nil && base.IsAbs() {
			it.URL = absolute(base, it.URL)
			it.Image = absolute(base, it.Image)
		}
		it.URL = safe(it.URL)
		if it.Lang == "" {
			it.Lang = f.Lang
		}
		if it.ID == "" {
			it.ID = it.identity()
		}
	}
	f.Link = safe(f.Link)
}
