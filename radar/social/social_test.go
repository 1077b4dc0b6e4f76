package social

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"khue/radar/feed"
)

var hanoi = time.FixedZone("+07", 7*3600)

const timeline = `[
{"id":"113","uri":"https://x.example/users/ai/statuses/113","url":"https://x.example/@ai/113","created_at":"2026-11-09T00:30:00.000Z","content":"<p>Phố Mẫu mất nước từ sáng. Ai biết bao giờ có lại?</p>","spoiler_text":"","visibility":"public","language":"vi","reblog":null,"account":{"username":"ai","display_name":"Tên Người","url":"https://x.example/@ai"},"media_attachments":[],"tags":[{"name":"hanoi"}],"card":null},
{"id":"112","uri":"https://y.example/a/112","url":null,"created_at":"2026-11-09T00:20:00Z","content":"","visibility":"public","reblog":{"id":"99","uri":"https://z.example/a/99","url":"https://z.example/@b/99","created_at":"2026-11-08T23:00:00Z","content":"<p>Tin được đăng lại</p>","visibility":"public","account":{"username":"b"}}},
{"id":"111","uri":"https://x.example/a/111","created_at":"2026-11-09T00:10:00Z","content":"<p>Chỉ bạn bè</p>","visibility":"private"},
{"id":"110","uri":"https://x.example/a/110","url":"https://x.example/@c/110","created_at":"not a time","content":null,"visibility":"public","media_attachments":[{"description":"Ảnh phố ngập nước"}]},
{"id":"109","uri":"https://x.example/a/109","url":"javascript:alert(1)","created_at":"2026-11-09T00:00:00Z","content":"<p>Địa chỉ lạ</p>","visibility":"public"},
{"id":108},
"rubbish",
{"id":"107","uri":"https://z.example/a/99","url":"https://z.example/@b/99","created_at":"2026-11-08T23:00:00Z","content":"<p>Tin được đăng lại</p>","visibility":"public"}
]`

func TestTimeline(t *testing.T) {
	items, newest, err := Timeline([]byte(timeline))
	if err != nil || newest != "113" {
		t.Fatalf("%q %v", newest, err)
	}
	want := []string{
		"https://x.example/@ai/113 Phố Mẫu mất nước từ sáng.",
		"https://z.example/@b/99 Tin được đăng lại",
		"https://x.example/@c/110 Ảnh phố ngập nước",
		"https://x.example/a/109 Địa chỉ lạ",
	}
	if len(items) != len(want) {
		t.Fatalf("%d posts: %+v", len(items), items)
	}
	for i, w := range want {
		if got := items[i].URL + " " + items[i].Title; got != w {
			t.Errorf("%d: %q, want %q", i, got, w)
		}
		data, err := json.Marshal(items[i])
		if err != nil || strings.Contains(string(data), "Tên Người") {
			t.Errorf("%d tells who wrote it: %s %v", i, data, err)
		}
	}
	if items[0].Author != "https://x.example/@ai" || items[1].Author != "" {
		t.Errorf("%q %q", items[0].Author, items[1].Author)
	}
	if at := items[0].Published; !at.Equal(time.Date(2026, 11, 9, 7, 30, 0, 0, hanoi)) || items[0].Lang != "vi" || items[0].Categories[0] != "hanoi" {
		t.Errorf("%+v", items[0])
	}
}

func TestTimelineFaults(t *testing.T) {
	for in, want := range map[string]error{
		``: ErrNoTimeline, `{"error":"This method requires an authenticated user"}`: ErrClosed, `{"a":1}`: ErrNoTimeline, `<html>`: ErrNoTimeline, `[{"id":"1"`: ErrNoTimeline,
	} {
		if _, _, err := Timeline([]byte(in)); !errors.Is(err, want) {
			t.Errorf("%q: %v", in, err)
		}
	}
	if items, newest, err := Timeline([]byte(`[]`)); err != nil || newest != "" || len(items) != 0 {
		t.Errorf("%v %q %v", items, newest, err)
	}
}

