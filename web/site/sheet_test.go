package site

import "testing"

func TestSheetText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Sở Xây dựng": "Sở Xây dựng", "=1+1": "'=1+1", "+84": "'+84", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1",
	} {
		if got := SheetText(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
