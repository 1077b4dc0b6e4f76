package radar

import (
	"fmt"
	"strings"
	"testing"

	"khue/internal/testkit"
	"khue/radar/watch"
)

// BenchmarkTryWatch tries a query on as many mentions as a trial reads at most, each of about 2 KB.
func BenchmarkTryWatch(b *testing.B) {
	k := testkit.SQLite(b)
	r := New(Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Now: k.Clock.Now, Log: k.Log})
	body := strings.Repeat("Phường Thử Nghiệm cho biết nước sẽ ngừng từ 13 giờ đến 15 giờ để nối đường ống mới ở phố Mẫu. ", 17)
	var list []watchedNews
	for i := range trialMost {
		list = append(list, watchedNews{fmt.Sprintf("Tin số %d ở phường Thử Nghiệm", i), body})
		if len(list) == 10_000 {
			ready(b, k, k.Clock.Now(), list...)
			list = list[:0]
		}
	}
	b.SetBytes(int64(trialMost * len(body)))
	for b.Loop() {
		t, err := r.TryWatch(k.Ctx, analyst, `("cắt nước" HOẶC "ngừng nước") GẦN/10 phố Mẫu KHÔNG số 7`)
		if err != nil || t.Read != trialMost {
			b.Fatal(t.Read, err)
		}
	}
}

// BenchmarkHold holds mentions of about 2 KB against 10,000 watches, as the grouping does.
func BenchmarkHold(b *testing.B) {
	var queries []*watch.Query
	for i := range maxWatches {
		q, bad := parseWatch(fmt.Sprintf(`"phố số %d" GẦN/10 (ngập HOẶC cháy chợ) KHÔNG diễn tập`, i))
		if bad != nil {
			b.Fatal(bad)
		}
		queries = append(queries, q)
	}
	book := watch.Compile(queries)
	body := strings.Repeat("Phường Thử Nghiệm cho biết nước ngập phố số 17 từ 13 giờ đến 15 giờ, đường ống mới ở phố Mẫu đang nối. ", 17)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		n := 0
		book.Scan(func(watch.Match) { n++ }, "Tin trong ngày", body)
		if n != 1 {
			b.Fatal(n)
		}
	}
}
