package feed

import (
	"strconv"
	"strings"
	"time"
)

// inRSS reads below <rss> and <rdf:RDF>: RDF has its items beside the channel.
func (p *parser) inRSS(ns space, local []byte) place {
	if ns != core && ns != rdfNS {
		return elsewhere
	}
	switch string(local) {
	case "channel":
		p.channelAttrs()
		return inChannel
	case "item":
		p.beginItem()
		return inItem
	case "image", "textinput", "textInput":
		return inImage
	}
	return elsewhere
}

// channelAttrs takes what CDF writes as attributes, and the language.
func (p *parser) channelAttrs() {
	if p.feed.Lang == "" {
		p.feed.Lang = p.lang
	}
	a := attrs{rest: p.s.attrs}
	for a.next() {
		switch {
		case equalFold(a.name, "href"):
			p.feed.Link = p.resolveURL([]byte(p.string(a.value)))
		case equalFold(a.name, "base"):
			p.base = p.rebase(p.string(a.value))
		case equalFold(a.name, "lastmod"):
			p.feed.Updated = p.time(p.string(a.value))
		}
	}
}

// beginItem starts an item with what RDF and CDF write as attributes.
func (p *parser) beginItem() {
	p.startItem()
	a := attrs{rest: p.s.attrs}
	for a.next() {
		switch {
		case equalFold(a.name, "rdf:about"):
			p.extra.guid = strings.TrimSpace(p.string(a.value))
		case equalFold(a.name, "href"):
			p.item.URL = p.resolveURL([]byte(p.string(a.value)))
		case equalFold(a.name, "lastmod"):
			p.item.When = strings.TrimSpace(p.string(a.value))
			p.item.Updated = p.time(p.item.When)
		}
	}
}

// inChannel reads an element of a channel.
func (p *parser) inChannel(ns space, local []byte) (consumed bool, at place) {
	f := &p.feed
	switch ns {
	case core:
		return p.coreOfChannel(local)
	case atomNS:
		if string(local) == "link" {
			p.channelLink()
			return true, 0
		}
		if string(local) == "updated" {
			f.Updated = p.timeOf()
			return true, 0
		}
		if string(local) == "author" {
			return false, inAuthor
		}
	case dc, dcterms, itunes:
		return p.moduleOfChannel(local), elsewhere
	case media:
		if v, ok := p.s.attr("url"); ok && f.Image == "" && string(local) == "thumbnail" {
			f.Image = p.resolveURL([]byte(p.string(v)))
		}
	case rdfNS, content, xhtml, xmlNS, other:
	}
	return false, elsewhere
}

func (p *parser) coreOfChannel(local []byte) (consumed bool, at place) {
	f := &p.feed
	switch string(local) {
	case "item":
		p.beginItem()
		return false, inItem
	case "channel": // CDF has channels in channels
		return false, inChannel
	case "title":
		f.Title = p.title()
	case "link":
		if v := p.address(); v != "" && f.Link == "" {
			f.Link = v
		} else if href, ok := p.s.attr("href"); ok && f.Link == "" {
			f.Link = p.resolveURL([]byte(p.string(href)))
		}
	case "description", "abstract", "tagline", "subtitle", "info":
		if v := p.html(); f.Description == "" {
			f.Description = v
		}
	case "language":
		f.Lang = p.text()
	case "pubdate":
		f.Published = p.timeOf()
	case "lastbuilddate":
		f.Updated = p.timeOf()
	case "generator":
		f.Generator = p.text()
	case "copyright", "rights":
		f.Copyright = p.text()
	case "managingeditor":
		p.channelAuthor(4)
	case "webmaster":
		p.channelAuthor(3)
	case "ttl":
		if n, err := strconv.Atoi(p.text()); err == nil && n > 0 && n < 1<<20 {
			f.TTL = time.Duration(n) * time.Minute
		}
	case "image", "textinput", "logo":
		if string(local) == "logo" {
			return false, elsewhere
		}
		return false, inImage
	default:
		return false, elsewhere
	}
	return true, 0
}

func (p *parser) moduleOfChannel(local []byte) bool {
	f := &p.feed
	switch string(local) {
	case "title":
		if v := p.title(); f.Title == "" {
			f.Title = v
		}
	case "date", "modified":
		if t := p.timeOf(); f.Updated.IsZero() {
			f.Updated = t
		}
	case "created", "issued":
		if t := p.timeOf(); f.Published.IsZero() {
			f.Published = t
		}
	case "language":
		if v := p.text(); f.Lang == "" {
			f.Lang = v
		}
	case "rights":
		if v := p.text(); f.Copyright == "" {
			f.Copyright = v
		}
	case "description", "summary", "subtitle":
		if v := p.html(); f.Description == "" {
			f.Description = v
		}
	case "creator":
		p.channelAuthor(2)
	case "author":
		p.channelAuthor(1)
	case "image":
		if v, ok := p.s.attr("href"); ok && f.Image == "" {
			f.Image = p.resolveURL([]byte(p.string(v)))
		}
		return false
	default:
		return false
	}
	return true
}

