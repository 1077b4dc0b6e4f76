package warn

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"khue/radar/cluster"
)

var noon = time.Date(2026, 11, 9, 12, 0, 7, 0, time.UTC)

// said makes mentions of story 1 a minute and a bit apart, each of another source.
func said(texts ...string) []Mention {
	var list []Mention
	for i, s := range texts {
		list = append(list, Mention{ID: fmt.Sprint("m", i), At: noon.Add(time.Duration(i) * 61 * time.Second), Source: fmt.Sprint("nguon-", i), Text: s, Story: 1, New: i == 0, Near: 0.5})
	}
	return list
}

func run(d *Detector, list []Mention) []Signal {
	var all []Signal
	for _, m := range list {
		all = append(all, d.Add(m)...)
	}
	return all
}

func kinds(list []Signal) string {
	var names []string
	for _, s := range list {
		names = append(names, string(s.Kind))
	}
	return strings.Join(names, " ")
}

var (
	rumours = []string{
		"Nghe nói nước máy ở xóm Bến Gạo có chất lạ, ai uống cũng đau bụng! Mọi người chia sẻ ngay trước khi bị xóa!",
		"Kinh hoàng!!! Có người kể nước máy xóm Bến Gạo bị bỏ thuốc, hình như 12 người nhập viện. Cả nhà ơi cẩn thận nhé, chia sẻ cho người thân",
		"Sốc: theo một nguồn tin nội bộ thì nước ở xóm Bến Gạo độc hại, nghe đâu 30 người nhập viện, người ta che giấu!",
	}
	reports = []string{
		"Sáng 9/11, UBND phường Bến Gạo cho biết nước máy tại ba tổ dân phố tạm ngừng từ 8 giờ đến 16 giờ để thay 200 mét ống.",
		"Theo thông báo số 15 của công ty cấp nước, việc thay ống ở phường Bến Gạo xong trước 16 giờ ngày 9/11; chủ tịch phường khẳng định nước đã được xét nghiệm.",
		"Phường Bến Gạo thay đường ống nước trong ngày 9/11. Giám đốc sở cho hay 1.200 hộ có xe bồn cấp nước tạm.",
	}
)

// TestRumour raises a story in the words of hearsay, with its reasons, and none that offices tell; a denial takes part in none.
func TestRumour(t *testing.T) {
	list := run(New(Options{}, Checks{}), said(rumours...))
	if kinds(list) != "rumour" || list[0].Score < 0.5 || list[0].Score > 1 {
		t.Fatalf("%+v", list)
	}
	var keys []string
	for _, r := range list[0].Reasons {
		keys = append(keys, r.Key)
	}
	for _, want := range []string{"rumour.voices", "rumour.hearsay", "rumour.versions"} {
		if !strings.Contains(strings.Join(keys, " "), want) {
			t.Errorf("%v lacks %s", keys, want)
		}
	}
	if list := run(New(Options{}, Checks{}), said(reports...)); len(list) != 0 {
		t.Errorf("offices' word was taken for a rumour: %+v", list)
	}
	if list := run(New(Options{}, Checks{}), said(rumours[0], rumours[1])); len(list) != 0 {
		t.Errorf("two voices are too few: %+v", list)
	}
	same := said(rumours...)
	for i := range same {
		same[i].Source = "một nguồn"
	}
	if list := run(New(Options{}, Checks{}), same); len(list) != 0 {
		t.Errorf("a flood of one source is one voice: %+v", list)
	}
}

// TestKnownFalse tells of a claim that returns, once in six hours, and not of who reports that it was refuted.
func TestKnownFalse(t *testing.T) {
	checks := Checks{
		Refuted: func(words string) (string, float64, bool) {
			return "KC-2026-0007", 0.9, strings.Contains(words, "cầu Mộng")
		},
		Turned: func(text string) (string, int, bool) {
			return "TCBC-2026-0003", 2, strings.Contains(text, "giá nước")
		},
	}
	list := said("Cầu Bắc ổn, cầu Mộng sắp sập", "Sở bác bỏ tin cầu Mộng sắp sập", "cầu Mộng sắp sập đó", "giá nước 12.000 đồng", "cầu Mộng sập")
	list[4].At = noon.Add(7 * time.Hour)
	got := run(New(Options{}, checks), list)
	if kinds(got) != "known-false altered known-false" || got[0].Thing != "KC-2026-0007" || got[1].Thing != "TCBC-2026-0003" || !got[2].At.Equal(list[4].At) {
		t.Errorf("%+v", got)
	}
	list[0].Copy, list[2].Copy = true, true
	if got := run(New(Options{}, checks), list[:3]); len(got) != 0 {
		t.Errorf("a copy shows nothing new: %+v", got)
	}
}

