package extract

import "strings"

var (
	always     = setOf(tagFooter, tagAside, tagInput, tagButton, tagNav)
	sections   = setOf(tagForm, tagFieldset)
	tablesOnly = setOf(tagTable)
	uls        = setOf(tagUl)
	divs       = setOf(tagDiv)
	heads      = setOf(tagH1, tagH2)
	figures    = setOf(tagFigure)
	codes      = setOf(tagCode)
	listTags   = setOf(tagUl, tagOl)
	textInside = setOf(tagSpan, tagLi, tagTd, tagBlockquote, tagDl, tagDiv, tagImg, tagOl, tagP, tagPre, tagTable, tagUl)
	anyTag     = func() (s tagSet) {
		for i := range s {
			s[i] = i != int(tagNone)
		}
		return s
	}()
)

// clean takes out of the article what is not part of it.
func (g *grabber) clean(article *node) {
	article.each(&tablesOnly, func(t *node) { t.dataTable = isDataTable(t) })
	g.cleanIf(article, &sections)
	article.each(&always, func(n *node) { n.remove() })
	for c := article.first; c != nil; c = c.next { // boxes to share what was read
		c.each(&anyTag, func(n *node) {
			if n.traits.share && n.chars() < enough {
				n.remove()
			}
		})
	}
	article.each(&heads, func(h *node) {
		if g.weight(h) < 0 {
			h.remove()
		}
	})
	g.cleanIf(article, &tablesOnly)
	g.cleanIf(article, &uls)
	g.cleanIf(article, &divs)
}

// isDataTable says whether a table holds data rather than the page's layout.
func isDataTable(t *node) bool {
	if t.role == "presentation" || t.attr("datatable") == "0" {
		return false
	}
	if t.attr("summary") != "" {
		return true
	}
	if c := t.count(tagCaption); c > 0 {
		return true
	}
	if t.count(tagThead)+t.count(tagTfoot)+t.count(tagTh) > 0 {
		return true
	}
	if t.count(tagTable) > 0 {
		return false
	}
	rows, columns := 0, 0
	for c := t.following(t); c != nil; c = c.following(t) {
		if c.tag != tagTr {
			continue
		}
		rows++
		k := 0
		for d := c.first; d != nil; d = d.next {
			if d.tag == tagTd {
				k++
			}
		}
		columns = max(columns, k)
	}
	if rows == 1 || columns == 1 {
		return false
	}
	return rows >= 10 || columns > 4 || rows*columns > 10
}

// cleanIf takes out elements of the set that look like lists of links, forms or advertisements.
func (g *grabber) cleanIf(article *node, set *tagSet) {
	if !g.cleanUp {
		return
	}
	article.each(set, func(n *node) {
		if g.doubtful(n) {
			n.remove()
		}
	})
}

// doubtful follows Readability's _cleanConditionally.
func (g *grabber) doubtful(n *node) bool {
	if n.tag == tagTable && n.dataTable || insideData(n) || n.inside(&codes, 0) || n.count(tagTable) > 0 && holdsData(n) {
		return false
	}
	if holdsPost(n) {
		return false
	}
	w := g.weight(n)
	if w < 0 {
		return true
	}
	chars, commas := n.length()
	if commas >= 10 {
		return false
	}
	isList := listTags[n.tag]
	if !isList {
		list := 0
		n.each(&listTags, func(l *node) { list += l.chars() })
		isList = chars > 0 && float64(list)/float64(chars) > 0.9
	}
	var ps, imgs, lis, inputs int
	for c := n.following(n); c != nil; c = c.following(n) {
		switch c.tag {
		case tagP:
			ps++
		case tagImg:
			imgs++
		case tagLi:
			lis++
		case tagInput:
			inputs++
		}
	}
	lis -= 100
	density := n.linkDensity()
	figure := n.inside(&figures, 3)
	switch {
	case !figure && imgs > 1 && ps*2 < imgs,
		!isList && lis > ps,
		inputs > ps/3,
		!isList && !figure && chars < 25 && (imgs == 0 || imgs > 2) && density > 0 && n.textDensity(&headings) < 0.9,
		!isList && w < 25 && density > 0.2,
		w >= 25 && density > 0.5,
		imgs == 0 && n.textDensity(&textInside) == 0:
		return !isList || imgs == 0 || imgs != lis+100 // a list of pictures is no list of links
	}
	return false
}

// holdsPost says whether a post of a social network is quoted within n.
func holdsPost(n *node) bool {
	for c := n.following(n); c != nil; c = c.following(n) {
		if c.tag == tagBlockquote && (strings.Contains(c.class, "tweet") || strings.Contains(c.class, "twitter") || strings.Contains(c.class, "instagram") || strings.Contains(c.class, "fb-")) {
			return true
		}
	}
	return false
}

func insideData(n *node) bool {
	for a := n.parent; a != nil; a = a.parent {
		if a.dataTable {
			return true
		}
	}
	return false
}

func holdsData(n *node) (found bool) {
	n.each(&tablesOnly, func(t *node) { found = found || t.dataTable })
	return found
}

// similar is the share of b's words that a has, by their length (Readability's _textSimilarity).
func similar(a, b string) float64 {
	wa, wb := words(a), words(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	known := make(map[string]bool, len(wa))
	for _, w := range wa {
		known[w] = true
	}
	all, missing := -1, -1
	for _, w := range wb {
		all += len(w) + 1
		if !known[w] {
			missing += len(w) + 1
		}
	}
	return 1 - float64(max(missing, 0))/float64(all)
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r < 0x80 && r != '_' && !isWord(byte(r))
	})
}
