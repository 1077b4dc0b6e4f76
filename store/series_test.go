package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"khue/store"
	"khue/store/storetest"
)

// TestSeriesOfOldMentions: a database of before the counts is counted when it is migrated.
func TestSeriesOfOldMentions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		const hour = 3_600_000_000
		const at = 1_794_000_000_000_000 / hour * hour // a full hour of 2026
		for i, m := range []struct {
			source, story string
			published     int64
		}{{"a", "s1", at}, {"a", "s1", at + hour - 1}, {"b", "s1", at + hour}, {"b", "s2", at + 30*hour}, {"b", "", at}} {
			exec(t, db, `INSERT INTO mention (id, source, url, title, text, lang, kind, published, clamped, seen, ready, tries, try_at, story, copy_of)
VALUES (?1, ?2, '', 't', '', 'vi', 'article', ?3, 0, ?3, ?4, 0, ?3, ?5, '')`, string(rune('a'+i)), m.source, m.published, i+1, m.story)
		}
		// The migration ran when there was nothing to count; what it counts with runs again.
		file, err := os.ReadFile("migration/0017_series.sql")
		if err != nil {
			t.Fatal(err)
		}
		ran := 0
		for statement := range strings.SplitSeq(string(file), ";\n") {
			if _, insert, ok := strings.Cut(statement, "INSERT INTO"); ok {
				exec(t, db, "INSERT INTO"+insert)
				ran++
			}
		}
		if ran != 4 {
			t.Fatalf("%d statements count", ran)
		}
		for _, c := range []struct {
			kind, key string
			at        int64
			n         int
		}{{"all", "", at, 2}, {"all", "", at + hour, 1}, {"all", "", at + 30*hour, 1}, {"source", "a", at, 2}, {"source", "b", at + hour, 1}, {"story", "s1", at, 2}, {"story", "s2", at + 30*hour, 1}} {
			var n int
			if err := db.QueryRow(ctx, `SELECT n FROM series WHERE kind = ?1 AND key = ?2 AND step = 3600 AND at = ?3`, c.kind, c.key, c.at).Scan(&n); err != nil || n != c.n {
				t.Errorf("%+v: %d, %v", c, n, err)
			}
		}
		var rows, sum int
		if err := db.QueryRow(ctx, `SELECT COUNT(*), SUM(n) FROM series WHERE kind = 'all'`).Scan(&rows, &sum); err != nil || rows != 3 || sum != 4 {
			t.Errorf("%d hours of %d mentions, %v", rows, sum, err)
		}
		// Days of sources begin at midnight in Vietnam.
		var day int64
		if err := db.QueryRow(ctx, `SELECT MIN(day), SUM(n) FROM series_source WHERE kind = 'all' AND key = '' AND source = 'b'`).Scan(&day, &sum); err != nil || sum != 2 || (day+7*hour)%(24*hour) != 0 || day > at+hour || day <= at+hour-24*hour {
			t.Errorf("day %d, %d, %v", day, sum, err)
		}
	})
}