func (p *parser) channelAuthor(rank int) {
	if v := person(p.text()); v != "" && rank > p.rank {
		p.feed.Author, p.rank = v, rank
	}
}

// channelLink reads atom:link of a channel.
func (p *parser) channelLink() {
	href, ok := p.s.attr("href")
	if !ok {
		p.value()
		return
	}
	address := p.resolveURL([]byte(p.string(href)))
	rel, _ := p.s.attr("rel")
	p.value()
	switch string(rel) {
	case "self":
		p.feed.Self = address
	case "hub":
		p.feed.Hub = address
	case "", "alternate":
		if p.feed.Link == "" {
			p.feed.Link = address
		}
	}
}

// inImage reads the channel's image: only its address is wanted.
func (p *parser) inImage(local []byte) bool {
	if string(local) != "url" {
		return false
	}
	if len(p.stack) > 0 && equalFold(p.stack[len(p.stack)-1].name, "image") {
		p.feed.Image = p.address()
		return true
	}
	return false
}

// inItem reads an element of an item.
func (p *parser) inItem(ns space, local []byte) (consumed bool, at place) {
	switch ns {
	case core:
		return p.coreOfItem(local)
	case atomNS:
		return p.atomOfItem(local)
	case dc, dcterms, itunes:
		return p.moduleOfItem(ns, local), elsewhere
	case content:
		if string(local) == "encoded" || string(local) == "items" {
			p.item.Content = p.html()
			return true, 0
		}
	case xhtml:
		if string(local) == "body" || string(local) == "div" {
			v, _ := p.value()
			if p.item.Content == "" {
				p.item.Content = p.resolveHTML(string(v))
			}
			return true, 0
		}
	case media:
		return p.mediaOfItem(local)
	case rdfNS, xmlNS, other:
	}
	return false, elsewhere
}

func (p *parser) coreOfItem(local []byte) (consumed bool, at place) {
	it := &p.item
	switch string(local) {
	case "title":
		if v := p.title(); it.Title == "" {
			it.Title = v
		}
	case "link":
		p.itemLink()
	case "guid":
		if v, ok := p.s.attr("ispermalink"); ok && equalFold(trimSpace(v), "false") {
			p.extra.permalink = false
		}
		v := p.text()
		if p.extra.permalink && !isWeb(v) && p.base != nil && strings.HasPrefix(v, "/") {
			v = absolute(p.base, v)
		}
		p.extra.guid = v
	case "description", "abstract", "summary":
		if v := p.html(); it.Summary == "" {
			it.Summary = v
		}
	case "pubdate", "date":
		p.published(3)
	case "lastmod":
		p.updated()
	case "author":
		p.itemAuthor(4)
	case "category":
		p.category()
	case "enclosure":
		p.enclosure()
	case "comments":
		it.Comments = p.address()
	case "source":
		it.Source = p.title()
	case "body", "fullitem", "content":
		v := p.html()
		if it.Content == "" {
			it.Content = v
		}
	default: // image and textinput of an item have titles and links that are not the item's
		return false, elsewhere
	}
	return true, 0
}

// itemLink reads <link>, also Atom's with href where somebody mixed them up.
func (p *parser) itemLink() {
	href, ok := p.s.attr("href")
	var fromAttr string
	if ok {
		fromAttr = p.resolveURL([]byte(p.string(href)))
	}
	v := p.address()
	if v == "" {
		v = fromAttr
	}
	if v != "" { // of several the last one, as other readers do
		p.item.URL, p.extra.link = v, 2
	}
}

// atomOfItem reads Atom's elements within RSS.
func (p *parser) atomOfItem(local []byte) (consumed bool, at place) {
	it := &p.item
	switch string(local) {
	case "link":
		p.entryLink(1)
		return true, 0
	case "updated", "modified":
		p.updated()
		return true, 0
	case "published", "issued", "created":
		p.published(1)
		return true, 0
	case "summary":
		if v := p.construct(); p.extra.fallback == "" {
			p.extra.fallback = v
		}
		return true, 0
	case "content":
		if v := p.construct(); it.Content == "" {
			it.Content = v
		}
		return true, 0
	case "author":
		return false, inAuthor
	case "category":
		if v, ok := p.s.attr("term"); ok {
			it.Categories = append(it.Categories, p.string(v))
		}
	}
	return false, elsewhere
}

