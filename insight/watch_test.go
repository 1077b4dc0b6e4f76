package insight_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"khue/insight"
	"khue/radar"
	"khue/radar/fetch"
	"khue/regulation"
	"khue/store"
)

// TestWatchLetters tells a watch's owner what was found, on the desk and by mail, once; and nobody who has left.
func TestWatchLetters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		analyst := w.person("phan-tich", regulation.Analyst, "TTBC")
		one, _, err := w.h.Radar.AddWatch(ctx, analyst, radar.WatchInput{Query: "chay cho", Why: "Ban quản lý chợ\nhỏi mỗi sáng", Mail: true})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		hear := func(titles ...string) {
			t.Helper()
			if err := w.h.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				for _, title := range titles {
					n++
					at := store.Micros(w.clock.Now())
					if _, err := tx.Exec(ctx, `INSERT INTO mention (id, source, url, title, text, lang, kind, published, clamped, seen, ready, tries, try_at, story, copy_of)
VALUES (?1, 'nguon', ?2, ?3, '', 'vi', 'article', ?4, 0, ?4, ?5, 0, 0, '', '')`, fmt.Sprint("m", n), fmt.Sprint("https://bao.example/", n), title, at, n); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.h.Radar.GroupReady(ctx); err != nil {
				t.Fatal(err)
			}
		}
		step := func(want int) {
			t.Helper()
			if got, err := w.h.Insight.StepWatches(ctx); err != nil || got != want {
				t.Fatalf("%d people were told, not %d: %v", got, want, err)
			}
		}
		var titles []string
		for i := range 22 {
			titles = append(titles, fmt.Sprintf("Cháy chợ\nsố %d", i))
		}
		hear(append(titles, "Mưa lớn")...)
		step(1)
		step(0)
		list, err := w.h.Insight.Notices(ctx, analyst, 10)
		if err != nil || len(list) != 1 || list[0].Kind != "watch.hit" || list[0].Title != "chay cho" || insight.Address(list[0].Thing) != "/desk/watches/"+one.ID {
			t.Errorf("%+v %v", list, err)
		}
		if got := w.count(`SELECT COUNT(*) FROM mail_waiting WHERE id LIKE 'watch/%'`); got != 1 {
			t.Errorf("%d letters wait", got)
		}
		var subject, text string
		if err := w.h.DB.QueryRow(ctx, `SELECT subject, body FROM mail_waiting WHERE id LIKE 'watch/%'`).Scan(&subject, &text); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Vì: Ban quản lý chợ hỏi mỗi sáng", "Cháy chợ số 19", "https://bao.example/20\n", "Còn 2 bài nữa", "http://localhost:8080/desk/watches/" + one.ID} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter has no %q:\n%s", want, text)
			}
		}
		if subject != "22 bài khớp: chay cho" || strings.Contains(text, "Mưa") || strings.Contains(text, "số 20") || strings.Contains(text, "⟦") {
			t.Errorf("%s\n%s", subject, text)
		}
		// A webhook that was stopped has its notice, by the ledger.
		if _, _, err := w.h.Radar.ChangeWatch(ctx, analyst, radar.WatchInput{ID: one.ID, Version: 1, Query: one.Query, Why: one.Why, Webhook: "http://127.0.0.1:8099/inside"}); err != nil {
			t.Fatal(err)
		}
		hear("Lại cháy chợ")
		step(1)
		for range 15 {
			if _, err := w.h.Radar.HookDue(ctx); err != nil {
				t.Fatal(err)
			}
			w.clock.Add(6 * time.Hour)
		}
		if got, _, err := w.h.Radar.Watch(ctx, analyst, one.ID, 1, 0); err != nil || !got.HookOff || got.HookFault != fetch.Private {
			t.Fatalf("%+v %v", got, err)
		}
		stop := w.run(w.h)
		w.until(w.h, "the owner knows that the webhook was stopped", func() bool {
			return w.count(`SELECT COUNT(*) FROM notice WHERE kind = 'watch.webhook-stopped'`) == 1
		})
		stop()
		// Who has left is told nothing.
		admin := w.person("quan-tri", regulation.Admin, "TTBC")
		a, err := w.h.People.Account(ctx, analyst.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.h.People.Close(ctx, admin, analyst.ID, a.Version); err != nil {
			t.Fatal(err)
		}
		before := w.count(notices)
		w.clock.Add(time.Hour)
		hear("Cháy chợ lần nữa")
		step(1)
		step(0)
		if w.count(notices) != before {
			t.Error("who has left was told")
		}
	})
}