func TestTimelineOf(t *testing.T) {
	for in, want := range map[string]string{
		"https://x.example/tags/hanoi":                                      "https://x.example/api/v1/timelines/tag/hanoi?limit=40",
		"https://x.example/tags/hà_nội":                                     "https://x.example/api/v1/timelines/tag/h%C3%A0_n%E1%BB%99i?limit=40",
		"https://x.example/web/timelines/public/local":                      "https://x.example/api/v1/timelines/public?limit=40&local=true",
		"https://x.example/public":                                          "https://x.example/api/v1/timelines/public?limit=40",
		"https://x.example/api/v1/timelines/public?local=true&min_id=3":     "https://x.example/api/v1/timelines/public?limit=40&local=true",
		"https://x.example/@ai":                                             "",
		"https://x.example/api/v1/timelines/home":                           "",
		"https://x.example/tags/a/b":                                        "",
		"khong phai dia chi":                                                "",
		"https://x.example/api/v1/timelines/tag/hanoi?limit=5&only_media=1": "https://x.example/api/v1/timelines/tag/hanoi?limit=40&only_media=1",
	} {
		if got, ok := TimelineOf(in); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", in, got, ok, want)
		}
	}
	if got := After("https://x.example/api/v1/timelines/public?limit=40", "9"); got != "https://x.example/api/v1/timelines/public?limit=40&min_id=9" {
		t.Errorf("%q", got)
	}
}

func bluesky(text, more string) string {
	return fmt.Sprintf(`{"did":"did:plc:abc","time_us":1794184200000001,"kind":"commit","commit":{"rev":"3l","operation":"create","collection":"app.bsky.feed.post","rkey":"3lk2","record":{"$type":"app.bsky.feed.post","createdAt":"2026-11-09T00:29:59.5Z","text":%q%s},"cid":"bafy"}}`, text, more)
}

