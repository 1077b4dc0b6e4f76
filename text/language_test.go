package text

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestGuess(t *testing.T) {
	for s, want := range map[string]Language{
		"":   Other,
		"42": Other,
		"Phường Láng thông báo lịch cấp nước trở lại từ chiều mai.":                  Vietnamese,
		norm.NFD.String("Phường Láng thông báo lịch cấp nước trở lại từ chiều mai."): Vietnamese,
		"hom nay phuong thong bao khong cat nuoc nua, nguoi dan duoc bao truoc":      Vietnamese,
		"The ward said that water will be back on Tuesday afternoon.":                English,
		"Le quartier annonce que l'eau sera rétablie mardi après-midi.":              Other,
		"Район сообщил, что вода будет во вторник":                                   Other,
		"东城区通知周二恢复供水":                                                                Other,
		"ok":                                                                         Other,
	} {
		if got := Guess(s); got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

func FuzzGuess(f *testing.F) {
	f.Add("Phường Láng")
	f.Add("\xff\xfe")
	f.Fuzz(func(_ *testing.T, s string) { Guess(s) })
}
