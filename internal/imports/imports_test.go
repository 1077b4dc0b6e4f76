// Package imports holds the picture of ARCHITECTURE.md against the code.
package imports

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type row struct {
	pkg string
	may []string
}

// table reads the rows of ARCHITECTURE.md.
func table(t *testing.T) []row {
	t.Helper()
	data, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "<!-- imports:")
	if !ok {
		t.Fatal("ARCHITECTURE.md has no table of imports")
	}
	code := regexp.MustCompile("`([^`]+)`")
	var rows []row
	for _, line := range strings.Split(rest, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			if len(rows) > 0 {
				break
			}
			continue
		}
		name := code.FindStringSubmatch(cells[1])
		if name == nil {
			continue
		}
		r := row{pkg: name[1]}
		for _, m := range code.FindAllStringSubmatch(cells[3], -1) {
			r.may = append(r.may, m[1])
		}
		rows = append(rows, r)
	}
	return rows
}

// find gives the row of a package: its own, or that of the nearest folder above it.
func find(rows []row, pkg string) *row {
	for i := range rows {
		if rows[i].pkg == pkg {
			return &rows[i]
		}
	}
	best := -1
	for i := range rows {
		if strings.HasSuffix(rows[i].pkg, "/") && strings.HasPrefix(pkg, rows[i].pkg) && (best < 0 || len(rows[i].pkg) > len(rows[best].pkg)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &rows[best]
}

// allows says whether a row lets in an import: named itself, below a name, or below the package.
func (r *row) allows(pkg, imported string) bool {
	if strings.HasPrefix(imported, pkg+"/") {
		return true
	}
	return slices.ContainsFunc(r.may, func(m string) bool {
		return imported == strings.TrimSuffix(m, "/") || strings.HasPrefix(imported, strings.TrimSuffix(m, "/")+"/")
	})
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "khue/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []listed
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// TestImports fails where a package imports what the picture does not show, or does not stand in it.
func TestImports(t *testing.T) {
	rows := table(t)
	if len(rows) < 10 {
		t.Fatalf("%d rows in ARCHITECTURE.md", len(rows))
	}
	seen := map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, "khue/")
		r := find(rows, name)
		if r == nil {
			t.Errorf("%s has no row in ARCHITECTURE.md", name)
			continue
		}
		seen[r.pkg] = true
		for _, i := range p.Imports {
			imported, ours := strings.CutPrefix(i, "khue/")
			if ours && !r.allows(name, imported) {
				t.Errorf("%s imports %s; its row in ARCHITECTURE.md allows %v", name, imported, r.may)
			}
		}
	}
	for _, r := range rows {
		if !seen[r.pkg] && !t.Failed() {
			t.Errorf("ARCHITECTURE.md has a row for %s, which does not exist", r.pkg)
		}
	}
}

// TestDoc fails where a package has no comment that says its job.
func TestDoc(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", "{{if and .GoFiles (not .Doc)}}{{.ImportPath}}{{end}}", "khue/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, p := range strings.Fields(string(out)) {
		t.Errorf("%s has no package comment", p)
	}
}
