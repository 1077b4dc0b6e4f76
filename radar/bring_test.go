package radar

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/table"
	"khue/regulation"
	"khue/store"
)

var (
	editor  = testkit.Centre("editor", regulation.Editor)
	officer = testkit.Of("officer", regulation.Officer, "SXD")
)

func fieldsOf(err error) string {
	var list []string
	for _, p := range problem.All(err) {
		list = append(list, p.Field+":"+string(p.Code))
	}
	return strings.Join(list, " ")
}

func TestBring(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		s := mustAdd(t, k, r, AddSourceInput{Kind: KindPush, Name: "Dịch vụ lắng nghe Thử"})
		at := k.Clock.Now().Add(-time.Hour)
		list := []Entry{
			{ID: "a1", Title: "Bài trong nhóm kín có phép", Text: "Nước ở ngõ Thử <b>đục</b> & có mùi.\nCó ai bị không?", Published: at},
			{URL: "https://bao.example/1#x", Title: "Phường Mẫu sửa ống"},
			{Text: "Chỉ có lời, không tên không địa chỉ."},
		}
		got, err := r.Bring(k.Ctx, analyst, s.ID, list)
		if err != nil || got != (Brought{Added: 3}) {
			t.Fatalf("%+v %v", got, err)
		}
		if got, err = r.Bring(k.Ctx, analyst, s.ID, list); err != nil || got != (Brought{Known: 3}) {
			t.Errorf("again: %+v %v", got, err)
		}
		if n, err := r.GroupReady(k.Ctx); err != nil || n != 2 { // what has an address alone waits for its article
			t.Errorf("%d ready, %v", n, err)
		}
		news, err := r.News(k.Ctx, analyst, s.ID, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range news {
			if m.Title == list[0].Title && (m.Text != "Nước ở ngõ Thử <b>đục</b> & có mùi. Có ai bị không?" || !m.Published.Equal(at)) {
				t.Errorf("%+v", m)
			}
		}
		before := len(k.Kinds(t))
		_, err = r.Bring(k.Ctx, analyst, s.ID, []Entry{{Title: "đúng"}, {}, {URL: "javascript:x"}, {ID: strings.Repeat("x", 300), Title: "x"}})
		if got := fieldsOf(err); got != "items.1.title:invalid items.2.url:invalid items.3.id:invalid" {
			t.Errorf("%s", got)
		}
		for _, c := range []struct {
			by   regulation.Actor
			id   string
			list []Entry
			want string
		}{
			{officer, s.ID, list, ":forbidden"},
			{editor, s.ID, list, ":forbidden"},
			{officer, "x", list, ":forbidden"},
			{analyst, "x", list, ":not-found"},
			{analyst, s.ID, nil, "items:required"},
			{analyst, s.ID, make([]Entry, MaxEntries+1), "items:invalid"},
		} {
			if _, err := r.Bring(k.Ctx, c.by, c.id, c.list); fieldsOf(err) != c.want {
				t.Errorf("%s: %q, want %q", c.by.ID, fieldsOf(err), c.want)
			}
		}
		if after := len(k.Kinds(t)); after != before {
			t.Errorf("%d entries for what was refused", after-before)
		}
		if _, err := r.ChangeSource(k.Ctx, analyst, ChangeSourceInput{ID: s.ID, Version: 1, Name: s.Name, State: Paused}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Bring(k.Ctx, analyst, s.ID, list); problem.CodeOf(err) != problem.State {
			t.Errorf("of a paused source: %v", err)
		}
	})
}

const sheet = "Tiêu đề;Nội dung;Đường dẫn;Ngày đăng;Tác giả\nNgõ Thử ngập;Nước lên nửa bánh xe.;https://nhom.example/1;09/10/2026 07:30;Người Viết\n;;;;Người Khác\nĐèn hỏng;Ba đêm chưa sửa.;không phải;;\nXe rác;Sáng nay không tới.;;hôm nào;\nChợ họp;Chợ Mẫu dời sang phố Thử.;;;"

