package extract

import (
	"html"
	"strings"
	"time"
)

// meta is what the head of a page and its structured data say about it.
type meta struct {
	title, author, site, image, canonical, lang string
	published                                   time.Time
}

// meta gathers title, author and times. Structured data (schema.org) goes before <meta>, these before what stands in the title bar.
func (p *page) meta() meta {
	named := p.named()
	bar := p.title
	if bar == "" { // no <title>
		if h := p.first(tagH1); h != nil {
			bar = h.plain()
		}
	}
	m := p.structured(bar)
	set := func(to *string, names ...string) {
		for _, n := range names {
			if *to != "" {
				return
			}
			*to = fold(html.UnescapeString(named[n]))
		}
	}
	set(&m.title, "dc:title", "dcterm:title", "dcterms:title", "og:title", "weibo:article:title", "weibo:webpage:title", "title", "twitter:title", "parsely-title")
	if m.title == "" {
		m.title = p.shortTitle()
	}
	set(&m.author, "dc:creator", "dcterm:creator", "author", "article:author", "parsely-author", "dc.creator")
	if strings.Contains(m.author, "://") { // Facebook's og wants an address there
		m.author = ""
	}
	set(&m.site, "og:site_name", "application-name")
	set(&m.image, "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "thumbnail")
	var when string
	set(&when, "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "article.published", "parsely-pub-date", "pubdate",
		"publishdate", "publish-date", "dc:date", "dc.date", "dc.date.issued", "dcterms.created", "sailthru.date", "date", "article_date_original", "cxenseparse:recs:publishtime", "its_publication")
	if m.published.IsZero() {
		m.published = parseTime(when)
	}
	m.lang = p.lang
	set(&m.lang, "og:locale", "content-language")
	for _, l := range p.links {
		if l.tag == tagLink && m.canonical == "" && strings.EqualFold(l.attr("rel"), "canonical") {
			m.canonical = strings.TrimSpace(l.attr("href"))
		}
	}
	set(&m.canonical, "og:url")
	return m
}

// named gives the values of <meta> by name, property or itemprop in lower case; the last of a name counts, except for pictures.
func (p *page) named() map[string]string {
	named := map[string]string{}
	for _, n := range p.metas {
		var keys [3]string
		content := ""
		eachAttr(n.attrs, func(name, value string) {
			switch strings.ToLower(name) {
			case "name":
				keys[0] = value
			case "property":
				keys[1] = value
			case "itemprop":
				keys[2] = value
			case "http-equiv":
				keys[0] = value
			case "content":
				content = html.UnescapeString(value)
			}
		})
		if strings.TrimSpace(content) == "" {
			continue
		}
		for _, k := range keys {
			for _, k := range strings.Fields(strings.ToLower(k)) {
				if strings.HasPrefix(k, "og:image") && named[k] != "" {
					continue
				}
				named[k] = content
			}
		}
	}
	return named
}

func (p *page) first(t tag) *node {
	for n := p.root.following(p.root); n != nil; n = n.following(p.root) {
		if n.tag == t {
			return n
		}
	}
	return nil
}

// shortTitle takes the site's name off the title bar (Readability's _getArticleTitle).
func (p *page) shortTitle() string {
	whole := strings.TrimSpace(p.title)
	short := whole
	i, hierarchy := lastSeparator(whole)
	switch {
	case i >= 0:
		short = strings.TrimSpace(whole[:i])
		if wordCount(short) < 3 {
			if j := strings.IndexAny(whole, `|-\/>»–—`); j >= 0 {
				short = strings.TrimLeft(whole[j:], `|-\/>»–— `)
			}
		}
	case strings.Contains(whole, ": "):
		if p.isHeading(whole) {
			break
		}
		short = whole[strings.LastIndex(whole, ":")+1:]
		if wordCount(short) < 3 {
			short = whole[strings.Index(whole, ":")+1:]
		} else if wordCount(whole[:strings.Index(whole, ":")]) > 5 {
			short = whole
		}
	case len([]rune(whole)) > 150 || len([]rune(whole)) < 15:
		if h := p.first(tagH1); h != nil && p.root.sum().count[countH1] == 1 {
			short = h.plain()
		}
	}
	short = fold(short)
	if n := wordCount(short); n <= 4 {
		bare := strings.NewReplacer("|", "", "-", "", `\`, "", "/", "", ">", "", "»", "").Replace(whole)
		if !hierarchy || n != wordCount(bare)-1 {
			short = whole
		}
	}
	return fold(short)
}

// lastSeparator finds the last " | ", " - " or the like; hierarchy says whether it was one of those that sections are named with.
func lastSeparator(s string) (at int, hierarchy bool) {
	at = -1
	for _, sep := range []string{"|", "-", `\`, "/", ">", "»", "–", "—"} {
		if i := strings.LastIndex(s, " "+sep+" "); i >= 0 {
			at = max(at, i)
			hierarchy = hierarchy || strings.Contains(`\/>»`, sep)
		}
	}
	return at, hierarchy
}

func (p *page) isHeading(s string) bool {
	for n := p.root.following(p.root); n != nil; n = n.following(p.root) {
		if (n.tag == tagH1 || n.tag == tagH2) && n.chars() < enough && n.plain() == s {
			return true
		}
	}
	return false
}

func wordCount(s string) int { return len(strings.Fields(s)) }
