package trends_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/radar"
	"khue/radar/series"
	"khue/regulation"
	"khue/store"
	"khue/web/desk/trends"
	"khue/web/desk/wall"
	publicwall "khue/web/public/wall"
	"khue/web/webtest"
)

var (
	water = radar.SeriesKey{Kind: radar.KindTopic, Key: "city"}
	lang  = radar.SeriesKey{Kind: radar.KindPlace, Key: "00199"}
	all   = radar.SeriesKey{Kind: radar.KindAll}
)

// told gives a house in which three weeks were counted: a topic and a ward that are told of by day, and of late much more.
func told(t *testing.T) *webtest.Kit {
	t.Helper()
	k := webtest.New(t, trends.Register, wall.Register, publicwall.Register)
	k.Clock.Set(time.Date(2026, 11, 10, 15, 30, 0, 0, testkit.Start.Location()))
	now := k.Clock.Now()
	var list []radar.Counted
	add := func(key radar.SeriesKey, at time.Time, n int) {
		list = append(list, radar.Counted{SeriesKey: key, Source: "nguon", At: at, N: n})
	}
	for at := now.Truncate(time.Hour).Add(-21 * 24 * time.Hour); at.Before(now); at = at.Add(time.Hour) {
		if h := at.In(testkit.Start.Location()).Hour(); h >= 6 {
			add(water, at, 4)
			add(all, at, 20)
			if h%3 == 0 {
				add(lang, at, 1)
			}
		}
	}
	for h := range 3 {
		at := now.Truncate(time.Hour).Add(-time.Duration(h)*time.Hour + 10*time.Minute)
		add(water, at, 30)
		add(lang, at, 12)
		add(all, at, 30)
	}
	if err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error { return k.Radar.Count(ctx, tx, list...) }); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestBoard(t *testing.T) {
	k := told(t)
	an := k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
	board := an.Get("/desk/trends?kind=topic&hours=3")
	board.Has(t, 200, "Đô thị", "Đang tăng", "Tăng từ 13:00", "mới với bạn", "Bạn chưa đánh dấu", "106 lượt từ 12:00").Lacks(t, "⟦")
	an.Get("/en/desk/trends?kind=topic&hours=3").Has(t, 200, "Rising since 13:00", "new to you").Lacks(t, "⟦")
	an.Get("/desk/trends").Has(t, 200, "Chưa có lượt nhắc nào") // no stories
	an.Get("/desk/trends?hours=5").Has(t, 422)
	an.Get("/desk/trends?kind=person").Has(t, 404)
	// Looked at, it is new no longer.
	k.Clock.Add(time.Minute)
	an.Post("/desk/trends/seen").Has(t, 200, "bạn xem xu hướng đến lúc này")
	an.Get("/desk/trends?kind=topic&hours=3").Has(t, 200, "Tăng từ 13:00", "Bạn xem lần trước lúc 15:31").Lacks(t, "mới với bạn")
	k.Centre(t, "Lê Trực Ban", regulation.DutyOfficer).Get("/desk/trends?kind=topic&hours=3").Has(t, 200, "mới với bạn")
	k.As(t, "Sở", regulation.Post{Role: regulation.Officer, Office: "SXD"}).Get("/desk/trends").Has(t, 403)
}

// row is a row of a page's table: label, count and what was expected.
var row = regexp.MustCompile(`(?s)<tr>\s*<th[^>]*>([^<]*)</th>(.*?)</tr>`)

var cell = regexp.MustCompile(`(?s)<td[^>]*>\s*([^<]*?)\s*</td>`)

