package extract

import "strings"

// traits is what class and id say about an element.
type traits struct {
	unlikely bool // named like what stands around an article
	maybe    bool // but also like an article
	byline   bool
	share    bool
	caption  bool // of a picture
	lead     bool // the summary above a text
	hint     bool // to other articles, to subscribe, about the author
	weight   int8 // +25 for each of class, id that sounds like an article, -25 for what does not
}

// The words are those of Mozilla's Readability (Apache-2.0), which its authors gathered over many years; ours follow them.
var (
	unlikelyWords = []string{
		"-ad-", "ai2html", "banner", "breadcrumbs", "combx", "comment", "community", "cover-wrap", "disqus", "extra", "footer", "gdpr", "header",
		"legends", "menu", "related", "remark", "replies", "rss", "shoutbox", "sidebar", "skyscraper", "social", "sponsor", "supplemental", "ad-break",
		"agegate", "pagination", "pager", "popup", "yom-remote",
	}
	maybeWords    = []string{"and", "article", "body", "column", "content", "main", "mathjax", "shadow"}
	positiveWords = []string{"article", "body", "content", "entry", "hentry", "h-entry", "main", "page", "pagination", "post", "text", "blog", "story"}
	negativeWords = []string{
		"-ad-", "hidden", "banner", "combx", "comment", "com-", "contact", "footer", "gdpr", "masthead", "media", "meta", "outbrain",
		"promo", "related", "scroll", "share", "shoutbox", "sidebar", "skyscraper", "sponsor", "shopping", "tags", "widget",
	}
	captionWords = []string{"caption", "credit", "photo-by", "slideshow", "gallery", "carousel"}
	leadWords    = []string{"sapo", "the-article-summary"}
	hintWords    = []string{
		"related", "recirc", "read-more", "readmore", "read_more", "more-on", "more-from", "newsletter", "subscribe", "promo", "advert", "taboola", "outbrain", "tooltip", "rollover",
		"author-bio", "about-author", "disclaimer", "copyright", "social", "comments", "comment-list", "box_comment", "ticker", "breadcrumb",
		"tinlienquan", "tin-lien-quan", "lienquan", "lien-quan", "xemthem", "xem-them", "docthem", "doc-them", "cungchuyenmuc",
	}
	bylineWords = []string{"byline", "author", "dateline", "writtenby", "p-author"}
)

// kind is a list of words as a bit.
type kind uint16

const (
	isUnlikely kind = 1 << iota
	isMaybe
	isPositive
	isNegative
	isCaption
	isLead
	isHint
	isAuthor
)

// byFirst holds every word under its first letter, so that one walk over a name finds all of them.
var byFirst = func() (table [256][]struct {
	word string
	kind kind
},
) {
	for k, words := range map[kind][]string{
		isUnlikely: unlikelyWords, isMaybe: maybeWords, isPositive: positiveWords, isNegative: negativeWords, isCaption: captionWords,
		isLead: leadWords, isHint: hintWords, isAuthor: bylineWords,
	} {
		for _, w := range words {
			table[w[0]] = append(table[w[0]], struct {
				word string
				kind kind
			}{w, k})
		}
	}
	return table
}()

func kindsOf(s string) (found kind) {
	for i := range len(s) {
		for _, w := range byFirst[s[i]] {
			if found&w.kind == 0 && strings.HasPrefix(s[i:], w.word) {
				found |= w.kind
			}
		}
	}
	return found
}

func traitsOf(class, id string) traits {
	class, id = strings.ToLower(class), strings.ToLower(id)
	ofClass, ofID := kindsOf(class), kindsOf(id)
	both := ofClass | ofID
	return traits{
		unlikely: both&isUnlikely != 0,
		maybe:    both&isMaybe != 0,
		byline:   both&isAuthor != 0,
		caption:  both&isCaption != 0,
		lead:     both&isLead != 0,
		hint:     both&isHint != 0,
		share:    hasWord(class, "share") || hasWord(class, "sharedaddy") || hasWord(id, "share") || hasWord(id, "sharedaddy"),
		weight:   weightOf(class, ofClass) + weightOf(id, ofID),
	}
}

func weightOf(s string, found kind) (w int8) {
	if found&isNegative != 0 || hasWord(s, "hid") {
		w -= 25
	}
	if found&isPositive != 0 {
		w += 25
	}
	return w
}

// hasWord finds a word bounded by what is neither letter nor digit.
func hasWord(s, word string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if (i == 0 || !isWord(s[i-1])) && (end == len(s) || !isWord(s[end])) {
			return true
		}
		from = i + 1
	}
}

func isWord(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }
