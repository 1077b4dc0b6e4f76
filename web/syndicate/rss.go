package syndicate

import (
	"encoding/xml"
	"time"

	"khue/web/ui"
)

type (
	rssGUID struct {
		Permalink bool   `xml:"isPermaLink,attr"`
		Text      string `xml:",chardata"`
	}
	rssItem struct {
		Title       string  `xml:"title"`
		Link        string  `xml:"link"`
		GUID        rssGUID `xml:"guid"`
		PubDate     string  `xml:"pubDate"`
		Category    string  `xml:"category,omitempty"`
		Description string  `xml:"description"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Items       []rssItem `xml:"item"`
	}
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Channel rssChannel `xml:"channel"`
	}
)

// rss has no word for taking back: a withdrawal is an item of its own.
func (f Feed) rss() ([]byte, error) {
	c := rssChannel{Title: f.title(), Link: f.at(f.Home), Description: f.about(), Language: string(f.Lang)}
	for _, i := range f.Items {
		at, id := i.Published, i.ID
		if i.Withdrawn {
			at, id = i.Updated, i.ID+"#withdrawn"
		}
		c.Items = append(c.Items, rssItem{
			Title: i.Title, Link: f.at(i.Path), GUID: rssGUID{false, id}, PubDate: at.In(ui.Zone).Format(time.RFC1123Z), Category: i.TagName, Description: f.whole(i.HTML),
		})
	}
	return encodeXML(rssFeed{Version: "2.0", Channel: c})
}