func TestJetstream(t *testing.T) {
	m, err := Filter{Words: []string{"Hà Nội", "phố Mẫu"}, Tags: []string{"#ngập"}, Accounts: []string{"did:plc:city"}, Langs: []string{"vi"}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	vi := `,"langs":["vi-VN"]`
	cases := []struct {
		name, in string
		wanted   bool
		cursor   int64
	}{
		{"word", bluesky("Trời Hà Nội hôm nay lạnh", vi), true, 1794184200000001},
		{"word without marks", bluesky("PHO MAU mat nuoc roi", vi), true, 1794184200000001},
		{"part of a word", bluesky("Nhà nộiy", vi), false, 1794184200000001},
		{"another language", bluesky("Hà Nội is cold", `,"langs":["en"]`), false, 1794184200000001},
		{"tag of a facet", bluesky("Nước lên", vi+`,"facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"Ngập"}]}]`), true, 1794184200000001},
		{"word in the shared link's title", bluesky("xem này", vi+`,"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://bao.example/1","title":"Phố Mẫu cắt nước","description":""}}`), true, 1794184200000001},
		{"nothing said", bluesky("", vi), false, 1794184200000001},
		{"listed account in another language", strings.Replace(bluesky("Good morning", `,"langs":["en"]`), "plc:abc", "plc:city", 1), true, 1794184200000001},
		{"deleted", `{"did":"did:plc:abc","time_us":5,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.post","rkey":"3lk2"}}`, false, 5},
		{"a like", `{"did":"did:plc:abc","time_us":6,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.like","rkey":"x","record":{"text":"Hà Nội"}}}`, false, 6},
		{"identity", `{"did":"did:plc:abc","time_us":7,"kind":"identity","identity":{"handle":"a.example"}}`, false, 7},
		{"key that leaves its place", strings.Replace(bluesky("Hà Nội", vi), "3lk2", "../x", 1), false, 1794184200000001},
		{"broken", `{"did":"did:plc:abc","time_us":8,`, false, 0},
		{"record of another shape", `{"did":"did:plc:abc","time_us":9,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"x","record":[1]}}`, false, 9},
		{"no time", `{"kind":"commit"}`, false, 0},
	}
	for _, c := range cases {
		e := m.Event([]byte(c.in))
		if e.Wanted != c.wanted || e.Cursor != c.cursor {
			t.Errorf("%s: wanted %v, cursor %d", c.name, e.Wanted, e.Cursor)
		}
	}
	e := m.Event([]byte(cases[0].in))
	if e.Item.Author != "did:plc:abc" || e.Item.URL != "https://bsky.app/profile/did:plc:abc/post/3lk2" || e.Item.Title != "Trời Hà Nội hôm nay lạnh" || !e.Item.Published.Equal(time.Date(2026, 11, 9, 7, 29, 59, 5e8, hanoi)) {
		t.Errorf("%+v", e.Item)
	}
	if e := m.Event([]byte(cases[5].in)); e.Link != "https://bao.example/1" {
		t.Errorf("%+v", e)
	}
	future := strings.Replace(cases[0].in, "2026-11-09T00:29:59.5Z", "2030-01-01T00:00:00Z", 1)
	if e := m.Event([]byte(future)); !e.Item.Published.Equal(time.UnixMicro(1794184200000001)) {
		t.Errorf("from the future: %s", e.Item.Published)
	}
}

func TestFilter(t *testing.T) {
	for _, f := range []Filter{{}, {Words: []string{" ", "!"}}, {Accounts: []string{"ai.example"}}, {Words: []string{strings.Repeat("a", 200)}}, {Tags: make([]string, 300)}, {Words: strings.Split(strings.Repeat("từ ", 300), " ")}} {
		if _, err := f.Compile(); !errors.Is(err, ErrNoFilter) {
			t.Errorf("%+.40v: %v", f, err)
		}
	}
	m, err := Filter{Accounts: []string{"did:plc:b", "did:plc:a"}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.Subscribe("wss://jet.example/subscribe#x", 12); err != nil || got != "wss://jet.example/subscribe?cursor=12&wantedCollections=app.bsky.feed.post&wantedDids=did%3Aplc%3Aa&wantedDids=did%3Aplc%3Ab" {
		t.Errorf("%q %v", got, err)
	}
	if m, err = (Filter{Accounts: []string{"did:plc:b"}, Words: []string{"mưa"}}).Compile(); err != nil {
		t.Fatal(err)
	}
	if got, _ := m.Subscribe("wss://jet.example/subscribe?cursor=3", 0); got != "wss://jet.example/subscribe?wantedCollections=app.bsky.feed.post" {
		t.Errorf("%q", got)
	}
}

const export = `{"name":"Kênh  phường Mẫu","type":"public_channel","id":12,"messages":[
{"id":1,"type":"service","date":"2026-11-01T07:00:00","action":"create_channel","title":"Kênh"},
{"id":2,"type":"message","date":"2026-11-09T07:30:00","date_unixtime":"1794184200","from":"Người Viết","from_id":"user1","text":"Phố Mẫu cắt nước <hai> giờ.\nNhớ trữ nước.","text_entities":[]},
{"id":3,"type":"message","date":"2026-11-09T08:00:00","from":"Người Viết","text":["Xem ",{"type":"text_link","text":"thông báo","href":"https://phuong.example"}," của phường, hỏi ",{"type":"mention","text":"@ai_do"}]},
{"id":4,"type":"message","date":"2026-11-09T08:10:00","photo":"photos/1.jpg","text":""},
{"id":"x","type":"message","text":"id không phải số"},
{"id":5,"type":"message","date":"hôm qua","text":"Không rõ giờ"}
]}`

func TestTelegram(t *testing.T) {
	var got []string
	ch, err := Telegram(strings.NewReader(export), "phuong_mau", hanoi, func(n int, it feed.Item) error {
		if strings.Contains(it.Content, "Người Viết") || strings.Contains(it.Content, "ai_do") || it.Author != "" {
			t.Errorf("%+v tells who wrote it", it)
		}
		at := ""
		if !it.Published.IsZero() {
			at = it.Published.In(hanoi).Format("15:04")
		}
		got = append(got, fmt.Sprintf("%d %s %s %s", n, it.URL, at, feed.Plain(it.Content)))
		return nil
	})
	want := []string{
		"2 https://t.me/phuong_mau/2 07:30 Phố Mẫu cắt nước <hai> giờ. Nhớ trữ nước.",
		"3 https://t.me/phuong_mau/3 08:00 Xem thông báo của phường, hỏi …",
		"6 https://t.me/phuong_mau/5  Không rõ giờ",
	}
	if err != nil || ch.Name != "Kênh phường Mẫu" || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%+v %v\n%s", ch, err, strings.Join(got, "\n"))
	}
}

func TestTelegramRefused(t *testing.T) {
	stop := errors.New("stop")
	for in, want := range map[string]error{
		``: ErrNoExport, `[]`: ErrNoExport, `{"a":1}`: ErrNoExport, `{"name":"x","type":"personal_chat","messages":[]}`: ErrPrivate, `{"name":"x","type":"private_group","messages":[]}`: ErrPrivate,
		`{"about":"…","personal_information":{}}`: ErrPrivate, `{"messages":[]}`: ErrNoExport, `{"type":"public_channel","messages":[{"id":1,"type":"message","text":"a"}]}`: stop,
	} {
		if _, err := Telegram(strings.NewReader(in), "", hanoi, func(int, feed.Item) error { return stop }); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", in, err, want)
		}
	}
	n := 0
	_, err := Telegram(strings.NewReader(export[:len(export)-150]), "", hanoi, func(int, feed.Item) error { n++; return nil })
	if err == nil || n != 2 {
		t.Errorf("breaks off: %d posts, %v", n, err)
	}
}

