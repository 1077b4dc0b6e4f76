package check_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"khue/profile"
	"khue/release/check"
)

var now = time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)

func TestText(t *testing.T) {
	units, err := profile.LoadUnits(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Họp lúc 14:30 thứ Sáu, 9/5/2025.":                     "[]",
		"Họp lúc 14:30 thứ Năm, 9/5/2025.":                     `[weekday "thứ Năm, 9/5/2025" → "5"]`,
		"Họp thứ Hai ngày 9 tháng 11 năm 2026":                 "[]",
		"Họp Thứ Ba (9/11)":                                    `[weekday "Thứ Ba (9/11" → "1"]`,
		"Họp thứ Hai 4/1":                                      "[]", // of the next year
		"Hạn thứ Hai, 30/2/2026":                               `[no-day "thứ Hai, 30/2/2026" → ""]`,
		"Hạn 31/4/2026":                                        `[no-day "31/4/2026" → ""]`,
		"Ở phường Ba Đình nước yếu":                            "[]",
		"Ở phường Trúc Bạch nước yếu":                          `[old-ward "phường Trúc Bạch" → "Phường Ba Đình"]`,
		"Ở phường Không Đâu":                                   "[]",
		"Gọi 0912 345 678 gặp chị Hoa":                         `[phone "0912 345 678" → ""]`,
		"Gọi 024 3825 0000":                                    "[]",
		"CCCD số 001099012345":                                 `[identity "001099012345" → ""]`,
		"Viết cho a.b@gmail.example":                           `[email "a.b@gmail.example" → ""]`,
		"Viết cho ttbc@hanoi.gov.vn":                           "[]",
		"Ông Nguyễn Văn Hòa nói. Bà Nguyễn Vân Hòa không nói.": `[]`,
		"Ông Lê Minh Tú nói. Lê Minh Tu cười.":                 `[]`,
		"ông Nguyễn Văn Hòa và ông Nguyễn Văn Hoà":             "[]",
		"ông Nguyễn Văn Hòa và ông Nguyễn Vân Hòa":             `[two-ways "Nguyễn Vân Hòa" → "Nguyễn Văn Hòa"]`,
		"": "[]",
	} {
		got := check.Text(in, units, now)
		if fmt.Sprint(got) != want && fmt.Sprint(check.Text(norm.NFD.String(in), units, now)) != want {
			t.Errorf("%q:\n%v, want\n%s", in, got, want)
		}
		for _, f := range got {
			if in[f.Start:f.End] != f.Text {
				t.Errorf("%q: the place of %v is %q", in, f, in[f.Start:f.End])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	got := check.Numbers("Khoảng 1.200 hộ từ 6 giờ ngày 9/11", "Ngày 09/11/2026, 2.100 hộ, không phải 1200 hộ; 2.100 lần")
	if fmt.Sprint(got) != `[number "2.100" → ""]` {
		t.Error(got)
	}
	if got := check.Numbers("không có số", "12 hộ"); got != nil {
		t.Error(got)
	}
}

func FuzzText(f *testing.F) {
	units, err := profile.LoadUnits(profile.Hanoi())
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"thứ Hai, 30/2/2026", "phường Trúc Bạch, quận Ba Đình", "P. 12", "Nguyễn Văn A Nguyễn Vân A", "0912345678", "\xff\xfe", "Xã  Đông\nAnh"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nfc := norm.NFC.String(s)
		for _, x := range append(check.Text(s, units, now), check.Numbers("1", nfc)...) {
			if x.Start < 0 || x.End > len(nfc) || x.Start >= x.End || nfc[x.Start:x.End] != x.Text {
				t.Errorf("%q: %v at %d–%d", s, x, x.Start, x.End)
			}
		}
	})
}
