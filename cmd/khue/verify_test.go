package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	officialText = `Từ ngày 9/5/2031, phường Trúc Đào sửa hè phố Cây Đa. Kinh phí là 320 triệu đồng, do ngân sách phường chi. Người dân không phải đóng góp, chỉ cần dời xe trước 6 giờ sáng mỗi ngày.`
	strangerText = `Sáng nay trời nhiều mây, gió nhẹ, nhiệt độ cao nhất 27 độ, người già và trẻ nhỏ nên hạn chế ra ngoài vào giờ cao điểm.`
)

func TestVerifyCommand(t *testing.T) {
	line := func(id, text string) string {
		b, err := json.Marshal(map[string]string{"id": id, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + "\n"
	}
	docs := filepath.Join(t.TempDir(), "docs.jsonl")
	if err := os.WriteFile(docs, []byte(line("d1", officialText)+line("d2", strings.Repeat("Một văn bản khác của phường nói về việc khác. ", 9))), 0o600); err != nil {
		t.Fatal(err)
	}
	in := line("same", strings.ToUpper(officialText)) + "{\"id\":\"no text\"}\n" + line("part", officialText[:strings.Index(officialText, " Người")]) +
		line("changed", strings.Replace(officialText, "320 triệu", "ba trăm hai mươi tỷ", 1)) + line("stranger", strangerText) + line("empty", "")
	out, errs, err := runBatch(t, in, func(b *batch) error {
		return (&verifyCmd{Library: docs, In: "-", Out: "-"}).run(b)
	})
	if bad := (errBadInput{}); !errors.As(err, &bad) || !strings.Contains(errs[0], "line 2:") {
		t.Fatalf("the bad line: %v, %q", err, errs)
	}
	var got []string
	for _, l := range strings.Split(strings.TrimSpace(out), "\n") {
		var v verdictLine
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatal(err)
		}
		if v.Changes == nil {
			t.Errorf("%s: no list of changes", v.ID)
		}
		s := fmt.Sprintf("%s %s %s %s", v.ID, v.Verdict, v.Document, v.Grade)
		for _, c := range v.Changes {
			s += fmt.Sprintf(" %s[%s>%s]", c.Kind, c.Official, c.Found)
		}
		got = append(got, s)
	}
	want := []string{"same authentic d1 none", "part abridged d1 none", "changed altered d1 critical money[320 triệu>ba trăm hai mươi tỷ]", "stranger unknown  none", "empty unknown  none"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
