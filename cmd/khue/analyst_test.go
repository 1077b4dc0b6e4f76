package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func given(t *testing.T, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "in.jsonl")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestClaimMatch(t *testing.T) {
	library := given(t, `{"id":"c1","claim":"Cầu Mây bị sập trong đêm, nhiều xe rơi xuống sông.","title":"Cầu Mây không sập"}`,
		`{"id":"c2","claim":"Nước máy ở khu Bến Xanh nhiễm asen.","title":"Nước máy Bến Xanh đạt quy chuẩn"}`)
	posts := `{"id":"p1","text":"nghe noi cau May sap roi, xe roi xuong song"}
{"text":"không có mã"}
{"id":"p2","text":""}
`
	code, out, errs := khueRun(t, posts, "claim", "match", "--library", library, "--in", "-", "--top", "1")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitBad || len(lines) != 2 || !strings.Contains(lines[0], `"id":"p1"`) || !strings.Contains(lines[0], `"claim":"c1"`) || !strings.Contains(lines[1], `"matches":[]`) {
		t.Errorf("%d\n%s\n%s", code, out, errs)
	}
	if !strings.Contains(errs, "line 2") || !strings.Contains(errs, `"claims":2`) {
		t.Errorf("the bad line and the figures: %s", errs)
	}
	if code, _, _ := khueRun(t, "", "claim", "match", "--in", "-"); code != exitUsage {
		t.Errorf("without a library: %d", code)
	}
}

func TestRadarReplay(t *testing.T) {
	mentions := given(t,
		`{"id":"1","time":"2031-03-03T08:00:00+07:00","source":"a.example","title":"Sập giàn giáo ở công trường cầu Mây","text":"Giàn giáo tại công trường cầu Mây đổ sập lúc 7 giờ sáng, ba công nhân bị thương."}`,
		`{"id":"2","time":"2031-03-03T08:05:00+07:00","source":"b.example","title":"Triển lãm gốm mở cửa","text":"Triển lãm gốm với ba trăm hiện vật mở cửa tại làng nghề đến hết tháng."}`,
		`{"id":"3","time":"2031-03-03T08:09:00+07:00","source":"c.example","title":"Ba công nhân bị thương vì sập giàn giáo cầu Mây","text":"Sáng nay giàn giáo công trường cầu Mây sập khiến ba công nhân bị thương."}`)
	signals := filepath.Join(t.TempDir(), "signals.jsonl")
	want := `{"id":"1","story":"s1"}
{"id":"2","story":"s2"}
{"id":"3","story":"s1"}
`
	for _, more := range [][]string{nil, {"--final"}, {"--signals", signals}} {
		if code, out, errs := khueRun(t, "", append([]string{"radar", "replay", "--in", mentions}, more...)...); code != exitOK || out != want {
			t.Errorf("%v: %d\n%s\n%s", more, code, out, errs)
		}
	}
	if b, err := os.ReadFile(signals); err != nil || len(b) > 0 {
		t.Errorf("three mentions are no burst: %s, %v", b, err)
	}
	if code, _, _ := khueRun(t, "", "radar", "replay", "--in", mentions, "--live", "0"); code != exitUsage {
		t.Errorf("a window of nothing: %d", code)
	}
	if code, _, _ := khueRun(t, "{\"id\":\"1\"}\n", "radar", "replay", "--in", "-"); code != exitBad {
		t.Errorf("a mention without time: %d", code)
	}
}
