package feed

import "bytes"

// space is a namespace that the parser knows by more than one address.
type space uint8

const (
	core   space = iota // no prefix, or one that is bound to a version of RSS
	atomNS              // Atom 0.3, 1.0
	rdfNS
	dc
	dcterms
	content
	media
	itunes
	xhtml
	xmlNS
	other
)

// byAddress knows namespaces by what their addresses contain: publishers write them with and without "www", "/" and in any case.
var byAddress = []struct {
	part string
	ns   space
}{
	{"www.w3.org/2005/atom", atomNS},
	{"purl.org/atom/", atomNS},
	{"22-rdf-syntax-ns", rdfNS},
	{"purl.org/dc/elements", dc},
	{"purl.org/dc/terms", dcterms},
	{"purl.org/rss/1.0/modules/content", content},
	{"search.yahoo.com/mrss", media},
	{"itunes.com/dtds", itunes},
	{"itunes.apple.com/dtds", itunes},
	{"example.com/dtds/podcast", itunes},
	{"1999/xhtml", xhtml},
	{"purl.org/rss/1.0/modules", other},
	{"purl.org/rss/", core},
	{"my.netscape.com/rdf", core},
	{"my.netscape.com/publish", core},
	{"channel.netscape.com/rdf", core},
	{"backend.userland.com", core},
	{"blogs.law.harvard.edu/tech/rss", core},
}

func spaceOf(address []byte) space {
	lower := bytes.ToLower(address)
	for _, a := range byAddress {
		if bytes.Contains(lower, []byte(a.part)) {
			return a.ns
		}
	}
	return other
}

// byPrefix is what a prefix means that nobody declared.
func byPrefix(prefix []byte) space {
	switch string(prefix) {
	case "atom", "atom03", "atom10", "a10":
		return atomNS
	case "rdf":
		return rdfNS
	case "dc":
		return dc
	case "dcterms":
		return dcterms
	case "content":
		return content
	case "media":
		return media
	case "itunes":
		return itunes
	case "xhtml":
		return xhtml
	case "rss":
		return core
	case "xml":
		return xmlNS
	}
	return other
}

// binding is a prefix declared by xmlns:prefix.
type binding struct {
	prefix []byte
	ns     space
}

// maxBound is how many prefixes may be declared at once.
const maxBound = 200

// bind notes the prefixes that the current tag declares.
func (p *parser) bind() {
	a := attrs{rest: p.s.attrs}
	for len(p.bound) < maxBound && a.next() {
		if len(a.name) > 6 && string(a.name[:6]) == "xmlns:" {
			p.bound = append(p.bound, binding{a.name[6:], spaceOf(a.value)})
		}
	}
}

// resolve splits a name into its namespace and its local part in lower case; the latter lives until the next call.
func (p *parser) resolve(name []byte) (space, []byte) {
	ns := core
	if colon := bytes.IndexByte(name, ':'); colon >= 0 {
		prefix := name[:colon]
		name = name[colon+1:]
		ns = byPrefix(prefix)
		for i := len(p.bound) - 1; i >= 0; i-- {
			if bytes.Equal(p.bound[i].prefix, prefix) {
				ns = p.bound[i].ns
				break
			}
		}
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			p.lower = append(p.lower[:0], name...)
			for j := i; j < len(p.lower); j++ {
				if c := p.lower[j]; c >= 'A' && c <= 'Z' {
					p.lower[j] = c | 0x20
				}
			}
			return ns, p.lower
		}
	}
	return ns, name
}
