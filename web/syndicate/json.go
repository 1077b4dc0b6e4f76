package syndicate

import (
	"encoding/json"

	"khue/web/ui"
)

type (
	jsonFeed struct {
		Version     string     `json:"version"`
		Title       string     `json:"title"`
		Description string     `json:"description"`
		HomePage    string     `json:"home_page_url"`
		Self        string     `json:"feed_url"`
		Language    string     `json:"language"`
		Items       []jsonItem `json:"items"`
	}
	jsonItem struct {
		ID        string     `json:"id"`
		URL       string     `json:"url"`
		Title     string     `json:"title"`
		Summary   string     `json:"summary,omitempty"`
		HTML      string     `json:"content_html"`
		Published string     `json:"date_published"`
		Modified  string     `json:"date_modified"`
		Language  string     `json:"language"`
		Tags      []string   `json:"tags,omitempty"`
		Authors   []jsonName `json:"authors,omitempty"`
		Khue      *jsonKhue  `json:"_khue,omitempty"`
	}
	jsonName struct {
		Name string `json:"name"`
	}
	// jsonKhue is our extension: the format has no word for taking back.
	jsonKhue struct {
		Withdrawn bool   `json:"withdrawn"`
		Reason    string `json:"reason"`
	}
)

func (f Feed) json() ([]byte, error) {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: f.title(), Description: f.about(), HomePage: f.at(f.Home), Self: f.self(JSON),
		Language: string(f.Lang), Items: make([]jsonItem, 0, len(f.Items)),
	}
	for _, i := range f.Items {
		o := jsonItem{
			ID: i.ID, URL: f.at(i.Path), Title: i.Title, Summary: i.Summary, HTML: f.whole(i.HTML), Published: ui.Machine(i.Published), Modified: ui.Machine(i.Updated), Language: i.Lang,
		}
		if i.Tag != "" {
			o.Tags = []string{i.Tag}
		}
		if i.Author != "" {
			o.Authors = []jsonName{{i.Author}}
		}
		if i.Withdrawn {
			o.Khue = &jsonKhue{true, i.Reason}
		}
		out.Items = append(out.Items, o)
	}
	return json.Marshal(out)
}