// moduleOfItem reads Dublin Core and iTunes.
func (p *parser) moduleOfItem(ns space, local []byte) bool {
	it := &p.item
	switch string(local) {
	case "title":
		if v := p.title(); it.Title == "" {
			it.Title = v
		}
	case "creator":
		p.itemAuthor(2)
	case "author":
		p.itemAuthor(1 + 2*b2i(ns != itunes))
	case "date":
		p.published(2)
	case "created", "issued":
		p.published(1)
	case "modified":
		p.updated()
	case "description", "summary":
		if v := p.html(); p.extra.fallback == "" || ns != itunes {
			p.extra.fallback = v
		}
	case "identifier":
		if v := p.text(); p.extra.guid == "" {
			p.extra.guid, p.extra.permalink = v, false
		}
	case "subject":
		p.category()
	case "language":
		it.Lang = p.text()
	case "image":
		if v, ok := p.s.attr("href"); ok {
			it.Image = p.resolveURL([]byte(p.string(v)))
		}
		return false
	default:
		return false
	}
	return true
}

// mediaOfItem reads Media RSS for the picture alone.
func (p *parser) mediaOfItem(local []byte) (consumed bool, at place) {
	switch string(local) {
	case "group":
		return false, inMedia
	case "content", "thumbnail":
		p.picture(string(local) == "thumbnail")
		return false, inMedia
	case "description":
		if v := p.html(); p.extra.fallback == "" {
			p.extra.fallback = v
		}
		return true, 0
	}
	return false, elsewhere
}

func (p *parser) inMedia(ns space, local []byte) place {
	if ns == media && (string(local) == "content" || string(local) == "thumbnail") {
		p.picture(string(local) == "thumbnail")
		return inMedia
	}
	return elsewhere
}

// picture takes the address of a media element that is an image.
func (p *parser) picture(sure bool) {
	if p.item.Image != "" {
		return
	}
	kind, _ := p.s.attr("type")
	medium, _ := p.s.attr("medium")
	if sure || equalFold(medium, "image") || len(kind) > 6 && equalFold(kind[:6], "image/") {
		if v, ok := p.s.attr("url"); ok {
			p.item.Image = p.resolveURL([]byte(p.string(v)))
		}
	}
}

func (p *parser) enclosure() {
	var e Enclosure
	a := attrs{rest: p.s.attrs}
	for a.next() {
		switch {
		case equalFold(a.name, "url"):
			e.URL = p.resolveURL([]byte(p.string(a.value)))
		case equalFold(a.name, "type"):
			e.Type = p.string(a.value)
		case equalFold(a.name, "length"):
			e.Length = p.string(a.value)
		}
	}
	p.value()
	if safe(e.URL) == "" {
		return
	}
	p.item.Enclosures = append(p.item.Enclosures, e)
	if p.item.Image == "" && strings.HasPrefix(e.Type, "image/") {
		p.item.Image = e.URL
	}
}

func (p *parser) category() {
	if v := p.text(); v != "" {
		p.item.Categories = append(p.item.Categories, Plain(v))
	}
}

// itemAuthor keeps the author of the best place: author, dc:author, dc:creator, itunes:author.
func (p *parser) itemAuthor(rank int) {
	if v := Plain(person(p.text())); v != "" && rank > p.extra.author {
		p.item.Author, p.extra.author = v, rank
	}
}

// published keeps the publishing time of the best place: pubDate, dc:date, dcterms.
func (p *parser) published(rank int) {
	s := p.text()
	if rank <= p.extra.dated || s == "" {
		return
	}
	t := p.time(s)
	if t.IsZero() && !p.item.Published.IsZero() {
		return
	}
	p.item.Published, p.item.When, p.extra.dated = t, s, rank
}

func (p *parser) updated() {
	s := p.text()
	if t := p.time(s); !t.IsZero() {
		p.item.Updated = t
	}
	if p.item.When == "" {
		p.item.When = s
	}
}

// timeOf takes the element's text as a time.
func (p *parser) timeOf() time.Time {
	v, _ := p.value()
	return p.time(string(v))
}

func (p *parser) time(s string) time.Time {
	t, zoned := parseTime(s, p.opt.Zone, p.opt.DayFirst)
	if !zoned && !t.IsZero() {
		p.feed.Zoneless = true
	}
	return t
}
