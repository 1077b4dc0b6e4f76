package catalogue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// TestWordsOfTemplates finds words that stand in a template and not in a catalogue: they would be in one language for everyone.
func TestWordsOfTemplates(t *testing.T) {
	pages := 0
	goFiles(t, "../web", func(path string) bool { return strings.HasSuffix(path, "_templ.go") }, func(path string, file *ast.File, _ *token.FileSet) {
		pages++
		for _, words := range wordsOnScreen(markup(t, file)) {
			t.Errorf("%s: “%s” stands in the template; give it a key in catalogue/vi and catalogue/en", strings.TrimSuffix(path, "_templ.go")+".templ", words)
		}
	})
	if pages < 15 {
		t.Errorf("%d generated templates were found: run make generate", pages)
	}
}

// TestWordsOfCode finds Vietnamese in the strings of the faces: an own sentence there never gets its English.
func TestWordsOfCode(t *testing.T) {
	goFiles(t, "../web", func(path string) bool {
		return !strings.HasSuffix(path, "_templ.go") && !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/webtest/") && notSaid[path] == "" && !strings.Contains(path, "/web/api/") // the API's examples are Vietnamese on purpose
	}, func(path string, file *ast.File, set *token.FileSet) {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || !vietnamese(lit.Value) || called[strings.Trim(lit.Value, `"`)] {
				return true
			}
			t.Errorf("%s: %s is no key of the catalogue", set.Position(lit.Pos()), lit.Value)
			return true
		})
	})
}

func TestWordsOnScreen(t *testing.T) {
	for page, want := range map[string]string{
		`<h1></h1><p class="lede"> · </p>`:              "",
		`<h1>Hỏi</h1>`:                                  "Hỏi",
		`<a title="Mở" href="/ask">`:                    "Mở",
		`<button aria-label="Close">×</button>`:         "Close",
		`<code>khue ledger check</code><kbd>Ctrl</kbd>`: "",
		`<input placeholder="tên" name="name">`:         "tên",
	} {
		if got := strings.Join(wordsOnScreen(page), "|"); got != want {
			t.Errorf("%s: %q, not %q", page, got, want)
		}
	}
}

// called are the names that are the same in every language.
var called = map[string]bool{"Khuê": true, "Cốc Cốc": true, "Atom": true, "RSS": true, "JSON": true, "JSON Feed": true, "YAML": true, "SHA-256": true}

// notSaid are files whose Vietnamese is not what a reader of English would see.
var notSaid = map[string]string{
	"../web/live/live.go": "a comment in the stream of events, for programs",
	"../web/site/diff.go": "the words whose change turns a text's meaning, looked for in texts",
	"../web/ui/format.go": "how a date is written, for each language in one place",
}

// goFiles parses the Go files below a folder that are wanted.
func goFiles(t *testing.T, dir string, wanted func(path string) bool, each func(path string, file *ast.File, set *token.FileSet)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || !wanted(path) {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err == nil {
			each(path, file, set)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// markup joins what a template writes as it stands, in order.
func markup(t *testing.T, file *ast.File) string {
	t.Helper()
	var b strings.Builder
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "WriteString" || len(call.Args) != 3 {
			return true
		}
		if lit, ok := call.Args[2].(*ast.BasicLit); ok {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(s)
		}
		return true
	})
	return b.String()
}

// wordsOnScreen gives the texts of a page, and of those attributes that are read out or shown, that hold a word: two letters or
// more. What is typed or called so in every language, in code and kbd, is no word.
func wordsOnScreen(page string) []string {
	var found []string
	z := html.NewTokenizer(strings.NewReader(page))
	verbatim := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.TextToken:
			if s := strings.TrimSpace(string(z.Text())); verbatim == 0 && isWord(s) {
				found = append(found, s)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if isVerbatim(tag.Data) {
				verbatim++
			}
			for _, a := range tag.Attr {
				switch a.Key {
				case "title", "alt", "aria-label", "placeholder", "aria-description", "summary":
					if isWord(a.Val) {
						found = append(found, a.Val)
					}
				}
			}
		case html.EndTagToken:
			if tag := z.Token(); isVerbatim(tag.Data) {
				verbatim--
			}
		}
	}
}

func isVerbatim(tag string) bool {
	return tag == "code" || tag == "kbd" || tag == "script" || tag == "style"
}

// isWord tells whether a text has two letters in a row and is neither a name nor an address.
func isWord(s string) bool {
	if called[strings.Trim(s, " ·,…")] || strings.HasPrefix(s, "/") {
		return false
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		} else {
			letters = 0
		}
		if letters == 2 {
			return true
		}
	}
	return false
}

// vietnamese tells that a text holds a letter that English has not.
func vietnamese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == 'đ' || r == 'Đ' || r >= 0x00C0 && r <= 0x01B0 && unicode.IsLetter(r) || r >= 0x1EA0 && r <= 0x1EF9
	})
}
