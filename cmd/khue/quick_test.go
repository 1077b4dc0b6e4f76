package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// quickSeeds are lines in and out of the ordinary.
var quickSeeds = []string{
	`{"id":"1","text":"chữ"}`, `{}`, `{ }`, ` {"id":"1"}`, `{"id":"1","text":"a\nb\u00e1\u1ea5\ud83d\ude00\/\\\"\b\f\r\t"}`, `{"id":"1","text":"\ud83d"}`, `{"id":"1","text":"\ude00\ud83d"}`,
	`{"id":"1","text":"\ud83dx\ude00"}`, `{"id":"1","n":-0.5e+10,"b":true,"c":null,"d":false,"text":""}`, `{"id":"1","n":01,"text":""}`, `{"id":"1","n":1.,"text":""}`, `{"id":"1","n":+1,"text":""}`,
	`{"id":1,"text":"x"}`, `{"id":null,"text":"x"}`, `{"id":"1","text":null}`, `{"id":"1","text":"x"} `, `{"id":"1","text":"x"}x`, `{"id":"1","text":"x",}`, `{"id":"1" "text":"x"}`, `{"id":"1","text":"x"`,
	`{"id":"1","text":"x","id":"2","text":"y"}`, `{"\u0069d":"1","text":"x"}`, `{"ID":"1","Text":"x"}`, `{"id":"1","a":{"text":"y"},"text":"x"}`, `{"id":"1","a":["text"],"text":"x"}`, "{\"id\":\"1\",\"text\":\"a\tb\"}",
	"{\"id\":\"1\",\"text\":\"\x00\"}", `{"id":"1","text":"\x"}`, `{"id":"1","text":"\u12"}`, `{"id":"1","text":"\u12g4"}`, `{"id":"1","text":"abcdefgh\"`, `{"id":"1","text":"abcdefgh\`, `{"a":"\q","id":"1","text":""}`, `{"a":nul,"id":"1","text":""}`,
	"{\"id\":\"1\",\t\"text\" :\r\"x\"}", `{"id":"1","text":"<&>\u2028 "}`, "{\"id\":\"1\",\"text\":\"\xff\"}", "{\"id\":\"1\",\"text\":\"\x7f\u0080\"}", `[1]`, ``, `{"":"","id":"","text":""}`,
}

func quick(line string) (id, text string, ok bool) {
	q := quickReader{fields: []quickField{{name: "id"}, {name: "text"}}}
	ok = q.read([]byte(line)) && q.fields[0].value != nil && q.fields[1].value != nil
	return string(q.fields[0].value), string(q.fields[1].value), ok
}

// checkQuick holds the quick reading of a line against decodeLine, and where both of Go's readers take it against encoding/json.
func checkQuick(t *testing.T, line string) (ok bool) {
	t.Helper()
	id, text, ok := quick(line)
	if !ok || !validUTF8([]byte(line)) {
		return false
	}
	var slow struct {
		ID   string  `json:"id"`
		Text *string `json:"text"`
	}
	if err := decodeLine([]byte(line), &slow); err != nil || slow.Text == nil || slow.ID != id || *slow.Text != text {
		t.Fatalf("%q: quick %q %q, decodeLine %+v %v", line, id, text, slow, err)
	}
	if !json.Valid([]byte(line)) {
		t.Fatalf("%q is no JSON", line)
	}
	return true
}

func TestQuickReading(t *testing.T) {
	taken := 0
	for _, line := range quickSeeds {
		if checkQuick(t, line) {
			taken++
		}
	}
	if taken < 8 {
		t.Errorf("only %d lines are read quickly", taken)
	}
	for n := range 40 { // a stop at every place of a word of eight
		for _, stop := range []string{`\"`, `\\`, `"`, "\n", "é", `\u00e9`} {
			checkQuick(t, `{"id":"`+strings.Repeat("a", n)+stop+`","text":"`+strings.Repeat("\u1ea5", n)+stop+strings.Repeat("~", n)+`"}`)
		}
	}
}

// TestQuickReadingTakesWhatMentionsAre: the ordinary must not fall back, or the command is slow without anybody noticing.
func TestQuickReadingTakesWhatMentionsAre(t *testing.T) {
	for _, line := range []string{
		`{"id":"m1","time":"2031-03-01T08:00:00+07:00","source":"bao.example","title":"Chợ","text":"Cháy chợ “Bến Xanh”.\nHai \"ba\""}`,
		`{"id": "m2", "time": "2031-03-01T08:00:00+07:00", "likes": 12, "text": "\u0110\u00eam qua \ud83d\udd25"}`,
		`{"text":"","parent":null,"id":"m3"}`,
	} {
		if !checkQuick(t, line) {
			t.Errorf("%s is read slowly", line)
		}
	}
}

func FuzzQuickReading(f *testing.F) {
	for _, s := range quickSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) { checkQuick(t, line) })
}
