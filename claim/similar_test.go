package claim_test

import (
	"testing"
	"time"

	"khue/claim"
	"khue/internal/testkit"
	"khue/problem"
)

func TestSimilar(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := room(k)
		c := b.open(t, "Cắt nước toàn thành phố Hà Nội bảy ngày để sửa đường ống sông Đà")
		for _, s := range []string{
			"Trường tiểu học ở phường Láng cho học sinh nghỉ ba ngày vì cúm", "Phí gửi xe ở ga Cát Linh tăng gấp đôi từ tuần sau", "Cầu Long Biên đóng hẳn từ tháng 12",
		} {
			k.Clock.Add(time.Second)
			b.open(t, s)
		}
		const post = "mọi người ơi nghe nói sắp cắt nước toàn thành phố bảy ngày để sửa đường ống sông Đà, tích nước đi"
		first := func(list []claim.Similar) string {
			if len(list) == 0 {
				return ""
			}
			return list[0].Code
		}
		list, err := b.Like(k.Ctx, b.lan, post)
		if err != nil || first(list) != c.Code || len(list) != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		if list, err = b.LikePublic(k.Ctx, post); err != nil || len(list) != 0 {
			t.Errorf("what is not public was told: %+v %v", list, err)
		}
		_, err = b.Like(k.Ctx, b.ngoc, post)
		want(t, err, problem.Forbidden)
		k.Clock.Add(time.Second)
		b.publish(t, c, claim.False)
		if list, err = b.LikePublic(k.Ctx, post); err != nil || first(list) != c.Code || list[0].Now().Verdict != claim.False {
			t.Errorf("%+v %v", list, err)
		}
		if list, err = b.LikePublic(k.Ctx, "Giá vàng sáng nay ở Cầu Giấy"); err != nil || len(list) != 0 {
			t.Errorf("something else: %+v %v", list, err)
		}
		if list, err = b.Like(k.Ctx, b.lan, " … "); err != nil || len(list) != 0 {
			t.Errorf("nothing: %+v %v", list, err)
		}

		// What was closed without a verdict is no longer offered.
		d := b.open(t, "Chợ Hàng Da đóng cửa một tháng để sửa mái")
		k.Clock.Add(time.Second)
		if _, err = b.Close(k.Ctx, b.lan, claim.CloseInput{Claim: d.ID, Version: d.Version, Reason: "x"}); err != nil {
			t.Fatal(err)
		}
		if list, err = b.Like(k.Ctx, b.lan, "Chợ Hàng Da đóng cửa một tháng để sửa mái?"); err != nil || first(list) == d.Code {
			t.Errorf("%+v %v", list, err)
		}
	})
}
