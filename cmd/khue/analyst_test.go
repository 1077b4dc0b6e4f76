package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"khue/catalogue"
	"khue/radar/spread"
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

func TestRadarForecast(t *testing.T) {
	in := `{"id":"c1","label":"x","events":[{"t":0,"node":0,"parent":null,"user":7},{"t":2.5,"node":1,"parent":0},{"t":4,"node":2,"parent":1},{"t":700,"node":3,"parent":0}]}
{"id":"c2","events":[{"t":1,"node":"b","parent":"a"},{"node":"a","t":0.0}]}
{"id":"c3","events":[{"t":0,"node":0},{"t":1,"node":1,"parent":9}]}
{"id":"c4","events":[{"t":0,"node":0},{"t":"1","node":1,"parent":0}]}
{"id":"c5","events":[{"t":0,"node":0},{"node":1,"parent":0}]}
{"id":"c6","events":[{"t":0,"node":0},{"t":1,"node":1.5,"parent":0}]}
{"id":"c7","events":[]}
{"events":[{"t":0,"node":0}]}
{"id":"c9","events":[{"t":0,"node":0},{"t":1e300,"node":"not looked at"}]}
{"id":"c10","events":[{"t":0,"node":0},{"t":-1,"node":1,"parent":0}]}
{"id":"c11","events":[3]}
`
	code, out, errs := khueRun(t, in, "radar", "forecast", "--in", "-", "--at", "30")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitBad || len(lines) != 3 {
		t.Fatalf("%d\n%s\n%s", code, out, errs)
	}
	for i, want := range []struct {
		id  string
		now float64
	}{{"c1", 3}, {"c2", 2}, {"c9", 1}} {
		var got map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatal(err)
		}
		size, low, high, p := got["size"].(float64), got["low"].(float64), got["high"].(float64), got["rumour"].(float64)
		if got["id"] != want.id || low < want.now || size < low || high < size || p <= 0 || p >= 1 {
			t.Errorf("%s: %s", want.id, lines[i])
		}
		reasons, ok := got["reasons"].([]any)
		if !ok || len(got) != 6 {
			t.Errorf("%s: %s", want.id, lines[i])
		}
		for _, r := range reasons {
			if strings.ContainsAny(r.(string), "⟦{") {
				t.Errorf("%s: a sentence is missing: %v", want.id, r)
			}
		}
	}
	for _, want := range []string{
		"line 3: skipped, event 2: its parent is not among the events", "line 4: skipped, event 2: t is not a number of minutes",
		"line 5: skipped, event 2: no t", "line 6: skipped, event 2: node is not a whole number", "line 7: skipped, no events", "line 8: skipped, no id",
		"line 10: skipped, event 2: its time is before", "line 11: skipped, event 1: not an object",
		`"bad":8`, `"read":11`, `"written":3`,
	} {
		if !strings.Contains(errs, want) {
			t.Errorf("standard error lacks %q:\n%s", want, errs)
		}
	}
	for _, at := range []string{"0", "-5", "NaN", "+Inf", "soon"} {
		if code, _, _ := khueRun(t, "", "radar", "forecast", "--in", "-", "--at", at); code != exitUsage {
			t.Errorf("--at %s: %d", at, code)
		}
	}
	if code, _, _ := khueRun(t, "", "radar", "forecast", "--in", "-"); code != exitUsage {
		t.Error("without --at")
	}
}

// TestSpreadReasons: every kind of reason has its sentence in both languages.
func TestSpreadReasons(t *testing.T) {
	for _, lang := range []catalogue.Lang{catalogue.VI, catalogue.EN} {
		for _, k := range spread.Kinds() {
			for _, v := range []float64{0, 1, 0.456, 12.34} {
				if s := saySpread(lang, spread.Reason{Kind: k, Value: v}); strings.ContainsAny(s, "⟦{") || s == "" {
					t.Errorf("%s, %v: %q", k, v, s)
				}
			}
		}
	}
	if got := saySpread(catalogue.VI, spread.Reason{Kind: spread.Half, Value: 12.34}); got != "nửa số bài đã có sau 12,3 phút" {
		t.Error(got)
	}
	if got := saySpread(catalogue.EN, spread.Reason{Kind: spread.Direct, Value: 0.456}); got != "46 % repeat the first post itself" {
		t.Error(got)
	}
}

// FuzzCascadeLine: whatever a line is, it is forecast within its laws or refused.
func FuzzCascadeLine(f *testing.F) {
	for _, s := range []string{
		`{"id":"c1","events":[{"t":0,"node":0,"parent":null},{"t":2.5,"node":1,"parent":0}]}`,
		`{"id":"c2","events":[{"t":1,"node":"b","parent":"a"},{"node":"a","t":0.0,"x":[{}]}]}`,
		`{"id":"c3","events":[{"t":0,"node":0},{"t":1,"node":1,"parent":2},{"t":1,"node":2,"parent":1}]}`,
		`{"id":"c4","events":[{"t":1e999,"node":1e999}]}`,
		`{"id":"c5","events":[{"t":0,"node":0},{"t":5,"node":1,"parent":2},{"t":7,"node":2,"parent":0},{"t":29.9999999,"node":3,"parent":1}]}`,
	} {
		f.Add([]byte(s))
	}
	var o forecaster
	f.Fuzz(func(t *testing.T, line []byte) {
		var c cascadeLine
		if decodeLine(line, &c) != nil {
			return
		}
		now := 0
		for i := range c.Events {
			if c.Events[i].t <= 30 {
				now++
			}
		}
		got, err := o.forecast(catalogue.EN, &c, 30)
		if err == nil && (got.Low < now || got.Size < got.Low || got.High < got.Size || !(got.Rumour >= 0 && got.Rumour <= 1)) {
			t.Errorf("%s: %+v", line, got)
		}
	})
}
