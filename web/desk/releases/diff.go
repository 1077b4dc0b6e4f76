package releases

import (
	"khue/release"
	"khue/web/site"
	"khue/web/ui"
)

// changed compares two texts part by part, word by word.
func changed(old, new release.Text) []ui.Run {
	var runs []ui.Run
	for _, p := range [][2]string{
		{old.Title, new.Title},
		{old.Lede, new.Lede},
		{old.Body, new.Body},
		{old.TitleEN, new.TitleEN},
		{old.LedeEN, new.LedeEN},
		{old.BodyEN, new.BodyEN},
	} {
		if p[0] == "" && p[1] == "" {
			continue
		}
		if len(runs) > 0 {
			runs = append(runs, ui.Run{Kind: ui.Equal, Text: "\n"})
		}
		runs = append(runs, site.Diff(p[0], p[1])...)
	}
	return runs
}
