package prose_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"khue/release/prose"
)

func TestHTML(t *testing.T) {
	for in, want := range map[string]string{
		"Nước đã **trở lại**.":                 "<p>Nước đã <strong>trở lại</strong>.</p>\n",
		"# Đầu đề":                             "<h2>Đầu đề</h2>\n",
		"dòng một\ndòng hai":                   "<p>dòng một<br>\ndòng hai</p>\n",
		"[a](javascript:alert(1))":             "<p>a</p>\n",
		"<script>alert(1)</script>":            "\n",
		"x <b onclick=alert(1)>đậm</b>":        "<p>x đậm</p>\n",
		"![a](https://x.example/a.png)":        "<p></p>\n",
		"[a](data:text/html,<script>)":         "<p>a</p>\n",
		"<svg onload=alert(1)>":                "\n",
		"[a](/r/TCBC-2026-0001)":               "<p><a href=\"/r/TCBC-2026-0001\">a</a></p>\n",
		"<javascript:alert(1)>":                "<p>javascript:alert(1)</p>\n",
		"`<img src=x onerror=alert(1)>` và ký": "<p><code>&lt;img src=x onerror=alert(1)&gt;</code> và ký</p>\n",
	} {
		if got := prose.HTML(in); got != want {
			t.Errorf("%q:\n%q, want\n%q", in, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"# Đầu đề\n\nMột **đoạn**\nhai dòng.\n\n- thứ nhất\n- thứ hai\n\n1. a\n2. b\n\nHết.": "Đầu đề\n\nMột đoạn\nhai dòng.\n\nthứ nhất\nthứ hai\n\na\nb\n\nHết.",
		"Xem [bản đồ](https://a.example/b).":                   "Xem bản đồ (https://a.example/b).",
		"Xem https://a.example/b":                              "Xem https://a.example/b",
		"Xem [ở đây](javascript:alert(1)).":                    "Xem ở đây.",
		"a &amp; b \\* c":                                      "a & b * c",
		"x <b>đậm</b> y":                                       "x đậm y",
		"| Phường | Hộ |\n|--|--|\n| Yên Hòa | 1.200 |\n\nSau": "Phường | Hộ\nYên Hòa | 1.200\n\nSau",
		"  thừa    chỗ   trống \n\n\n\n hai":                   "thừa chỗ trống\n\nhai",
	} {
		if got := prose.Plain(in); got != want {
			t.Errorf("%q:\n%q, want\n%q", in, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	nfd := norm.NFD.String("Cầu vượt đóng một làn")
	if got := prose.Canonical(nfd, "", "Từ **22 giờ**.\r\n"); got != "Cầu vượt đóng một làn\n\nTừ 22 giờ." {
		t.Errorf("%q", got)
	}
	if a, b := prose.Canonical("T", "L", "B"), prose.Canonical("T", "", "L\n\nB"); a != b { // parts are read as one text
		t.Errorf("%q %q", a, b)
	}
	const want = "2a926211" // of "T\n\nL\n\nB": docs/format/seal.md has the whole
	if got := prose.Sum(prose.Canonical("T", "L", "B")); !strings.HasPrefix(got, want) {
		t.Errorf("the sealed text changed its form: %s", got)
	}
}

var running = regexp.MustCompile(`(?i)<[a-z/!][^>]*\bon[a-z]+\s*=|<\s*(script|svg|iframe|object|embed|style|form|img|meta|base)|(href|src)\s*=\s*["']?\s*(javascript|data|vbscript):`)

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		"<script>alert(1)</script>", "[x](javascript:alert(1))", "<a href=\"java\nscript:x\">", "<img src=x onerror=1>", "**a**\n- b", "```\n<script>", "[x]: data:text/html,x\n[x]",
		"<svg><p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "&#x6A;avascript:alert(1)", "[a](&#x6A;avascript:alert(1))", "<math><mtext></form><form><mglyph><style></math><img src onerror=1>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := prose.HTML(s); running.MatchString(got) {
			t.Errorf("%q gives %q", s, got)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add("Tiêu đề", "Mào", "# a\n- b\n\n| c | d |\n|-|-|\n| e | f |")
	f.Add("", "", "\xff\x00")
	f.Fuzz(func(t *testing.T, title, lede, body string) {
		got := prose.Canonical(title, lede, body)
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.Contains(got, "\n\n\n") || strings.Contains(got, "  ") ||
			strings.Contains(got, " \n") || strings.TrimSpace(got) != got || strings.ContainsAny(got, "\r\x00\t") {
			t.Errorf("%q", got)
		}
	})
}
