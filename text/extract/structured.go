package extract

import (
	"encoding/json"
	"strings"
)

// articleTypes are the types of schema.org that are articles.
var articleTypes = map[string]bool{
	"Article": true, "AdvertiserContentArticle": true, "NewsArticle": true, "AnalysisNewsArticle": true, "AskPublicNewsArticle": true,
	"BackgroundNewsArticle": true, "OpinionNewsArticle": true, "ReportageNewsArticle": true, "ReviewNewsArticle": true, "Report": true,
	"SatiricalArticle": true, "ScholarlyArticle": true, "MedicalScholarlyArticle": true, "SocialMediaPosting": true, "BlogPosting": true,
	"LiveBlogPosting": true, "DiscussionForumPosting": true, "TechArticle": true, "APIReference": true,
}

// maxScript bounds the structured data that is parsed.
const maxScript = 512 << 10

// structured reads the first JSON-LD that describes an article; bar is the page's <title>.
func (p *page) structured(bar string) (m meta) {
	for _, s := range p.scripts {
		s = strings.TrimSpace(s)
		s = strings.TrimSuffix(strings.TrimPrefix(s, "<![CDATA["), "]]>")
		if len(s) > maxScript || !strings.Contains(s, "schema.org") {
			continue
		}
		var v any
		if json.Unmarshal([]byte(s), &v) != nil {
			if json.Unmarshal([]byte(escapeBreaks(s)), &v) != nil {
				continue
			}
		}
		o := findArticle(v, 0)
		if o == nil {
			continue
		}
		m.title = p.jsonTitle(o, bar)
		m.author = names(o["author"])
		m.published = parseTime(str(o["datePublished"]))
		m.image = picture(o["image"])
		if pub, ok := o["publisher"].(map[string]any); ok {
			m.site = fold(str(pub["name"]))
		}
		return m
	}
	return m
}

// escapeBreaks mends line breaks within strings, which many sites write into their JSON.
func escapeBreaks(s string) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(s)
}

// findArticle looks for an article in what JSON-LD allows: an object, a list, a graph.
func findArticle(v any, depth int) map[string]any {
	if depth > 3 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if o := findArticle(e, depth+1); o != nil {
				return o
			}
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			return v
		}
		if g, ok := v["@graph"]; ok {
			return findArticle(g, depth+1)
		}
	}
	return nil
}

func isArticle(t any) bool {
	switch t := t.(type) {
	case string:
		return articleTypes[t]
	case []any:
		for _, e := range t {
			if isArticle(e) {
				return true
			}
		}
	}
	return false
}

// jsonTitle chooses between name and headline: some sites put their own name into one of them.
func (p *page) jsonTitle(o map[string]any, bar string) string {
	name, headline := fold(str(o["name"])), fold(str(o["headline"]))
	switch {
	case name != "" && headline != "" && name != headline:
		title := p.shortTitle()
		if title == "" {
			title = bar
		}
		if similar(headline, title) > 0.75 && similar(name, title) <= 0.75 {
			return unescape(headline)
		}
		return unescape(name)
	case name != "":
		return unescape(name)
	}
	return unescape(headline)
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// names joins the names of one or several authors.
func names(v any) string {
	switch v := v.(type) {
	case string:
		return fold(unescape(v))
	case map[string]any:
		return names(v["name"])
	case []any:
		var all []string
		for _, e := range v {
			if n := names(e); n != "" && len(all) < 10 {
				all = append(all, n)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// picture gives the address of the first picture.
func picture(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return picture(v["url"])
	case []any:
		if len(v) > 0 {
			return picture(v[0])
		}
	}
	return ""
}