// TestFilesTellWhatThePageTells: the numbers of the page's table, of the CSV, of the JSON and of the account are the same, and the account's sums are
// those of the files.
func TestFilesTellWhatThePageTells(t *testing.T) {
	k := told(t)
	an := k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
	query := "?step=hour&from=2026-11-09T00:00&to=2026-11-10T15:30&with_from=2026-11-02T00:00"
	page := an.Get("/desk/trends/topic/city" + query)
	page.Has(t, 200, "Đô thị", "Các đợt tăng", "So hai khoảng", "/desk/trends/topic/city/series.csv?").Lacks(t, "⟦")
	records, err := csv.NewReader(strings.NewReader(an.Get("/desk/trends/topic/city/series.csv"+query).Has(t, 200).Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(records[0], ",") != "period,at,n,expected,low,high,heard" {
		t.Errorf("head %v", records[0])
	}
	var first, second [][]string
	total := map[string]int{}
	for _, rec := range records[1:] {
		n, err := strconv.Atoi(rec[2])
		if err != nil {
			t.Fatal(err)
		}
		total[rec[0]] += n
		if rec[0] == "1" {
			first = append(first, rec)
		} else {
			second = append(second, rec)
		}
	}
	rows := row.FindAllStringSubmatch(page.Body, -1)[1:] // below the head
	if len(rows) != len(first) || len(first) != 40 || len(second) != 40 {
		t.Fatalf("%d rows on the page, %d and %d points in the file", len(rows), len(first), len(second))
	}
	expected := 0
	for i, r := range rows {
		cells := cell.FindAllStringSubmatch(r[2], -1)
		band := ""
		if first[i][4] != "" {
			expected++
			if band = first[i][4] + "–" + first[i][5]; first[i][4] == first[i][5] {
				band = first[i][4]
			}
		}
		at, err := time.Parse(time.RFC3339, first[i][1])
		if err != nil {
			t.Fatal(err)
		}
		if len(cells) != 3 || cells[0][1] != first[i][2] || cells[1][1] != band || cells[2][1] != second[i][2] || strings.TrimSpace(r[1]) != at.Format("15:04 2/1") {
			t.Errorf("row %q %q of the page is %v and %v in the file", r[1], cells, first[i], second[i])
		}
	}
	if expected != 40 {
		t.Errorf("of %d points something is expected", expected)
	}
	var list struct {
		Points []struct {
			Period, N int
			At        string
		}
		Bursts []struct{ N int }
	}
	if err := json.Unmarshal([]byte(an.Get("/desk/trends/topic/city/series.json"+query).Body), &list); err != nil || len(list.Points) != 80 || len(list.Bursts) != 1 || list.Bursts[0].N != 102 {
		t.Errorf("%+v, %v", list, err)
	}
	for i, p := range list.Points {
		if strconv.Itoa(p.N) != records[i+1][2] || p.At != records[i+1][1] {
			t.Errorf("%+v in JSON, %v in CSV", p, records[i+1])
		}
	}
	trend, err := k.Radar.Trend(k.Ctx, an.Actor, radar.TrendQuery{Key: water, Step: series.Hour, From: time.Date(2026, 11, 9, 0, 0, 0, 0, testkit.Start.Location())})
	if err != nil || trend.Total != total["1"] {
		t.Errorf("%d in all in the file, %d in the room, %v", total["1"], trend.Total, err)
	}
	account(t, an, query, total)
}

func account(t *testing.T, an *webtest.Browser, query string, total map[string]int) {
	t.Helper()
	packed := []byte(an.Get("/desk/trends/topic/city/series.zip"+query).Has(t, 200).Body)
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	data := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if data[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var o struct {
		Format, Program, Made, Address string
		Query                          map[string]string
		Counts                         map[string]int
		Gaps                           []any
		Files                          []struct {
			Name, SHA256 string
			Bytes        int
		}
	}
	if err := json.Unmarshal(data["provenance.json"], &o); err != nil {
		t.Fatal(err)
	}
	if o.Format != "khue provenance 1" || !strings.HasPrefix(o.Program, "khue ") || o.Made != "2026-11-10T15:30:00+07:00" || o.Query["kind"] != "topic" || o.Query["from"] != "2026-11-09T00:00:00+07:00" ||
		o.Counts["total"] != total["1"] || o.Counts["total_with"] != total["2"] || o.Counts["points"] != 40 || o.Gaps == nil || !strings.HasPrefix(o.Address, "http://localhost:8080/desk/trends/topic/city?") {
		t.Errorf("%+v", o)
	}
	if len(o.Files) != 3 {
		t.Errorf("%d files in the account", len(o.Files))
	}
	for _, f := range o.Files {
		if sum := sha256.Sum256(data[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 || len(data[f.Name]) != f.Bytes || f.Bytes == 0 {
			t.Errorf("%s is not what the account says", f.Name)
		}
		if alone := an.Get("/desk/trends/topic/city/" + f.Name + query); alone.Body != string(data[f.Name]) || !strings.Contains(alone.Header.Get("Link"), "provenance.json?step=hour") {
			t.Errorf("%s alone is not the one of the ZIP, or does not name its account: %q", f.Name, alone.Header.Get("Link"))
		}
	}
	for d := xml.NewDecoder(bytes.NewReader(data["series.svg"])); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture: %v", err)
		}
	}
	if svg := string(data["series.svg"]); !strings.Contains(svg, "Đô thị: số lượt nhắc mỗi giờ") || !strings.Contains(svg, "khue ") || strings.Contains(svg, "class=") {
		t.Error("the picture does not stand alone")
	}
}

func TestOne(t *testing.T) {
	k := told(t)
	an := k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
	for _, path := range []string{"/desk/trends/all/all", "/desk/trends/all/all?step=day", "/desk/trends/all/all?step=minute", "/desk/trends/place/00199", "/desk/trends/office/SXD", "/en/desk/trends/place/00199?step=day"} {
		an.Get(path).Has(t, 200, `class="curve"`, "series.svg").Lacks(t, "⟦")
	}
	an.Get("/desk/trends/all/all?step=minute").Has(t, 200, "mỗi phút")
	an.Get("/en/desk/trends/place/00199").Has(t, 200, "Lang Ward")
	for path, status := range map[string]int{
		"/desk/trends/place/99999": 404, "/desk/trends/story/s404": 404, "/desk/trends/source/none": 404, "/desk/trends/office/NONE": 404, "/desk/trends/person/x": 404, "/desk/trends/all/x": 404,
		"/desk/trends/all/all/none.csv": 404, "/desk/trends/all/all?step=year": 422, "/desk/trends/all/all?from=hôm-qua": 422, "/desk/trends/all/all?step=minute&from=2026-11-01": 422,
		"/desk/trends/all/all?from=2027-01-01": 422, "/desk/trends/all/all?with_from=x": 422,
	} {
		an.Get(path).Has(t, status)
	}
	visitor := k.Visitor(t).Get("/desk/trends/all/all/series.csv")
	if strings.Contains(visitor.Body, "period") {
		t.Error("a visitor is given the figures")
	}
}

func TestMap(t *testing.T) {
	k := told(t)
	an := k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
	page := an.Get("/desk/trends/map?hours=3")
	page.Has(t, 200, "Phường Láng: 38 lượt nhắc", "125 phường, xã không được nhắc đến", `href="/desk/trends/place/00199"`).Lacks(t, "⟦")
	if n := strings.Count(page.Body, "<title>Phường") + strings.Count(page.Body, "<title>Xã"); n < 126+20 {
		t.Errorf("%d areas are drawn", n)
	}
	records, err := csv.NewReader(strings.NewReader(an.Get("/desk/trends/map/map.csv?hours=3").Has(t, 200).Body)).ReadAll()
	if err != nil || len(records) != 127 {
		t.Fatalf("%d rows, %v", len(records), err)
	}
	if r := records[1]; r[1] != "00199" || r[2] != "Phường Láng" || r[4] != "38" || r[9] == "" {
		t.Errorf("%v", r)
	}
	if r := records[126]; r[4] != "0" {
		t.Errorf("%v", r)
	}
	an.Get("/en/desk/trends/map").Has(t, 200, "Lang Ward").Lacks(t, "⟦")
	an.Get("/desk/trends/board/board.json?kind=place&hours=3").Has(t, 200, `"00199"`)
}

// TestWalls: the duty room's board is for those who may see the radar; the hall's for everybody, and nothing of the radar stands on it.
func TestWalls(t *testing.T) {
	k := told(t)
	k.Centre(t, "Lê Trực Ban", regulation.DutyOfficer).Get("/desk/wall").Has(t, 200, "Phòng trực", "Dấu hiệu", "Đang lên", "15:30").Lacks(t, "⟦")
	k.As(t, "Sở", regulation.Post{Role: regulation.Officer, Office: "SXD"}).Get("/desk/wall").Has(t, 403)
	for _, path := range []string{"/wall", "/en/wall"} {
		hall := k.Visitor(t).Get(path).Has(t, 200, "data-live-topic").Lacks(t, "⟦", "/desk/radar", "Dấu hiệu", "trends")
		if hall.Path != path {
			t.Errorf("a visitor is sent to %s", hall.Path)
		}
	}
}

// TestReplay: the page asks first and runs when it is told to; what cannot be meant comes back with its sentence; only who may does.
func TestReplay(t *testing.T) {
	k := told(t)
	an := k.Centre(t, "Bùi Phân Tích", regulation.Analyst)
	an.Get("/desk/trends/replay").Has(t, 200, "Ngưỡng gần nhau", "đang dùng 0,115").Lacks(t, "⟦", "Cả hai lần")
	an.Get("/desk/trends/replay?run=1&threshold=0,3&raise=12").Has(t, 200, "Cả hai lần đều không nêu dấu hiệu nào").Lacks(t, "⟦")
	an.Get("/en/desk/trends/replay?run=1").Has(t, 200, "Neither run raised").Lacks(t, "⟦")
	an.Get("/desk/trends/replay?run=1&threshold=7&voices=x").Has(t, 422, "ngoài giới hạn", `value="7"`)
	an.Get("/desk/trends/replay?run=1&from=2026-11-10&to=2026-11-09").Has(t, 422, "khoảng thời gian trống")
	k.Centre(t, "Lê Trực Ban", regulation.DutyOfficer).Get("/desk/trends/replay").Has(t, 403)
}