func TestHandle(t *testing.T) {
	for in, want := range map[string]string{
		"https://t.me/phuong_mau": "phuong_mau", "https://t.me/s/phuong_mau/12": "phuong_mau", "https://t.me/+abc": "", "https://t.me/a": "", "https://x.example/phuong_mau": "",
	} {
		if got := Handle(in); got != want {
			t.Errorf("%s: %q", in, got)
		}
	}
}

func TestTitleOf(t *testing.T) {
	long := strings.Repeat("phường Mẫu ", 40)
	for in, want := range map[string]string{
		"Ngắn.": "Ngắn.", "": "", "Phố Mẫu mất nước từ sáng nay. Câu thứ hai.": "Phố Mẫu mất nước từ sáng nay.", long: strings.TrimSpace(strings.Repeat("phường Mẫu ", 12)) + " phường…",
		strings.Repeat("à", 200): strings.Repeat("à", 140) + "…",
	} {
		if got := TitleOf(in); got != want {
			t.Errorf("%.30q: %q, want %q", in, got, want)
		}
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add([]byte(timeline))
	f.Add([]byte(`[{"id":"1","reblog":{"reblog":{}}}]`))
	f.Fuzz(func(t *testing.T, in []byte) {
		items, _, err := Timeline(in)
		if err == nil {
			for _, it := range items {
				if safe(it.URL) == "" || it.Title == "" {
					t.Fatalf("%+v", it)
				}
			}
		}
	})
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(bluesky("Hà Nội", `,"langs":["vi"]`)))
	m, err := Filter{Words: []string{"ha noi"}}.Compile()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if e := m.Event(in); e.Wanted && (e.Cursor <= 0 || e.Item.Title == "" || safe(e.Item.URL) == "") {
			t.Fatalf("%+v", e)
		}
	})
}

func FuzzTelegram(f *testing.F) {
	f.Add(export)
	f.Fuzz(func(t *testing.T, in string) {
		_, _ = Telegram(strings.NewReader(in), "phuong_mau", hanoi, func(_ int, it feed.Item) error {
			if it.Title == "" {
				t.Fatalf("%+v", it)
			}
			return nil
		})
	})
}