func TestUpload(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		r.folder = t.TempDir()
		s := mustAdd(t, k, r, AddSourceInput{Kind: KindUpload, Name: "Bảng của dịch vụ Thử"})
		st, err := r.Stage(k.Ctx, analyst, s.ID, strings.NewReader(sheet))
		if err != nil || st.Format != table.CSV || len(st.Rows) != 5 || st.Mapping != (table.Mapping{URL: "Đường dẫn", Title: "Tiêu đề", Text: "Nội dung", Time: "Ngày đăng"}) {
			t.Fatalf("%+v %v", st, err)
		}
		if _, err := r.TakeTable(k.Ctx, testkit.Centre("other", regulation.Analyst), s.ID, st.Token, st.Mapping); fieldsOf(err) != "file:expired" {
			t.Errorf("somebody else's file: %v", err)
		}
		if _, err := r.TakeTable(k.Ctx, analyst, s.ID, "../../x", st.Mapping); fieldsOf(err) != "file:expired" {
			t.Errorf("%v", err)
		}
		if _, err := r.TakeTable(k.Ctx, analyst, s.ID, st.Token, table.Mapping{}); fieldsOf(err) != "title:required" {
			t.Errorf("nothing mapped: %v", err)
		}
		if _, err := r.TakeTable(k.Ctx, analyst, s.ID, st.Token, table.Mapping{Title: "khác"}); fieldsOf(err) != "title:invalid" {
			t.Errorf("a column that is not there: %v", err)
		}
		got, err := r.TakeTable(k.Ctx, analyst, s.ID, st.Token, st.Mapping)
		if err != nil || got.Rows != 5 || got.Added != 2 || got.BadAll != 3 {
			t.Fatalf("%+v %v", got, err)
		}
		var bad []string
		for _, b := range got.Bad {
			bad = append(bad, fmt.Sprintf("%d %s %s", b.Line, b.Reason, b.Value))
		}
		if strings.Join(bad, "|") != "3 nothing |4 address không phải|5 time hôm nào" {
			t.Errorf("%q", bad)
		}
		if left, err := filepath.Glob(r.folder + "/*"); err != nil || len(left) != 0 {
			t.Errorf("left behind: %q %v", left, err)
		}
		// The same columns are known the next time; the same rows add nothing.
		st, err = r.Stage(k.Ctx, analyst, s.ID, strings.NewReader(sheet))
		if err != nil {
			t.Fatal(err)
		}
		if got, err = r.TakeTable(k.Ctx, analyst, s.ID, st.Token, *health(t, k, r, s.ID).Settings.Columns); err != nil || got.Added != 0 || got.Known != 2 {
			t.Errorf("%+v %v", got, err)
		}
		// Nobody's name came in.
		for _, table := range []string{"mention", "source", "entry"} {
			if n := grep(t, k, table, "Người Viết"); n > 0 {
				t.Errorf("%s holds a name", table)
			}
		}
		// Files that nobody took in are forgotten.
		if st, err = r.Stage(k.Ctx, analyst, s.ID, strings.NewReader(sheet)); err != nil {
			t.Fatal(err)
		}
		left, err := filepath.Glob(r.folder + "/*")
		if err != nil || len(left) != 1 {
			t.Fatalf("%q %v", left, err)
		}
		old := time.Now().Add(-2 * stagedFor)
		if err := os.Chtimes(left[0], old, old); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Stage(k.Ctx, analyst, s.ID, strings.NewReader("rác\x00")); fieldsOf(err) != "file:invalid" {
			t.Errorf("%v", err)
		}
		if left, _ := filepath.Glob(r.folder + "/*"); len(left) != 0 {
			t.Errorf("%q", left)
		}
		if _, err := r.Stage(k.Ctx, officer, s.ID, strings.NewReader(sheet)); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("%v", err)
		}
	})
}

