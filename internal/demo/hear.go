package demo

import (
	"context"
	"fmt"
	"time"

	"khue/radar"
)

// note is what the person on duty heard where no program listens.
type note struct {
	day   int // before the last one
	at    string
	place string
	name  string // of the place
	url   string
	text  string
}

// notes are such as come in two taps: mostly words, sometimes an address alone that nobody could read yet.
var notes = []note{
	{11, "21:10", "zalo", "Zalo", "", "Nhóm tổ 12 chuyền nhau tin phường Láng cắt nước bảy ngày, nhà nào cũng hứng đầy chậu."},
	{9, "15:20", "facebook", "Facebook", "https://mang.example/bai/ngo-45", "Ngõ 45 lại ngập, xe máy chết máy hàng dài, chưa thấy máy bơm chạy."},
	{6, "23:40", "phone", "Điện thoại", "", "Bà con phố Giả Định gọi: công trường vẫn đổ bê tông lúc gần nửa đêm."},
	{2, "09:30", "tiktok", "TikTok", "https://clip.example/v/thang-may", "Clip quay cửa thang máy chung cư Minh Họa kẹt giữa hai tầng, lời bình nói rơi tự do."},
	{1, "18:45", "street", "Ngoài phố", "", "Người bán nước ở ngã tư Minh Họa hỏi nhau mùi khét từ đâu ra, nhiều nhà đóng cửa."},
	{2, "20:05", "forum", "Diễn đàn", "https://dien-dan.example/kin/mui-khet", ""},
}

// hear lets the person on duty write down what was heard, and a listening service send what it has.
func (t *teller) hear(context.Context) error {
	for _, n := range notes {
		at, err := n.moment(t.end)
		if err != nil {
			return err
		}
		t.s.at(at, "heard at "+n.place, func(ctx context.Context) error {
			_, err := t.h.Radar.Hear(ctx, t.centre("truc-ban"), radar.HearInput{Place: n.place, PlaceName: n.name, URL: n.url, Text: n.text})
			return err
		})
	}
	at, err := (note{day: 2, at: "10:15"}).moment(t.end)
	if err != nil {
		return err
	}
	t.s.at(at, "a listening service sends", func(ctx context.Context) error {
		by := t.centre("phan-tich")
		if _, err := t.h.Radar.AddSource(ctx, by, radar.AddSourceInput{Kind: radar.KindUpload, Name: "Bảng điểm tin buổi sáng", Group: "Dịch vụ có phép", Trust: radar.Known}); err != nil {
			return err
		}
		s, err := t.h.Radar.AddSource(ctx, by, radar.AddSourceInput{Kind: radar.KindPush, Name: "Dịch vụ lắng nghe Giả Định", Group: "Dịch vụ có phép", Trust: radar.Known, Note: "Bảng mỗi sáng, theo hợp đồng mẫu."})
		if err != nil {
			return err
		}
		_, err = t.h.Radar.Bring(ctx, by, s.ID, []radar.Entry{
			{URL: "https://lang-nghe.example/m/1", Title: "Bình luận về thang máy Minh Họa", Text: "Nhiều bình luận hỏi thang máy chung cư Minh Họa đã kiểm tra chưa, ba người kẹt mười tám phút.", Published: at.Add(-20 * time.Minute)},
			{URL: "https://lang-nghe.example/m/2", Title: "Bàn tán quanh cây giống", Text: "Người nhận cây giống hỏi nhau lá đốm có phải cây bệnh, chưa ai trả lời.", Published: at.Add(-10 * time.Minute)},
		})
		return err
	})
	return nil
}

// moment gives when it was heard.
func (n note) moment(end time.Time) (time.Time, error) {
	at, err := time.Parse("15:04", n.at)
	if err != nil {
		return time.Time{}, fmt.Errorf("demo: note at %q: %w", n.at, err)
	}
	y, m, d := end.In(zone).Date()
	return time.Date(y, m, d-n.day, at.Hour(), at.Minute(), 0, 0, zone), nil
}
