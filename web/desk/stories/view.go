package stories

import (
	"time"

	"khue/catalogue"
	"khue/web/ui"
)

// moment writes a time for a table, a dash for none.
func moment(l catalogue.Lang, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return ui.ShortDateTime(l, t)
}
