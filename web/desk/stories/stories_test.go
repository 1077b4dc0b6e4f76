package stories_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"khue/claim"
	"khue/radar"
	"khue/radar/warn"
	"khue/regulation"
	"khue/web/desk/now"
	"khue/web/desk/stories"
	"khue/web/webtest"
)

// demoHouse gives a house in which the demo was told, and somebody who looks at it.
func demoHouse(t *testing.T) (*webtest.Kit, *webtest.Browser) {
	t.Helper()
	end := time.Date(2026, 11, 9, 12, 0, 0, 0, time.FixedZone("+07", 7*3600))
	k := webtest.NewDemo(t, end, nil, now.Register, stories.Register)
	return k, k.Centre(t, "Phan Phân Tích", regulation.Analyst)
}

// TestDemoStories: in the demo stories burst; those stand on the Now page with their reasons until something is opened, and a
// story's page says who said it first, how it spread, which text it touches and what came of it.
func TestDemoStories(t *testing.T) {
	k, b := demoHouse(t)
	k.Until(t, k.Insight.Loaded)
	page, err := k.Radar.Stories(k.Ctx, b.Actor, 10, 100, radar.StoryCursor{})
	if err != nil || len(page.Stories) < 10 {
		t.Fatalf("%d stories, %v", len(page.Stories), err)
	}
	b.Get("/desk/radar").Has(t, 200, "Nói trước nhất", "lượt nhắc").Lacks(t, "⟦")
	b.Get("/en/desk/radar").Has(t, 200, "mentions").Lacks(t, "⟦")
	raised, bursts, known, opened := 0, 0, 0, 0
	for _, s := range page.Stories {
		one := b.Get("/desk/radar/"+s.ID).Has(t, 200, "nguồn đầu tiên nghe được", "Vì sao nêu lên", "Chạm tới văn bản nào", "không phải kết luận").Lacks(t, "⟦")
		b.Get("/en/desk/radar/"+s.ID).Has(t, 200, "How it spread").Lacks(t, "⟦")
		signals, err := k.Radar.SignalsOf(k.Ctx, b.Actor, s.ID, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, signal := range signals {
			switch signal.Kind {
			case warn.Burst:
				bursts++
				one.Has(t, 200, "nguồn cùng nói trong 3 giờ")
			case warn.KnownFalse:
				known++
				one.Has(t, 200, "nói lại điều đã bị bác bỏ ở "+signal.Thing)
			default:
				t.Errorf("%s: %s", s.Headline, signal.Kind)
			}
		}
		if strings.Contains(one.Body, "Mở kiểm chứng KC-") {
			opened++
		}
	}
	if bursts == 0 || known == 0 || opened == 0 {
		t.Errorf("%d stories burst, %d say what was refuted, from %d a claim was opened", bursts, known, opened)
	}
	list, err := k.Radar.RaisedSince(k.Ctx, b.Actor, time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		raised++
		if one.Of.Merged != "" || len(one.Reasons) == 0 {
			t.Errorf("%+v", one)
		}
	}
	t.Logf("%d large stories, %d burst, %d raised, %d with a claim", len(page.Stories), bursts, raised, opened)
	b.Get("/desk").Has(t, 200).Lacks(t, "⟦")
	b.Get("/en/desk").Has(t, 200).Lacks(t, "⟦")
}

// TestRaisedUntilOpened: a burst stands on the Now page with its reasons and its caveat; when a claim is opened from it, it goes.
func TestRaisedUntilOpened(t *testing.T) {
	k, b := demoHouse(t)
	list, err := k.Radar.RaisedSince(k.Ctx, b.Actor, k.Now().Add(-72*time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	var open *radar.Raised
	for i, one := range list {
		claims, err := k.Claims.OfStory(k.Ctx, b.Actor, one.Story)
		if err != nil {
			t.Fatal(err)
		}
		matters, err := k.Inquiries.ByStory(k.Ctx, "story/"+one.Story)
		if err != nil {
			t.Fatal(err)
		}
		if len(claims)+len(matters) == 0 {
			open = &list[i]
		}
	}
	if open == nil {
		t.Fatalf("of %d bursts none waits", len(list))
	}
	b.Get("/desk").Has(t, 200, "Tăng đột biến", "dấu hiệu, không phải kết luận, tự lắng sau", "nguồn cùng nói trong 3 giờ", `href="/desk/radar/`+open.Story+`"`)
	b.Get("/desk?q="+url.QueryEscape("khong co viec nao nhu the")).Has(t, 200, "Không có việc nào khớp", "Bỏ lọc")
	if _, err := k.Claims.Open(k.Ctx, b.Actor, claim.OpenInput{Statement: open.Of.Headline, Office: "SXD", Impact: claim.Major, Story: open.Story}); err != nil {
		t.Fatal(err)
	}
	b.Get("/desk").Has(t, 200).Lacks(t, `id="story-`+open.Story+`"`)
	b.Get("/desk/radar/"+open.Story).Has(t, 200, "Việc phải làm", "Sở Xây dựng", fmt.Sprintf("KC-%d-", k.Now().Year()))
}
