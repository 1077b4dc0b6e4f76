package signals_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"khue/regulation"
	"khue/store"
	"khue/web/desk/signals"
	"khue/web/frame"
	"khue/web/public/city"
	"khue/web/public/claims"
	"khue/web/site"
	"khue/web/webtest"
)

// TestSignalsByForms walks a signal from the list to a judgement, and to the public as being checked.
func TestSignalsByForms(t *testing.T) {
	k := webtest.New(t, func(f *frame.Frame, s *site.Site) { signals.Register(f, s); claims.Register(f, s); city.Register(f, s) })
	at := store.Micros(k.Clock.Now())
	if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO story (id, headline, lang, state, merged_into, first_mention, first_at, last_at, mentions, voices, sources) VALUES ('s1', 'Nước máy có <b>chất lạ</b>', 'vi', 'live', '', 'm1', ?1, ?1, 9, 8, 7)`, at); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO signal (id, story, kind, score, reasons, at, lapses, thing) VALUES ('known-false/m1', 's1', 'known-false', 0.9, '[{"key":"known","with":{"claim":"KC-2026-0007"}}]', ?1, ?2, 'KC-2026-0007')`,
			at, store.Micros(k.Clock.Now().Add(72*time.Hour)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	analyst, approver := k.Centre(t, "Bùi Phân Tích", regulation.Analyst), k.Centre(t, "Đỗ Duyệt", regulation.Approver)
	analyst.Get("/desk/signals").Has(t, 200, "Tin đã bác bỏ lặp lại", "Nước máy có &lt;b&gt;chất lạ", "nói lại điều đã bị bác bỏ ở KC-2026-0007", "tự hết sau", "Có ích", "8 bài riêng").Lacks(t, "⟦")
	analyst.Get("/en/desk/signals?kind=known-false").Has(t, 200, "says again what KC-2026-0007 refuted", "Useful").Lacks(t, "⟦")
	analyst.Get("/desk/signals?kind=burst").Has(t, 200, "Không có dấu hiệu nào đang chờ")
	analyst.Post("/desk/signals/known-false/m1/judge", "useful", "2").Has(t, 422)
	advise := "/desk/signals/known-false/m1/advise"
	analyst.Get(advise).Has(t, 200, "Không kết luận", "Tin tiếp theo lúc")
	next := k.Clock.Now().Add(3 * time.Hour).In(time.FixedZone("", 7*3600)).Format("2006-01-02T15:04")
	analyst.Post(advise, "title", "Nước máy có chất lạ", "known", "", "next", next).Has(t, 422, "nhắc lại tin chưa kiểm chứng", "Nước máy có chất lạ")
	analyst.Post(advise, "title", "Kiểm tra nước ở xóm Bến Gạo", "known", "Đang lấy mẫu <i>nước</i>.", "next", next).Has(t, 200, "Đã trình người duyệt", "chờ duyệt").Lacks(t, "Cho công khai")
	k.Visitor(t).Get("/claims").Lacks(t, "Bến Gạo")
	page := approver.Get("/desk/signals")
	page.Has(t, 200, "Cho công khai")
	_, rest, _ := strings.Cut(page.Body, `action="/desk/advisories/`)
	id, _, _ := strings.Cut(rest, `"`)
	approver.Post("/desk/advisories/"+id, "do", "show").Has(t, 200, "Đã công khai", "đang công khai", "Rút xuống")
	visitor := k.Visitor(t)
	told := func(so bool) {
		t.Helper()
		k.Until(t, func() bool { return strings.Contains(visitor.Get("/claims").Body, "Bến Gạo") == so }) // kept pages follow the log
	}
	told(true)
	visitor.Get("/claims").Has(t, 200, "Đang kiểm chứng", "Kiểm tra nước ở xóm Bến Gạo", "Đang lấy mẫu &lt;i&gt;nước", "Chưa có kết luận").Lacks(t, "chất lạ")
	approver.Post("/desk/advisories/"+id, "do", "end").Has(t, 200, "Đã rút xuống")
	told(false)
	analyst.Post("/desk/signals/known-false/m1/judge", "useful", "1").Has(t, 200, "Đã chấm có ích", "Không có dấu hiệu nào đang chờ")
	analyst.Get("/desk/signals?all=1").Has(t, 200, "Bùi Phân Tích chấm có ích")
	k.Visitor(t).Get("/listening").Has(t, 200, "Máy báo gì, đúng được bao nhiêu", "100%")
}