// together lets accounts post two texts within seconds.
func together(accounts int, apart time.Duration) []Mention {
	var list []Mention
	for thing := range 2 {
		for i := range accounts {
			m := Mention{
				ID: fmt.Sprint(thing, "-", i), At: noon.Add(time.Duration(thing)*time.Hour + time.Duration(i)*apart), Source: "mạng", Account: uint64(i + 1),
				Text: fmt.Sprint("Chợ hoa dời sang bãi sông từ thứ Hai, bà con đi sớm kẻo hết chỗ, bài ", thing), Story: 3, New: i == 0 && thing == 0, Near: 0.9,
			}
			if i > 0 {
				m.Copy, m.CopyOf = true, fmt.Sprint(thing, "-0")
			}
			list = append(list, m)
		}
	}
	return list
}

// TestCoordinated raises ten accounts that post the same two texts within seconds, not nine, not slower ones, not a press that tells
// minutes, and not one text alone.
func TestCoordinated(t *testing.T) {
	got := run(New(Options{}, Checks{}), together(12, 500*time.Millisecond))
	if kinds(got) != "coordinated" || got[0].Score < CrowdAccounts || got[0].Story != 3 {
		t.Errorf("%+v", got)
	}
	if got := run(New(Options{}, Checks{}), together(9, 500*time.Millisecond)); len(got) != 0 {
		t.Errorf("of fewer than ten accounts nothing is said: %+v", got)
	}
	if got := run(New(Options{}, Checks{}), together(12, 11*time.Second)); len(got) != 0 {
		t.Errorf("eleven seconds apart: %+v", got)
	}
	if got := run(New(Options{}, Checks{}), together(12, 500*time.Millisecond)[:12]); len(got) != 0 {
		t.Errorf("one text alone: %+v", got)
	}
	list := together(12, 0)
	for i := range list {
		list[i].At = list[i].At.Truncate(time.Minute)
	}
	if got := run(New(Options{}, Checks{}), list); len(got) != 0 {
		t.Errorf("times told to the minute: %+v", got)
	}
	press := together(4, time.Second)
	for i := range press {
		press[i].Source, press[i].Account = fmt.Sprint("trang-", press[i].Account), 0
	}
	if got := run(New(Options{}, Checks{}), press); kinds(got) != "coordinated" {
		t.Errorf("four listed sources: %+v", got)
	}
}

// TestKept takes a detector down and up between any two mentions: it goes on as if nothing had been.
func TestKept(t *testing.T) {
	list := append(said(rumours...), together(12, 500*time.Millisecond)...)
	want := run(New(Options{}, Checks{}), list)
	for cut := range list {
		d := New(Options{}, Checks{})
		got := run(d, list[:cut])
		data, err := d.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if d, err = Unmarshal(data, Options{}, Checks{}); err != nil {
			t.Fatal(err)
		}
		if got = append(got, run(d, list[cut:])...); !reflect.DeepEqual(got, want) {
			t.Fatalf("cut at %d: %+v, not %+v", cut, got, want)
		}
	}
	d := New(Options{}, Checks{})
	data, err := d.trend.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Unmarshal(data, Options{}, Checks{}); err != nil {
		t.Errorf("what the version before kept: %v", err)
	}
	if _, err := Unmarshal([]byte("không phải"), Options{}, Checks{}); err == nil {
		t.Error("rubbish was read")
	}
}

// TestMerge adds up two halves of a rumour.
func TestMerge(t *testing.T) {
	d := New(Options{}, Checks{})
	list := said(rumours...)
	list[0].Story, list[1].Story, list[1].New = 1, 2, true
	if got := run(d, list[:2]); len(got) != 0 {
		t.Fatal(got)
	}
	d.Merge(2, 1)
	if got := d.Add(list[2]); kinds(got) != "rumour" {
		t.Errorf("%+v", got)
	}
}

// TestPressIsNoRumour runs real articles of the press, grouped as the radar would, and counts what is raised as a rumour.
func TestPressIsNoRumour(t *testing.T) {
	list := load(t, "vi-clusters/mentions.jsonl")
	c, d := cluster.New(cluster.Options{}), New(Options{}, Checks{})
	n := 0
	for i, l := range list {
		at := noon.Add(time.Duration(i) * time.Minute)
		a := c.Add(cluster.Mention{ID: fmt.Sprint(i), Time: at, Lang: "vi", Source: l.Source, Title: l.Title, Text: l.Text})
		for _, s := range d.Add(Mention{ID: fmt.Sprint(i), At: at, Source: fmt.Sprint(l.Source, i), Title: l.Title, Text: l.Text, Story: a.Story, New: a.New, Copy: a.Copy, CopyOf: a.CopyOf, Near: a.Near}) {
			if s.Kind == Rumour {
				n++
				t.Logf("%.2f %s %v", s.Score, l.Title, s.Reasons)
			}
		}
	}
	if n > 1 {
		t.Errorf("%d of 100 stories of the press were raised as rumours", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	d := New(Options{}, Checks{})
	list := said(append(append([]string{}, rumours...), reports...)...)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m := list[i%len(list)]
		m.Story, m.At, m.Source = uint64(i/8), noon.Add(time.Duration(i)*time.Second), fmt.Sprint(i%50)
		d.Add(m)
	}
}
