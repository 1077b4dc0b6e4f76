package watches_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"khue/regulation"
	"khue/store"
	"khue/web/desk/watches"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/webtest"
)

// say puts a mention into the database, as one that was grouped long ago: the house runs, and would group a new one at any moment.
func say(t *testing.T, k *webtest.Kit, n int, title, text string) {
	t.Helper()
	if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		at := store.Micros(k.Clock.Now())
		_, err := tx.Exec(ctx, `INSERT INTO mention (id, source, url, title, text, lang, kind, published, clamped, seen, ready, tries, try_at, story, copy_of)
VALUES (?1, 'nguon', 'https://bao.example/1', ?2, ?3, 'vi', 'article', ?4, 0, ?4, ?5, 0, 0, '', '')`, fmt.Sprint("m", n), title, text, at, n-1000)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWatchesByForms tries a query, saves it, sees what it finds, changes and ends it.
func TestWatchesByForms(t *testing.T) {
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) { watches.Register(f, s) })
	say(t, k, 1, "Ngập ở <b>phố Mẫu</b>, xe chết máy", "Nước lên lúc bảy giờ.")
	analyst, approver := k.Centre(t, "Bùi Phân Tích", regulation.Analyst), k.Centre(t, "Đỗ Duyệt", regulation.Approver)
	approver.Get("/desk/watches").Has(t, 200, "Chưa theo dõi").Lacks(t, "Theo dõi cụm từ mới", "⟦")
	approver.Get("/desk/watches/new").Has(t, 403)
	analyst.Get("/desk/watches").Has(t, 200, "Theo dõi cụm từ mới")
	analyst.Get("/desk/watches/new?query=ngap").Has(t, 200, "Thử trên 30 ngày qua", ">ngap</textarea>").Lacks(t, "⟦")
	analyst.Post("/desk/watches", "do", "try", "query", "ngập (phố", "why", "Vì mưa").Has(t, 422, "Ký tự 6: trước ( thiếu VÀ, HOẶC hay GẦN/5", "ngập (phố</textarea>", "Vì mưa</textarea>").Lacks(t, "⟦", "{column}", "..")
	tried := analyst.Post("/desk/watches", "do", "try", "query", "ngap AND =phố", "why", "", "pace", "daily")
	tried.Has(t, 200, "1 bài khớp trong 1 bài", "khoảng 1,0 báo mỗi ngày", "<mark>Ngập</mark> ở &lt;b&gt;<mark>phố</mark> Mẫu&lt;/b&gt;, xe", `value="daily" checked`).Lacks(t, "⟦", "<b>phố")
	analyst.Post("/desk/watches", "do", "save", "query", "ngap", "why", " ", "pace", "at-once").Has(t, 422, "Vì sao theo dõi")
	saved := analyst.Post("/desk/watches", "do", "save", "query", "ngap", "why", "Trực <i>mưa</i> bão", "pace", "at-once", "webhook", "https://may.example/khue?k=bi-mat")
	saved.Has(t, 200, "Khóa ký của webhook", "Trực &lt;i&gt;mưa&lt;/i&gt; bão", "Bùi Phân Tích", "may.example").Lacks(t, "bi-mat", "⟦")
	id := regexp.MustCompile(`/desk/watches/([0-9a-f-]{36})/edit`).FindStringSubmatch(saved.Body)[1]
	one := "/desk/watches/" + id
	analyst.Get(one).Has(t, 200, "Chưa có bài nào khớp").Lacks(t, "Khóa ký")
	say(t, k, 2, "Lại ngập", "Phố Mẫu lại ngập sau mưa.")
	if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO watch_hit (watch, n, mention, at) VALUES (?1, 2, 'm2', ?2)`, id, store.Micros(k.Clock.Now()))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	approver.Get(one).Has(t, 200, "Lại <mark>ngập</mark>", "Phố Mẫu lại <mark>ngập</mark> sau mưa.", "1 bài trong 24 giờ").Lacks(t, "Thôi theo dõi", "xe chết máy")
	approver.Get("/desk/watches").Has(t, 200, "Bùi Phân Tích lập", "bàn làm việc, webhook, ngay khi có")
	approver.Get("/en"+one).Has(t, 200, "What was found").Lacks(t, "⟦")
	other := k.Centre(t, "Lê Trực Ban", regulation.DutyOfficer)
	other.Get(one+"/edit").Has(t, 200, "Từ nay báo cho tôi", "bi-mat")
	other.Post(one, "do", "save", "version", "7", "query", "ngap", "why", "Trực", "pace", "daily").Has(t, 409, "ngap</textarea>")
	other.Post(one, "do", "try", "version", "1", "query", "ngap", "why", "Trực", "pace", "daily").Has(t, 200, "2 bài khớp")
	other.Post(one, "do", "save", "version", "1", "query", "ngap", "why", "Trực đêm", "pace", "daily", "take", "1").Has(t, 200, "Đã lưu", "Trực đêm", "Lê Trực Ban", "gộp mỗi ngày lúc 7 giờ")
	other.Post(one, "do", "end").Has(t, 200, "Đã thôi theo dõi", "1 bài trong 24 giờ, 1 bài trong 7 ngày")
	other.Get(one).Has(t, 200, "Đã thôi theo dõi", "Lại <mark>ngập</mark>").Lacks(t, one+"/edit")
	other.Get(one+"/edit").Has(t, 200, "Bài đã khớp")
	other.Post(one, "do", "end").Has(t, 409)
	other.Get("/desk/watches/none").Has(t, 404)
}