// grep counts the rows of a table in which a text stands in any column of words.
func grep(t *testing.T, k *testkit.Kit, name, what string) int {
	t.Helper()
	column := map[string]string{"mention": "title || text || url", "source": "name || note || settings", "entry": "kind"}[name]
	if name == "entry" {
		for _, rec := range k.Records(t) {
			if bytes.Contains(fmt.Appendf(nil, "%+v", rec), []byte(what)) {
				return 1
			}
		}
		return 0
	}
	var n int
	if err := k.DB.QueryRow(k.Ctx, `SELECT COUNT(*) FROM `+name+` WHERE `+column+` LIKE ?1`, "%"+what+"%").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBrokenTable: what stands before the break is taken in, and the break is told by its line.
func TestBrokenTable(t *testing.T) {
	k := testkit.SQLite(t)
	r := room(t, k)
	r.folder = t.TempDir()
	s := mustAdd(t, k, r, AddSourceInput{Kind: KindUpload, Name: "Bảng"})
	st, err := r.Stage(k.Ctx, analyst, s.ID, strings.NewReader("title\nTin một\n\"Tin hai\nTin ba\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.TakeTable(k.Ctx, analyst, s.ID, st.Token, st.Mapping)
	if err != nil || got.Added != 1 || got.Stopped != 3 || got.Why != "table.broken" {
		t.Errorf("%+v %v", got, err)
	}
	var b strings.Builder
	b.WriteString("title\n")
	for i := range 2*MaxEntries + 10 {
		fmt.Fprintf(&b, "Tin thử số %d\n", i)
	}
	if st, err = r.Stage(k.Ctx, analyst, s.ID, strings.NewReader(b.String())); err != nil {
		t.Fatal(err)
	}
	before := len(k.Kinds(t))
	if got, err = r.TakeTable(k.Ctx, analyst, s.ID, st.Token, st.Mapping); err != nil || got.Added != 2*MaxEntries+10 {
		t.Errorf("%+v %v", got, err)
	}
	if after := len(k.Kinds(t)); after-before != 3 {
		t.Errorf("%d ledger entries", after-before)
	}
}

const telegram = `{"name":"Kênh phường Mẫu","type":"public_channel","id":1,"messages":[{"id":2,"type":"message","date":"2026-11-09T07:30:00","date_unixtime":"1794184200","from":"Người Viết","text":"Phố Mẫu cắt nước từ 13 giờ."}`

func TestTelegramSource(t *testing.T) {
	k := testkit.SQLite(t)
	r := room(t, k)
	r.folder = t.TempDir()
	s := mustAdd(t, k, r, AddSourceInput{Address: "https://t.me/s/phuong_mau"})
	if s.Kind != KindTelegram || s.Address != "https://t.me/phuong_mau" {
		t.Fatalf("%+v", s)
	}
	got, err := r.TakeTelegram(k.Ctx, analyst, s.ID, strings.NewReader(telegram+"]}"))
	if err != nil || got.Added != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	if got, err = r.TakeTelegram(k.Ctx, analyst, s.ID, strings.NewReader(telegram)); err != nil || got.Known != 1 || got.Stopped == 0 {
		t.Errorf("broken off: %+v %v", got, err)
	}
	if _, err = r.TakeTelegram(k.Ctx, analyst, s.ID, strings.NewReader(strings.Replace(telegram, "public_channel", "private_group", 1))); fieldsOf(err) != "file:invalid" {
		t.Errorf("%v", err)
	}
	if grep(t, k, "mention", "Người Viết") > 0 {
		t.Error("a name came in")
	}
	if list, err := r.News(k.Ctx, analyst, s.ID, 5); err != nil || len(list) != 1 || list[0].URL != "https://t.me/phuong_mau/2" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestHearByHand(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		var attached []string
		r.attach = func(_ context.Context, _ *store.Tx, thing, file, _, _ string) error {
			attached = append(attached, thing+" "+file)
			return nil
		}
		w.on("/robots.txt", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "User-agent: *\nDisallow: /kin") })
		w.say("/mo", "text/html", `<html><head><title>Bài mở về ngõ Thử</title></head><body><article><p>`+waterText+`</p></article></body></html>`)
		hear := func(in HearInput) HeardMention {
			t.Helper()
			in.PlaceName = "Tên nơi " + in.Place
			m, err := r.Hear(k.Ctx, editor, in)
			if err != nil {
				t.Fatalf("%+v: %v", in, err)
			}
			return m
		}
		words := hear(HearInput{URL: "facebook.com/groups/1/posts/2", Text: "Ngõ Thử ngập nửa bánh xe, chưa thấy ai đến. Mọi người đi vòng."})
		if words.Parked || words.Title != "Ngõ Thử ngập nửa bánh xe, chưa thấy ai đến." {
			t.Errorf("%+v", words)
		}
		open := hear(HearInput{URL: w.url + "/mo"})
		kept := hear(HearInput{URL: w.url + "/kin/1", Place: "forum"})
		picture := hear(HearInput{File: "f1", FileName: "a.jpg", Place: "zalo"})
		if !picture.Parked || len(attached) != 1 || attached[0] != "mention/"+picture.ID+" f1" {
			t.Errorf("%+v %q", picture, attached)
		}
		if again := hear(HearInput{URL: "https://facebook.com/groups/1/posts/2#x"}); !again.Known || again.ID != words.ID || again.Title != words.Title {
			t.Errorf("%+v", again)
		}
		if other := hear(HearInput{File: "f2", Place: "zalo"}); other.ID == picture.ID {
			t.Error("two pictures are one")
		}
		if _, err := r.Step(k.Ctx); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]bool{words.ID: false, open.ID: false, kept.ID: true, picture.ID: true} {
			m, parked, err := r.MentionOf(k.Ctx, analyst, id)
			if err != nil || parked != want || (m.Story == "") != want {
				t.Errorf("%+v parked %v, %v", m, parked, err)
			}
		}
		if list, err := r.Parked(k.Ctx, analyst, 10); err != nil || len(list) != 3 {
			t.Errorf("%d wait, %v", len(list), err)
		}
		if _, err := r.Describe(k.Ctx, editor, kept.ID, " "); fieldsOf(err) != "text:required" {
			t.Errorf("%v", err)
		}
		if m, err := r.Describe(k.Ctx, editor, kept.ID, "Diễn đàn kể đèn đường ngõ Thử hỏng ba đêm."); err != nil || m.Lang != "vi" {
			t.Errorf("%+v %v", m, err)
		}
		if _, err := r.Describe(k.Ctx, editor, kept.ID, "lần nữa"); problem.CodeOf(err) != problem.State {
			t.Errorf("%v", err)
		}
		if n, err := r.GroupReady(k.Ctx); n != 1 || err != nil {
			t.Errorf("%d %v", n, err)
		}
		list, err := r.Sources(k.Ctx, analyst)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range list {
			if s.Kind != KindHand || s.Good.IsZero() {
				t.Errorf("%+v", s)
			}
			names = append(names, s.Address)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != "khue:hand/facebook khue:hand/forum khue:hand/other khue:hand/zalo" {
			t.Errorf("%s", got)
		}
		for want, in := range map[string]HearInput{"text:required": {}, "place:invalid": {Text: "x", Place: "dream"}, "url:invalid": {URL: "javascript:alert(1)"}, "text:invalid": {Text: strings.Repeat("x", maxHeard+1)}} {
			if _, err := r.Hear(k.Ctx, editor, in); fieldsOf(err) != want {
				t.Errorf("%s: %v", want, err)
			}
		}
		if _, err := r.Hear(k.Ctx, officer, HearInput{Text: "x"}); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("%v", err)
		}
	})
}

