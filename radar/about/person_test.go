package about

import (
	"strings"
	"testing"

	"khue/text"
)

// TestPersons: what is taken for a person's name, in brackets; for an office's holder, in braces.
func TestPersons(t *testing.T) {
	g, err := New(Names{City: []string{"Hà Nội"}, Units: []Unit{{"1", "Phường Láng"}, {"2", "Phường Hoàng Mai"}}, Offices: map[string][]string{"SYT": {"Sở Y tế"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Ông [Nguyễn Văn Mẫu] kể", "ông [Tư] kể", "Chị [Lan] ở Hà Nội", "theo [Trần Thị Giả Định], nước đã có", "Nguyễn cửa sổ",
		"Chủ tịch UBND phường Láng {Nguyễn Văn Mẫu} cho biết", "Giám đốc Sở Y tế {Lê Giả} nói", "nghi phạm [Đỗ Mẫu] bị bắt", "ca sĩ [Minh] hát",
		"phố Nguyễn Trãi ngập", "đường Lê Lợi ngập", "Trường Chu Văn An nghỉ học", "Hồ Tây đầy nước", "trưởng thôn [Nguyễn Văn Mẫu] kể", "Tổng Thanh tra Chính phủ {Huỳnh Giả Định} trình", "chợ Minh Họa mở", "ông [Phạn Văn Giả] bán hàng", "[Phạn Thị Giả] bán hàng", "Hoàng Mai mất điện", "Mr [John Smith] said", "Mr. [Smith] said",
		"[Tran Van Mau] said the bridge", "Trần nhà bị dột", "Sở Y tế Hà Nội", "Hồ Chí Minh", "[nguyễn văn mẫu] đăng bài bán hàng ở trên mạng mà không ai hay", "bác sĩ [Phạm Giả] khám",
	} {
		s := strings.NewReplacer("[", "", "]", "", "{", "", "}", "").Replace(want)
		f := NewFinder(g)
		f.Find(s)
		marked := f.persons(nil)
		got := ""
		end := 0
		for i, tok := range f.toks {
			before := nobody
			if i > 0 {
				before = marked[i-1]
			}
			if marked[i] != before {
				got += map[uint8]string{private: "]", holder: "}"}[before]
			}
			got += s[end:tok.Start]
			if marked[i] != before {
				got += map[uint8]string{private: "[", holder: "{"}[marked[i]]
			}
			got += tok.Of(s)
			end = int(tok.End)
		}
		if n := len(marked); n > 0 {
			got += map[uint8]string{private: "]", holder: "}"}[marked[n-1]]
		}
		got += s[end:]
		if got = strings.NewReplacer(" ]", "] ", " }", "} ", ", ]", "], ").Replace(got); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// FuzzFind: spans lie inside the text, in order, on any input.
func FuzzFind(f *testing.F) {
	g, err := New(Names{City: []string{"Hà Nội"}, Units: []Unit{{"1", "Phường Láng"}, {"2", "Xã Ba Vì"}}, Former: []FormerUnit{{"Phường Láng Hạ", "Quận Đống Đa", "006", []string{"1"}}}, Offices: map[string][]string{"SYT": {"Sở Y tế"}}})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "Phường Láng", "các phường Láng, Láng Hạ và", "P.Láng (quận Đống Đa, Hà Nội)", "Sở Y tế TP", "Lang Ward", "phường", "Mr. A", "\xff phường \xff", "nguyễn văn"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = text.Normalize(s)
		find := NewFinder(g)
		before := 0
		for _, one := range find.Find(s) {
			if one.Start < before || one.End <= one.Start || one.End > len(s) || len(one.Codes) == 0 {
				t.Fatalf("%q: %+v", s, one)
			}
			before = one.Start
		}
		if n := len(find.persons(nil)); n != len(find.toks) {
			t.Fatalf("%d marks of %d tokens", n, len(find.toks))
		}
	})
}
