package extract

import "strings"

// effort is how strictly a page is read; what gives too little text is tried again with less.
type effort struct {
	stripUnlikely, weighClasses, cleanUp bool
}

// efforts are the tries, strictest first.
var efforts = []effort{{true, true, true}, {false, true, true}, {false, false, true}, {false, false, false}}

// enough is how many characters make an article on the first try.
const enough = 500

var (
	scoredTags = setOf(tagSection, tagH2, tagH3, tagH4, tagH5, tagH6, tagP, tagTd, tagPre)
	emptyables = setOf(tagDiv, tagSection, tagHeader, tagH1, tagH2, tagH3, tagH4, tagH5, tagH6)
	tableCode  = setOf(tagTable, tagCode)
)

// grabber finds the article in one tree. It takes the tree apart: every try needs a new one.
type grabber struct {
	*page
	effort
	title      string
	byline     string
	bylineDone bool
	paragraphs []*node
	candidates []*node
}

// grab gives the element that holds the article, cleaned; nil if there is none.
func (g *grabber) grab() *node {
	g.others()
	g.prepare(g.body)
	g.score()
	top, made := g.top()
	if top == nil {
		return nil
	}
	article := g.gather(top, made)
	g.lead(article)
	g.clean(article)
	return article
}

var (
	articles = setOf(tagArticle)
	onlyH1   = setOf(tagH1)
)

// others takes out the other articles of a page that goes on with them below the one it is about: those beside the <article> that holds
// the only first heading and a text of its own.
func (g *grabber) others() {
	var own *node
	h1s := 0
	g.body.each(&onlyH1, func(h *node) {
		h1s++
		for a := h.parent; a != nil && own == nil; a = a.parent {
			if a.tag == tagArticle {
				own = a
			}
		}
	})
	if own == nil || h1s != 1 || own.chars() < enough || own.linkDensity() > 0.5 {
		return
	}
	g.body.each(&articles, func(a *node) {
		if a != own && !a.within(own) && !own.within(a) {
			a.remove()
		}
	})
}

var unlikelyRoles = []string{"menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog"}

// prepare takes out what is not shown or stands around articles, and makes paragraphs of <div>s that are some.
func (g *grabber) prepare(body *node) {
	titleSeen := false
	for n := body.following(body); n != nil; {
		if n.tag == tagNone {
			n = n.following(body)
			continue
		}
		if dropped[n.tag] || n.hidden || n.role == "dialog" || g.isByline(n) || g.isUnlikely(n) {
			n = g.drop(n, body)
			continue
		}
		if !titleSeen && (n.tag == tagH1 || n.tag == tagH2) && n.chars() < enough && similar(g.title, n.plain()) > 0.75 {
			titleSeen = true
			n = g.drop(n, body)
			continue
		}
		if emptyables[n.tag] && n.empty() {
			n = g.drop(n, body)
			continue
		}
		if scoredTags[n.tag] {
			g.paragraphs = append(g.paragraphs, n)
		}
		if n.tag == tagDiv {
			n = g.paragraph(n)
		}
		n = n.following(body)
	}
}

func (g *grabber) drop(n, body *node) *node {
	next := n.after(body)
	n.remove()
	return next
}

// isUnlikely says whether an element's names put it around the article.
func (g *grabber) isUnlikely(n *node) bool {
	if !g.stripUnlikely || n.tag == tagBody || n.tag == tagA {
		return false
	}
	if n.traits.unlikely && !n.traits.maybe && !n.inside(&tableCode, 0) && !n.sum().post && !holdsArticle(n) {
		return true
	}
	for _, r := range unlikelyRoles {
		if n.role == r {
			return true
		}
	}
	return false
}

// holdsArticle says whether an element holds a first heading and much text, whatever it is called: VnExpress's column of text is "sidebar-1".
func holdsArticle(n *node) bool {
	return n.below(countH1, tagH1) == 1 && n.chars() >= enough && n.below(countP, tagP) > 2 && n.linkDensity() < 0.4
}

