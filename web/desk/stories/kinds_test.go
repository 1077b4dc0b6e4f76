package stories

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"khue/internal/house"
	"khue/radar"
	"khue/regulation"
	"khue/web/webtest"
)

// ward is a network with one page that lists.
type ward struct{}

const wardPage = `<html><head><title>Phường Mẫu</title></head><body><ul class="tin">
<li><a href="/1">Phường Mẫu mở lớp dạy bơi miễn phí cho trẻ em</a></li><li><a href="/2">Tổ dân phố số 7 trồng thêm cây bóng mát</a></li>
<li><a href="/3">Lịch tiêm chủng tháng này của trạm y tế phường</a></li><li><a href="/4">Thông báo sửa ống nước ở phố Thử trong tuần</a></li></ul></body></html>`

// RoundTrip answers as the page's server.
func (ward) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusNotFound, ""
	if r.URL.Path == "/tin" {
		status, body = http.StatusOK, wardPage
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func one(field, name, body string) []webtest.File {
	return []webtest.File{{Field: field, Name: name, Data: []byte(body)}}
}

func wardKit(t *testing.T) (*webtest.Kit, *webtest.Browser) {
	t.Helper()
	k := webtest.NewWith(t, func(c *house.Config) { c.Network, c.Pause = ward{}, time.Nanosecond }, Register)
	return k, k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
}

// TestTryThenAdd: a list page is tried first, its selectors found out, and then added; a wrong selector comes back to its field.
func TestTryThenAdd(t *testing.T) {
	k, an := wardKit(t)
	an.Get("/desk/sources/new").Has(t, 200, "Bộ chọn CSS", "trang liệt kê").Lacks(t, "⟦")
	an.Get("/en/desk/sources/new").Has(t, 200, "CSS selectors").Lacks(t, "⟦")
	an.Post("/desk/sources", "do", "look", "kind", "page", "address", "https://phuong.example/tin", "trust", "unknown").
		Has(t, 200, "Tìm thấy trang liệt kê: 4 mục", "Phường Mẫu mở lớp dạy bơi", `value="ul.tin &gt; li &gt; a"`).Lacks(t, "⟦")
	if list, err := k.Radar.Sources(k.Ctx, an.Actor); err != nil || len(list) != 0 {
		t.Fatalf("a look added %+v, %v", list, err)
	}
	an.Post("/desk/sources", "do", "add", "kind", "page", "address", "https://phuong.example/tin", "item", "li[", "trust", "unknown").Has(t, 422, "không phải bộ chọn CSS", `value="li["`)
	an.Post("/desk/sources", "do", "look", "kind", "page", "address", "https://phuong.example/tin", "item", "table", "trust", "unknown").Has(t, 422, "không tìm thấy mục nào")
	an.Post("/desk/sources", "do", "add", "kind", "page", "address", "https://phuong.example/tin", "item", "ul.tin > li", "group", "Phường / Mẫu", "beat", "health", "trust", "official", "owner", "me").Has(t, 200, "Đã thêm nguồn Phường Mẫu")
	list, err := k.Radar.Sources(k.Ctx, an.Actor)
	if err != nil || len(list) != 1 || list[0].Kind != radar.KindPage || list[0].Group != "Phường/Mẫu" || list[0].Owner != an.Actor.ID || list[0].Trust != radar.Official {
		t.Fatalf("%+v %v", list, err)
	}
	at := "/desk/sources/" + list[0].ID
	an.Get(at).Has(t, 200, "Phường/Mẫu", "Bùi Phân Tích", "chính thức", `value="ul.tin &gt; li"`).Lacks(t, "⟦")
	an.Post(at, "version", "1", "kind", "page", "more", "1", "name", "Phường Mẫu", "item", "a[", "trust", "official", "state", "active").Has(t, 422, "không phải bộ chọn CSS")
	an.Post(at, "version", "1", "kind", "page", "more", "1", "name", "Phường Mẫu 2", "item", ".tin li", "trust", "known", "state", "paused").Has(t, 200, "Đã lưu nguồn Phường Mẫu 2", "quen biết")
	for query, want := range map[string]bool{"": true, "?group=Ph%C6%B0%E1%BB%9Dng": false, "?kind=page": true, "?kind=feed": false, "?health=paused": true, "?health=fault": false} {
		p := an.Get("/desk/sources"+query).Has(t, 200, "Lọc").Lacks(t, "⟦")
		if strings.Contains(p.Body, "Phường Mẫu 2") != want {
			t.Errorf("%q: shown %v", query, !want)
		}
	}
	an.Get("/desk/sources/list").Has(t, 200, "OPML").Lacks(t, "⟦")
	p := an.Get("/desk/sources/list/khue.opml").Has(t, 200, `xmlUrl="https://phuong.example/tin"`, `khue:kind="page"`)
	if got := p.Header.Get("Content-Disposition"); !strings.Contains(got, "khue.opml") {
		t.Errorf("%q", got)
	}
	an.Upload("/desk/sources/list", one("file", "x.opml", `<opml version="2.0"><body><outline text="Báo Hoa" xmlUrl="https://hoa.example/rss"/><outline text="Hỏng" xmlUrl="ftp://x"/></body></opml>`)).Has(t, 200, "Thêm 1 nguồn", "Hỏng ftp://x").Lacks(t, "⟦")
	an.Upload("/desk/sources/list", one("file", "x.opml", `<html>`)).Has(t, 422, "không phải tệp OPML")
	an.Post("/desk/sources/list").Has(t, 422, "tệp")
}

var tokenOf = regexp.MustCompile(`name="token" value="([A-Z2-7]+)"`)

// TestUploadPage: a table is sent, its columns named, its rows taken; bad ones are told by their line.
func TestUploadPage(t *testing.T) {
	k, an := wardKit(t)
	an.Post("/desk/sources", "do", "add", "kind", "upload", "name", "Bảng Thử", "trust", "unknown").Has(t, 200, "Tải tệp lên")
	list, err := k.Radar.Sources(k.Ctx, an.Actor)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	at := "/desk/sources/" + list[0].ID + "/upload"
	an.Get(at).Has(t, 200, "CSV, XLSX").Lacks(t, "⟦")
	an.Post(at).Has(t, 422)
	an.Upload(at, one("file", "x.csv", "a\x00b")).Has(t, 422, "không phải CSV")
	p := an.Upload(at, one("file", "x.csv", "Tiêu đề,Ngày\nNgõ Thử ngập,09/11/2026\n<b>Đèn</b> hỏng,hôm nào\n")).Has(t, 200, "Ngõ Thử ngập", "&lt;b&gt;Đèn", "Cột nào là gì").Lacks(t, "⟦")
	m := tokenOf.FindStringSubmatch(p.Body)
	if m == nil {
		t.Fatal("no token")
	}
	an.Post(at, "token", m[1]).Has(t, 422, "Cột nào là gì")
	an.Post(at, "token", m[1], "title", "Tiêu đề", "time", "Ngày").Has(t, 200, "thêm 1 lượt nhắc", "1 dòng không nhận được", "hôm nào").Lacks(t, "⟦")
	an.Post(at, "token", m[1], "title", "Tiêu đề").Has(t, 410)
	k.Centre(t, "Lê Biên Tập", regulation.Editor).Get(at).Has(t, 403)
}

// TestHearPage: a link, words or a picture are written down; a picture waits for words and is shown to the desk alone.
func TestHearPage(t *testing.T) {
	k, an := wardKit(t)
	an.Get("/desk/hear").Has(t, 200, "Ghi điều nghe thấy", "Facebook").Lacks(t, "⟦")
	an.Get("/en/desk/hear").Has(t, 200, "Write down what you heard").Lacks(t, "⟦")
	an.Post("/desk/hear").Has(t, 422)
	an.Post("/desk/hear", "text", "Nghe nói chợ Mẫu sắp dời sang phố Thử").Has(t, 200, "Đã ghi")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	p := an.Upload("/desk/hear", one("picture", "a.png", b.String()), "place", "zalo").Has(t, 200, "chưa có lời").Lacks(t, "⟦")
	at := p.Path
	if !strings.HasPrefix(at, "/desk/heard/") {
		t.Fatalf("at %s", at)
	}
	file := regexp.MustCompile(`/desk/heard/[0-9a-f]+/files/[0-9a-f]+`).FindString(p.Body)
	if got := an.Get(file); got.Status != 200 || got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%d %s", got.Status, got.Header.Get("Content-Type"))
	}
	k.Visitor(t).Get(file).Lacks(t, "PNG")
	an.Get("/desk/hear").Has(t, 200, at)
	an.Post(at, "text", "").Has(t, 422)
	an.Post(at, "text", "Ảnh chụp biển báo chợ Mẫu dời sang phố Thử từ tháng sau").Has(t, 200, "Đã thêm lời")
	an.Post(at, "text", "lần nữa").Has(t, 409)
	list, err := k.Radar.Sources(k.Ctx, an.Actor)
	if err != nil || len(list) != 2 || list[0].Name != "Nơi khác" && list[1].Name != "Nơi khác" {
		t.Errorf("%+v %v", list, err)
	}
	an.Get("/desk/heard/khong-co").Has(t, 404)
}
