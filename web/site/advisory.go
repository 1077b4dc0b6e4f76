package site

import (
	"khue/web/frame"
	"khue/web/ui"
)

// Advisories gives what is told to press and public while it is being checked.
func (s *Site) Advisories(r *frame.Request) ([]ui.AdvisoryItem, error) {
	list, err := s.Radar.Advisories(r.Context())
	items := make([]ui.AdvisoryItem, 0, len(list))
	for _, a := range list {
		title, known, lang := a.In(string(r.Lang))
		items = append(items, ui.AdvisoryItem{Title: title, Known: known, Lang: lang, Shown: a.ShownAt, Next: a.Next, Until: a.Until})
	}
	return items, err
}
