package extract

import "strings"

// traits is what class and id say about an element.
type traits struct {
	unlikely bool // named like what stands around an article
	maybe    bool // but also like an article
	byline   bool
	share    bool
	caption  bool // of a picture
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
	hintWords    = []string{
		"related", "recirc", "read-more", "readmore", "read_more", "more-on", "more-from", "newsletter", "subscribe", "promo", "advert", "taboola", "outbrain", "tooltip", "rollover",
		"author-bio", "about-author", "disclaimer", "copyright", "social", "comments", "ticker",
	}
	bylineWords = []string{"byline", "author", "dateline", "writtenby", "p-author"}
)

func traitsOf(class, id string) traits {
	class, id = strings.ToLower(class), strings.ToLower(id)
	both := class + " " + id
	return traits{
		unlikely: hasAny(both, unlikelyWords),
		maybe:    hasAny(both, maybeWords),
		byline:   hasAny(both, bylineWords),
		caption:  hasAny(both, captionWords),
		hint:     hasAny(both, hintWords),
		share:    hasWord(both, "share") || hasWord(both, "sharedaddy"),
		weight:   weightOf(class) + weightOf(id),
	}
}

func weightOf(s string) (w int8) {
	if s == "" {
		return 0
	}
	if hasAny(s, negativeWords) || hasWord(s, "hid") {
		w -= 25
	}
	if hasAny(s, positiveWords) {
		w += 25
	}
	return w
}

func hasAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
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
