package syndicate

import (
	"encoding/xml"

	"khue/web/ui"
)

type (
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Lang string `xml:"xml:lang,attr"`
		Text string `xml:",chardata"`
	}
	atomName struct {
		Name string `xml:"name"`
	}
	atomTag struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
	atomEntry struct {
		XMLName   xml.Name  `xml:"entry"`
		ID        string    `xml:"id"`
		Title     atomText  `xml:"title"`
		Published string    `xml:"published"`
		Updated   string    `xml:"updated"`
		Author    *atomName `xml:"author"`
		Link      atomLink  `xml:"link"`
		Category  *atomTag  `xml:"category"`
		Summary   atomText  `xml:"summary"`
		Content   atomText  `xml:"content"`
	}
	// deletedEntry says that an entry was taken back (RFC 6721).
	deletedEntry struct {
		XMLName xml.Name `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
		Ref     string   `xml:"ref,attr"`
		When    string   `xml:"when,attr"`
		Comment string   `xml:"http://purl.org/atompub/tombstones/1.0 comment"`
		Link    struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom link"`
			Rel     string   `xml:"rel,attr"`
			Href    string   `xml:"href,attr"`
		}
	}
	atomFeed struct {
		XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
		Lang     string     `xml:"xml:lang,attr"`
		ID       string     `xml:"id"`
		Title    string     `xml:"title"`
		Subtitle string     `xml:"subtitle"`
		Updated  string     `xml:"updated"`
		Author   atomName   `xml:"author"`
		Links    []atomLink `xml:"link"`
		Entries  []any      // atomEntry or deletedEntry
	}
)

func (f Feed) atom() ([]byte, error) {
	self := f.self(Atom)
	out := atomFeed{
		Lang: string(f.Lang), ID: self, Title: f.title(), Subtitle: f.about(), Updated: ui.Machine(f.updated()), Author: atomName{f.place()},
		Links: []atomLink{{"self", Atom.Kind(), self}, {"alternate", "text/html", f.at(f.Home)}},
	}
	for _, i := range f.Items {
		if i.Withdrawn {
			d := deletedEntry{Ref: i.ID, When: ui.Machine(i.Updated), Comment: i.Reason}
			d.Link.Rel, d.Link.Href = "alternate", f.at(i.Path)
			out.Entries = append(out.Entries, d)
			continue
		}
		e := atomEntry{
			ID: i.ID, Title: atomText{"text", i.Lang, i.Title}, Published: ui.Machine(i.Published), Updated: ui.Machine(i.Updated),
			Link: atomLink{"alternate", "text/html", f.at(i.Path)}, Summary: atomText{"text", i.Lang, i.Summary}, Content: atomText{"html", i.Lang, f.whole(i.HTML)},
		}
		if i.Author != "" {
			e.Author = &atomName{i.Author}
		}
		if i.Tag != "" {
			e.Category = &atomTag{i.Tag, i.TagName}
		}
		out.Entries = append(out.Entries, e)
	}
	return encodeXML(out)
}

func encodeXML(v any) ([]byte, error) {
	data, err := xml.Marshal(v)
	return append([]byte(xml.Header), data...), err
}