// TestReports: a citizen's report is a mention of the citizens' source, without who told it; paused, nothing is taken.
func TestReports(t *testing.T) {
	k := testkit.SQLite(t)
	r := room(t, k)
	report := func(id, words, link string) {
		t.Helper()
		if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			return r.HearReport(ctx, tx, "Người dân báo", id, words, link)
		}); err != nil {
			t.Fatal(err)
		}
	}
	report("r1", "Nghe nói chợ Mẫu sắp dời, có đúng không?", "https://mang.example/1")
	report("r1", "Nghe nói chợ Mẫu sắp dời, có đúng không?", "https://mang.example/1")
	report("r2", "", "https://mang.example/2")
	list, err := r.Sources(k.Ctx, analyst)
	if err != nil || len(list) != 1 || list[0].Kind != KindCitizen {
		t.Fatalf("%+v %v", list, err)
	}
	if got := news(t, k, r, list[0].ID); got != "Nghe nói chợ Mẫu sắp dời, có đúng không?" {
		t.Errorf("%q", got)
	}
	if _, err := r.ChangeSource(k.Ctx, analyst, ChangeSourceInput{ID: list[0].ID, Version: 1, Name: "Người dân", State: Paused}); err != nil {
		t.Fatal(err)
	}
	report("r3", "Thêm một tin khác hẳn về cầu Thử", "")
	if got := news(t, k, r, list[0].ID); strings.Contains(got, "cầu Thử") {
		t.Errorf("%q", got)
	}
}

