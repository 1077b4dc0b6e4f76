package demo

import (
	"context"
	"time"

	"khue/radar"
)

// watches are what people of the centre watch for from the second day on, and why.
var watches = []struct {
	key string
	in  radar.WatchInput
}{
	{"phan-tich", radar.WatchInput{
		Query: `("cắt nước" HOẶC "ngừng nước" HOẶC "nối ống") GẦN/25 "phường Láng"`, Why: "Phường sắp nối ống ở phố Mẫu; cần biết ngay nếu có tin đồn mất nước dài ngày.", Pace: radar.AtOnce,
	}},
	{"truc-ban", radar.WatchInput{
		Query: `(ngập HOẶC "cây đổ" HOẶC "mùi khét" HOẶC kẹt xe) KHÔNG ("diễn tập" HOẶC "múa rối")`, Why: "Họp giao ban 7 giờ sáng cần danh sách sự cố trong đêm.", Pace: radar.Daily,
	}},
}

// watching lets people watch for phrases.
func (t *teller) watching(context.Context) error {
	for _, w := range watches {
		t.s.at(t.end.Add(-13*24*time.Hour), "watch", func(ctx context.Context) error {
			_, _, err := t.h.Radar.AddWatch(ctx, t.actors[w.key], w.in)
			return err
		})
	}
	return nil
}
