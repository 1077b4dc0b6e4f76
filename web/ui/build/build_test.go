package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fixture is a small tree of the shape that build expects.
func fixture(t *testing.T, css string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "web", "ui")
	for name, text := range map[string]string{
		"css/khue.css": css, "css/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
		"js/theme.js": "document.title = 'a'", "js/public.js": "import { n } from './n.js'\nconsole.log(n)", "js/desk.js": "import { n } from './n.js'\nconsole.log(n + 1)", "js/n.js": "export const n = 41",
		"../../node_modules/htmx.org/dist/htmx.min.js": "var htmx = 1;", "dist/.keep": "", "dist/old-AAAA.js": "gone",
		"../../node_modules/@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf":   "a font",
		"../../node_modules/@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf": "another font",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func names(t *testing.T, root string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "dist", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBuild(t *testing.T) {
	long := "a { color: red }"
	for i := range 60 {
		long += fmt.Sprintf(" .b%d { color: blue; margin: %dpx }", i, i)
	}
	root := fixture(t, long)
	if err := build(root); err != nil {
		t.Fatal(err)
	}
	first := names(t, root)
	for _, e := range []string{"khue.css", "icon.svg", "theme.js", "public.js", "desk.js", "htmx.js"} {
		if first[e] == "" || first[e] == e {
			t.Errorf("%s has the name %q", e, first[e])
		}
		if _, err := os.Stat(filepath.Join(root, "dist", first[e])); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "dist", "old-AAAA.js")); err == nil {
		t.Error("what an earlier build left is still there")
	}
	if _, err := os.Stat(filepath.Join(root, "dist", ".keep")); err != nil {
		t.Error(".keep is gone: a bare clone would not compile")
	}
	if _, err := os.Stat(filepath.Join(root, "dist", first["khue.css"]+".gz")); err != nil {
		t.Error(err)
	}

	// The same input gives the same names; another input another name for that file alone.
	if err := build(root); err != nil {
		t.Fatal(err)
	}
	if again := names(t, root); again["khue.css"] != first["khue.css"] || again["desk.js"] != first["desk.js"] {
		t.Errorf("built twice: %v, then %v", first, again)
	}
	if err := os.WriteFile(filepath.Join(root, "css/khue.css"), []byte("a { color: green }"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := build(root); err != nil {
		t.Fatal(err)
	}
	if again := names(t, root); again["khue.css"] == first["khue.css"] || again["desk.js"] != first["desk.js"] {
		t.Errorf("after a change: %v, before %v", again, first)
	}
}

// A fault names the file, and what was built before stays.
func TestBuildFault(t *testing.T) {
	root := fixture(t, "a { color: red }")
	if err := os.WriteFile(filepath.Join(root, "js/desk.js"), []byte("const ="), 0o644); err != nil {
		t.Fatal(err)
	}
	err := build(root)
	if err == nil || !strings.Contains(err.Error(), "desk.js") {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, "dist", "old-AAAA.js")); err != nil {
		t.Error("a failed build took away what was there")
	}
	if err := os.RemoveAll(filepath.Join(root, "../../node_modules")); err != nil {
		t.Fatal(err)
	}
	if err := build(root); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("without node_modules the error is %v", err)
	}
}