func TestList(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, r := newServer(t), room(t, k)
		w.say("/tin", "text/html; charset=utf-8", listPage)
		mustAdd(t, k, r, AddSourceInput{Kind: KindPage, Address: w.url + "/tin", Group: "Phường/Mẫu", Beat: "health", Trust: Official, Note: "Ghi chú"})
		mustAdd(t, k, r, AddSourceInput{Kind: KindPush, Name: "Máy"})
		in := `<opml version="1.0"><body><outline text="Báo"><outline text="Báo Thử" xmlUrl="https://bao.example/rss"/><outline text="Báo Sơ đồ" xmlUrl="https://bao.example/news-sitemap.xml"/></outline>
<outline text="Hỏng" xmlUrl="ftp://x"/><outline text="Lạ" xmlUrl="https://la.example/" xmlns:khue="x" khue:kind="page" khue:settings="{}"/><outline text="Tay" xmlUrl="https://tay.example/" khue:kind="hand"/><outline text="Báo Thử lần nữa" xmlUrl="https://bao.example/rss"/></body></opml>`
		got, err := r.TakeList(k.Ctx, analyst, strings.NewReader(in))
		if err != nil || got.Added != 2 || got.Known != 1 || got.BadAll != 3 || got.Broken {
			t.Fatalf("%+v %v", got, err)
		}
		if asked := w.requests(); len(asked) != 1 { // that of the page which was added by hand
			t.Errorf("a list asks nobody: %q", asked)
		}
		var b bytes.Buffer
		if err := r.WriteList(k.Ctx, analyst, &b, "Nguồn"); err != nil {
			t.Fatal(err)
		}
		list, err := r.Sources(k.Ctx, analyst)
		if err != nil {
			t.Fatal(err)
		}
		// Another house takes it over as it is.
		other := testkit.SQLite(t)
		o := room(t, other)
		if got, err := o.TakeList(other.Ctx, analyst, &b); err != nil || got.Added != 3 || got.BadAll != 0 {
			t.Fatalf("%+v %v", got, err)
		}
		there, err := o.Sources(other.Ctx, analyst)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range there {
			found := false
			for _, mine := range list {
				if mine.Address == s.Address {
					found = true
					if mine.Name != s.Name || mine.Kind != s.Kind || mine.Group != s.Group || mine.Beat != s.Beat || mine.Trust != s.Trust || mine.Note != s.Note || mine.Settings.text() != s.Settings.text() {
						t.Errorf("%+v\n%+v", s, mine)
					}
				}
			}
			if !found {
				t.Errorf("%+v", s)
			}
		}
		if groups, err := r.Groups(k.Ctx, analyst); err != nil || strings.Join(groups, " ") != "Báo Phường/Mẫu" {
			t.Errorf("%q %v", groups, err)
		}
		if _, err := r.TakeList(k.Ctx, analyst, strings.NewReader("<html>")); fieldsOf(err) != "file:invalid" {
			t.Errorf("%v", err)
		}
		if _, err := r.TakeList(k.Ctx, editor, strings.NewReader(in)); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("%v", err)
		}
	})
}

func TestGuess(t *testing.T) {
	for in, want := range map[string]SourceKind{
		"bao.example": KindFeed, "https://bao.example/rss": KindFeed, "https://bao.example/news-sitemap.xml": KindSitemap, "https://bao.example/sitemaps/Sitemap-1.xml.gz": KindSitemap,
		"youtube.com/@phuong": KindYouTube, "https://t.me/phuong_mau": KindTelegram, "https://mxh.example/tags/hanoi": KindMastodon, "wss://jet.example/subscribe": KindBluesky, "https://bao.example/sitemap.html": KindFeed,
	} {
		if got := GuessKind(in); got != want {
			t.Errorf("%s: %q", in, got)
		}
	}
	for in, want := range map[string]string{"https://m.facebook.com/x": "facebook", "https://vm.tiktok.com/x": "tiktok", "https://notfacebook.com/x": "", "": "", "youtu.be/x": "youtube", "https://x.com/a": "x"} {
		if got := GuessPlace(in); got != want {
			t.Errorf("%s: %q", in, got)
		}
	}
	if _, err := ReadSettings(`{"v":99}`); err == nil {
		t.Error("settings of a newer program")
	}
	if _, err := ReadSettings(`{`); err == nil {
		t.Error("broken settings")
	}
}