// isByline takes the first line that names the author.
func (g *grabber) isByline(n *node) bool {
	if g.bylineDone || !namesAuthor(n) {
		return false
	}
	if k := n.chars(); k == 0 || k >= 100 {
		return false
	}
	g.byline, g.bylineDone = n.plain(), true
	return true
}

func namesAuthor(n *node) bool {
	return n.traits.byline || strings.Contains(n.attrs, `rel="author"`) ||
		strings.Contains(n.attrs, "itemprop") && strings.Contains(n.attr("itemprop"), "author")
}

// paragraph makes a paragraph of a <div> that holds nothing but a line, or wraps the lines between its blocks. It gives the node to go on from.
func (g *grabber) paragraph(div *node) *node {
	var p *node
	for c := div.first; c != nil; {
		next := c.next
		switch {
		case isPhrasing(c):
			if p != nil {
				c.remove()
				p.add(c)
			} else if !isWhite(c) {
				p = g.take()
				p.tag = tagP
				c.replaceWithParent(p)
			}
		case p != nil:
			for p.last != nil && isWhite(p.last) {
				p.last.remove()
			}
			p = nil
		}
		c = next
	}
	if only := onlyElement(div, tagP); only != nil && div.linkDensity() < 0.25 {
		div.replace(only)
		only.traits.caption = only.traits.caption || div.traits.caption
		only.traits.hint = only.traits.hint || div.traits.hint
		g.paragraphs = append(g.paragraphs, only)
		return only
	}
	if !holdsBlock(div) {
		div.become(tagP)
		g.paragraphs = append(g.paragraphs, div)
	}
	return div
}

// replaceWithParent puts p into n's place and n into p.
func (n *node) replaceWithParent(p *node) {
	n.replace(p)
	p.add(n)
}

func isWhite(n *node) bool { return n.tag == tagBr || n.tag == tagNone && blank(n.text) }

func isPhrasing(n *node) bool {
	if phrasing[n.tag] {
		return true
	}
	if n.tag != tagA && n.tag != tagDel && n.tag != tagIns {
		return false
	}
	for c := n.first; c != nil; c = c.next {
		if !isPhrasing(c) {
			return false
		}
	}
	return true
}

// onlyElement gives n's child if it is the only one, of that tag, and no text stands beside it.
func onlyElement(n *node, t tag) *node {
	var only *node
	for c := n.first; c != nil; c = c.next {
		if c.tag == tagNone {
			if !blank(c.text) {
				return nil
			}
			continue
		}
		if only != nil || c.tag != t {
			return nil
		}
		only = c
	}
	return only
}

func holdsBlock(n *node) bool {
	for c := n.following(n); c != nil; c = c.following(n) {
		if insides[c.tag] {
			return true
		}
	}
	return false
}

// score gives points to what paragraphs lie in: most to the parent, less further up.
func (g *grabber) score() {
	for _, p := range g.paragraphs {
		if p.parent == nil || p.parent.tag == tagHTML && p.parent.parent == nil && p.parent != g.body {
			continue
		}
		chars, commas := p.length()
		if chars < 25 {
			continue
		}
		points := 2 + float64(commas) + min(float64(chars/100), 3)
		for level, a := 0, p.parent; a != nil && level < 5; level, a = level+1, a.parent {
			if a.tag == tagHTML && a != g.body {
				break
			}
			if !a.scored {
				a.scored = true
				a.score = g.initial(a)
				g.candidates = append(g.candidates, a)
			}
			switch level {
			case 0:
				a.score += points
			case 1:
				a.score += points / 2
			default:
				a.score += points / float64(level*3)
			}
		}
	}
	for _, c := range g.candidates {
		c.score *= 1 - min(c.linkDensity(), 1)
	}
}

// initial is what an element is worth by its tag and names.
func (g *grabber) initial(n *node) float64 {
	w := g.weight(n)
	switch n.tag {
	case tagDiv:
		w += 5
	case tagPre, tagTd, tagBlockquote:
		w += 3
	case tagAddress, tagOl, tagUl, tagDl, tagDd, tagDt, tagLi, tagForm:
		w -= 3
	case tagH1, tagH2, tagH3, tagH4, tagH5, tagH6, tagTh:
		w -= 5
	}
	return w
}

