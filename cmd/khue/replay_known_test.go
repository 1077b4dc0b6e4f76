package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplayKnowsWhatWasChecked: a checked claim that returns and an official text that was altered become signals, each once.
func TestReplayKnowsWhatWasChecked(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	official := "Phường Thử Nghiệm chi trả hỗ trợ 500.000 đồng cho mỗi hộ ở phố Mẫu từ ngày 12/11/2026. Người dân nhận tiền tại nhà văn hóa số 3 và không phải nộp bất kỳ khoản phí nào."
	quote := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	// A library of a usual size: how rare a word is tells little among two claims.
	library := []string{`{"id":"c1","claim":"Phường Thử Nghiệm cắt nước bảy ngày liền từ thứ Năm"}`}
	for i, who := range []string{"Chợ Giả Định", "Trường Mẫu", "Bến xe Minh Họa", "Hồ Thử", "Công viên Bưởi", "Trạm y tế số ba", "Rạp xiếc cũ", "Bưu điện ga"} {
		for j, what := range []string{"đóng cửa vĩnh viễn", "thu phí vào cổng hai mươi nghìn", "phát gạo miễn phí", "cháy trong đêm", "chặt hết cây cổ thụ", "bán vé giả", "dời sang bên sông", "cấm chụp ảnh"} {
			for k, when := range []string{"từ tuần sau", "trong tháng này", "trước Tết", "hôm qua"} {
				library = append(library, fmt.Sprintf(`{"id":"x%d%d%d","claim":%s}`, i, j, k, quote(who+" "+what+" "+when)))
			}
		}
	}
	claims := put("claims.jsonl", strings.Join(library, "\n")+"\n")
	papers := put("papers.jsonl", `{"id":"TTBC-1","text":`+quote(official)+`}`+"\n")
	altered := strings.NewReplacer("500.000", "5.000.000", "không phải nộp", "phải nộp").Replace(official)
	in := put("in.jsonl", strings.Join([]string{
		`{"id":"m1","time":"2026-11-09T08:00:00+07:00","source":"a","text":` + quote("Nghe nói phường Thử Nghiệm cắt nước bảy ngày liền từ thứ Năm, bà con trữ nước") + `}`,
		`{"id":"m2","time":"2026-11-09T08:10:00+07:00","source":"b","text":` + quote("Phường Thử Nghiệm cắt nước bảy ngày liền từ thứ Năm nhé mọi người") + `}`,
		`{"id":"m3","time":"2026-11-09T09:00:00+07:00","source":"c","text":` + quote(altered) + `}`,
		`{"id":"m4","time":"2026-11-09T09:30:00+07:00","source":"d","text":` + quote(official) + `}`,
		`{"id":"m5","time":"2026-11-09T10:00:00+07:00","source":"e","text":` + quote("Đội bóng xóm Bưởi thắng ba trận liền ở sân kho cũ") + `}`,
	}, "\n")+"\n")
	out, signals := filepath.Join(dir, "out.jsonl"), filepath.Join(dir, "signals.jsonl")
	code := run(t.Context(), []string{"radar", "replay", "--in", in, "--out", out, "--signals", signals, "--library", claims, "--official", papers}, nil, strings.NewReader(""), os.Stdout, os.Stderr)
	if code != exitOK {
		t.Fatalf("exit %d", code)
	}
	data, err := os.ReadFile(signals)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for line := range strings.Lines(string(data)) {
		var s signalLine
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		count[s.Kind]++
		if len(s.Reasons) == 0 || s.Story == "" {
			t.Errorf("%s", line)
		}
	}
	if count["known-false"] != 1 || count["altered"] != 1 {
		t.Errorf("%v\n%s", count, data)
	}
}
