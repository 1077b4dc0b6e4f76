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
	article.each(&tablesOnly, func(t *node) {
		if isDataTable(t) {
			t.dataTable = true
			t.forget()
		}
	})
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
	if t.sum().count[countTableHead] > 0 {
		return true
	}
	if t.below(countTable, tagTable) > 0 {
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
	t := n.sum()
	if t.data || t.post || insideData(n) || n.inside(&codes, 0) {
		return false
	}
	w := g.weight(n)
	if w < 0 {
		return true
	}
	chars := t.trimmed()
	if t.commas >= 10 {
		return false
	}
	lists := t.lists
	if listTags[n.tag] {
		lists -= chars
	}
	isList := listTags[n.tag] || chars > 0 && float64(lists)/float64(chars) > 0.9
	ps, imgs, lis, inputs := t.count[countP], t.count[countImg], t.count[countLi], t.count[countInput]
	density := n.linkDensity()
	figure := n.inside(&figures, 3)
	switch {
	case !figure && imgs > 1 && ps*2 < imgs,
		!isList && lis-100 > ps,
		inputs > ps/3,
		!isList && !figure && chars < 25 && (imgs == 0 || imgs > 2) && density > 0 && float64(t.heads) < 0.9*float64(chars),
		!isList && w < 25 && density > 0.2,
		w >= 25 && density > 0.5,
		imgs == 0 && n.bare():
		return !isList || imgs == 0 || imgs != lis // a list of pictures is no list of links
	}
	return false
}

// bare says whether no text lies in an element below n that is made to hold text.
func (n *node) bare() bool {
	for c := n.first; c != nil; c = c.next {
		if c.sum().inside > 0 {
			return false
		}
	}
	return true
}

// isPost says whether a quotation is a post of a social network.
func isPost(n *node) bool {
	for _, w := range []string{"tweet", "twitter", "instagram", "fb-"} {
		if strings.Contains(n.class, w) {
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