func (g *grabber) weight(n *node) float64 {
	if !g.weighClasses {
		return 0
	}
	return float64(n.traits.weight)
}

// top chooses the element of most points, or one further up where several good ones meet; made says that the whole body had to be taken.
func (g *grabber) top() (best *node, made bool) {
	var five []*node
	for _, c := range g.candidates {
		for i := 0; i < 5; i++ {
			if i == len(five) {
				five = append(five, c)
				break
			}
			if c.score > five[i].score {
				five = append(five, nil)
				copy(five[i+1:], five[i:])
				five[i] = c
				if len(five) > 5 {
					five = five[:5]
				}
				break
			}
		}
	}
	if len(five) == 0 || five[0] == g.body {
		top := g.take()
		top.tag = tagDiv
		for c := g.body.first; c != nil; {
			next := c.next
			c.remove()
			top.add(c)
			c = next
		}
		g.body.add(top)
		top.scored, top.score = true, g.initial(top)
		return top, true
	}
	best = g.common(five)
	if !best.scored {
		best.scored, best.score = true, g.initial(best)
	}
	return g.climb(best), false
}

// common gives an ancestor that at least three other good candidates share with the best.
func (g *grabber) common(five []*node) *node {
	best := five[0]
	var good []*node
	for _, c := range five[1:] {
		if c.score/best.score >= 0.75 {
			good = append(good, c)
		}
	}
	if len(good) < 3 {
		return best
	}
	for a := best.parent; a != nil && a != g.body; a = a.parent {
		n := 0
		for _, c := range good {
			if c.within(a) {
				n++
			}
		}
		if n >= 3 {
			return a
		}
	}
	return best
}

func (n *node) within(a *node) bool {
	for p := n.parent; p != nil; p = p.parent {
		if p == a {
			return true
		}
	}
	return false
}

// climb goes up while the points grow, and out of elements that hold nothing else.
func (g *grabber) climb(best *node) *node {
	last := best.score
	threshold := last / 3
	for p := best.parent; p != nil && p != g.body; p = p.parent {
		if !p.scored {
			continue
		}
		if p.score < threshold {
			break
		}
		if p.score > last {
			best = p
			break
		}
		last = p.score
	}
	for p := best.parent; p != nil && p != g.body && elements(p) == 1; p = best.parent {
		best = p
	}
	if !best.scored {
		best.scored, best.score = true, g.initial(best)
	}
	return best
}

func elements(n *node) (k int) {
	for c := n.first; c != nil; c = c.next {
		if c.tag != tagNone {
			k++
		}
	}
	return k
}

// gather takes the chosen element and those beside it that belong to the article.
func (g *grabber) gather(top *node, made bool) *node {
	article := g.take()
	article.tag = tagDiv
	if made {
		top.remove()
		article.add(top)
		return article
	}
	threshold := max(10, top.score*0.2)
	parent := top.parent
	for s := parent.first; s != nil; {
		next := s.next
		if s.tag != tagNone && (s == top || g.belongs(s, top, threshold)) {
			s.remove()
			article.add(s)
		}
		s = next
	}
	return article
}

// lead puts the summary in front that Vietnamese newspapers call "sapo" and set above the text: it is its first paragraph.
func (g *grabber) lead(article *node) {
	for n := g.body.following(g.body); n != nil; n = n.following(g.body) {
		if !n.traits.lead {
			continue
		}
		if k := n.chars(); k < 40 || k > 1000 || n.linkDensity() > 0.3 {
			continue
		}
		n.remove()
		n.become(tagP)
		article.prepend(n)
		return
	}
}

func (g *grabber) belongs(s, top *node, threshold float64) bool {
	bonus := 0.0
	if s.class == top.class && top.class != "" {
		bonus = top.score * 0.2
	}
	if s.scored && s.score+bonus >= threshold {
		return true
	}
	if s.tag != tagP {
		return false
	}
	chars := s.chars()
	density := s.linkDensity()
	if chars > 80 {
		return density < 0.25
	}
	if chars == 0 || density != 0 {
		return false
	}
	t := s.plain()
	return strings.Contains(t, ". ") || strings.HasSuffix(t, ".")
}
