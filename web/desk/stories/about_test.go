package stories_test

import (
	"net/url"
	"strings"
	"testing"

	"khue/radar"
	"khue/regulation"
)

// storyBy gives the demo's story with certain words in its headline.
func storyBy(t *testing.T, list []radar.Story, words string) radar.Story {
	t.Helper()
	for _, s := range list {
		if strings.Contains(s.Headline, words) {
			return s
		}
	}
	t.Fatalf("no story with %q", words)
	return radar.Story{}
}

// TestStoryTellsWhatItIsAbout: summary, topic with its reason, places, the other language, who follows and what was noted; the list
// is filtered by each of them.
func TestStoryTellsWhatItIsAbout(t *testing.T) {
	k, b := demoHouse(t)
	page, err := k.Radar.Stories(k.Ctx, b.Actor, 1, 200, radar.StoryCursor{})
	if err != nil {
		t.Fatal(err)
	}
	water := storyBy(t, page.Stories, "ngừng hai giờ")
	at := "/desk/radar/" + water.ID
	b.Get(at).Has(t, 200, "Tóm tắt", "Từ khóa", "Đô thị · Nước sạch, thoát nước", "Máy xếp, chắc", "vì có:", "Phường Láng", "Ngôn ngữ khác", "Lang Ward", "Cùng có:", "Cùng làm", "đã gộp một luồng vào luồng này", "Cùng việc nối ống phố Mẫu", "Gộp, tách").Lacks(t, "⟦")
	b.Get("/en"+at).Has(t, 200, "In short", "City · ", "because of:", "Other language").Lacks(t, "⟦")
	for query, has := range map[string]bool{
		"topic=city": true, "topic=city.water": true, "topic=culture": false, "ward=00199": true, "ward=00004": false, "office=SYT": false, "followed=1": false, "topic=city&ward=00199": true,
	} {
		p := b.Get("/desk/radar?" + query)
		if got := strings.Contains(p.Body, `id="story-`+water.ID+`"`); p.Status != 200 || got != has {
			t.Errorf("%s: %d, shows it: %v", query, p.Status, got)
		}
	}
	b.Get("/desk/radar?topic=culture.heritage&ward=00004").Has(t, 200, "Không có luồng tin nào khớp", "Bỏ lọc")
	b.Post(at+"/follow", "do", "follow").Has(t, 200, "Bạn đang theo dõi luồng này", "Thôi theo dõi", "Đang theo dõi: Phan Phân Tích")
	b.Get("/desk/radar?followed=1").Has(t, 200, `id="story-`+water.ID+`"`)
	b.Post(at+"/note", "note", "Gọi lại phường lúc 9 giờ.").Has(t, 200, "Đã thêm ghi chú", "Gọi lại phường lúc 9 giờ.")
	b.Post(at+"/topic", "way", "topic", "label", "government.procedures").Has(t, 200, "Đã sửa; máy đã học", "Phan Phân Tích xếp", "đã sửa chủ đề thành Chính quyền · Thủ tục hành chính")
	b.Get("/desk/topics").Has(t, 200, "Việc của Thành phố", "Tám lĩnh vực", "Đô thị · Nước sạch").Lacks(t, "⟦")
	b.Get("/desk/topics/topic/government.procedures").Has(t, 200, "Từ nói mạnh nhất", "đã sửa từ Đô thị", water.Headline).Lacks(t, "⟦")
	b.Get("/en/desk/topics/field/scam-links").Has(t, 200, "Scam links", "speak most").Lacks(t, "⟦")
	b.Get("/desk/topics/topic/city").Has(t, 200, "Gồm có", "Nước sạch")
	if p := b.Get("/desk/topics/topic/none"); p.Status != 404 {
		t.Errorf("a topic that there is not: %d", p.Status)
	}
	// An editor follows and notes; the rest is the analysts'.
	e := k.Centre(t, "Biên Tập", regulation.Editor)
	e.Get(at).Has(t, 200, "Theo dõi luồng này", "Đang theo dõi: Phan Phân Tích").Lacks(t, "Gộp, tách")
	if p := e.Get(at + "/parts"); p.Status != 403 {
		t.Errorf("an editor sees the page for merging: %d", p.Status)
	}
}

// TestMergeAndSplitOnScreen: what is wrong is said beside what was chosen, and what is done leads to the story that remains or is new.
func TestMergeAndSplitOnScreen(t *testing.T) {
	k, b := demoHouse(t)
	page, err := k.Radar.Stories(k.Ctx, b.Actor, 2, 200, radar.StoryCursor{})
	if err != nil {
		t.Fatal(err)
	}
	one, two := storyBy(t, page.Stories, "Ngõ 45"), storyBy(t, page.Stories, "múa rối")
	at := "/desk/radar/" + one.ID
	b.Get(at+"/parts").Has(t, 200, "Gộp hoặc tách luồng tin", "Tách thành luồng riêng", "Gộp hai luồng").Lacks(t, "⟦")
	b.Post(at+"/split", "reason", "Nhầm").Has(t, 422, "chọn ít nhất một lượt nhắc", "Nhầm")
	b.Post(at+"/merge", "link", "https://khue.example/desk/radar/none", "why", "Thử").Has(t, 422, "không có luồng tin ấy", "Thử")
	_, mentions, err := k.Radar.Story(k.Ctx, b.Actor, one.ID, 200)
	if err != nil {
		t.Fatal(err)
	}
	first := ""
	for _, m := range mentions {
		if m.CopyOf == "" && first == "" {
			first = m.ID
		}
	}
	p := b.Post(at+"/split", "mention", first, "reason", "Chuyện khác").Has(t, 200, "Đã tách. Đây là luồng mới.", "đã tách luồng này từ một luồng khác", "Chuyện khác")
	made, _ := url.PathUnescape(strings.TrimPrefix(p.Path, "/desk/radar/"))
	if !strings.HasPrefix(made, "h") {
		t.Fatalf("split leads to %s", p.Path)
	}
	b.Get(at).Has(t, 200, "đã tách một luồng ra khỏi luồng này", "Chuyện khác")
	p = b.Post("/desk/radar/"+two.ID+"/merge", "link", "https://khue.example"+at+"?x=1", "why", "Thử gộp").Has(t, 200, "Đã gộp hai luồng tin", "Thử gộp")
	if p.Path != at {
		t.Errorf("merging leads to %s, want the older one %s", p.Path, at)
	}
	if p := b.Get("/desk/radar/" + two.ID); p.Path != at {
		t.Errorf("the address of the one that went leads to %s", p.Path)
	}
}
