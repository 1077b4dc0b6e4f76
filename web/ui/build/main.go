package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the files that a page names, each with the plain name it has in the manifest.
var entries = []struct{ in, out string }{
	{"css/khue.css", "khue"},
	{"css/icon.svg", "icon"},
	{"js/theme.js", "theme"},
	{"js/public.js", "public"},
	{"js/desk.js", "desk"},
	{"../../node_modules/htmx.org/dist/htmx.min.js", "htmx"},
	{"../../node_modules/@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf", "sheet-regular"},
	{"../../node_modules/@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf", "sheet-strong"},
}

func main() {
	root := flag.String("root", "web/ui", "folder that holds css, js and dist")
	flag.Parse()
	if err := build(*root); err != nil {
		fmt.Fprintln(os.Stderr, "web/ui/build:", err)
		os.Exit(1)
	}
}

func build(root string) error {
	if _, err := os.Stat(filepath.Join(root, "../../node_modules")); err != nil {
		return errors.New("node_modules is missing: run npm ci first")
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	points := make([]api.EntryPoint, len(entries))
	for i, e := range entries {
		points[i] = api.EntryPoint{InputPath: filepath.Join(abs, e.in), OutputPath: e.out}
	}
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: points,
		AbsWorkingDir:       abs,
		Outdir:              filepath.Join(abs, "dist"),
		PublicPath:          "/assets",
		EntryNames:          "[name]-[hash]",
		AssetNames:          "[name]-[hash]",
		Bundle:              true,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		Format:              api.FormatIIFE,
		Target:              api.ES2020,
		Charset:             api.CharsetUTF8,
		LegalComments:       api.LegalCommentsNone,
		Loader:              map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderCopy, ".ttf": api.LoaderCopy},
		Metafile:            true,
	})
	if len(result.Errors) > 0 {
		return errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	names, err := manifest(result.Metafile, abs)
	if err != nil {
		return err
	}
	return write(filepath.Join(abs, "dist"), result.OutputFiles, names)
}

// manifest reads esbuild's metafile: the hashed name of each entry and of each copied font.
func manifest(metafile, root string) (map[string]string, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string              `json:"entryPoint"`
			Inputs     map[string]struct{} `json:"inputs"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, fmt.Errorf("esbuild's metafile: %w", err)
	}
	names := map[string]string{}
	for out, o := range meta.Outputs {
		hashed := filepath.Base(out)
		if o.EntryPoint == "" {
			for in := range o.Inputs { // a font has one input: itself
				names[filepath.Base(in)] = hashed
			}
			continue
		}
		for _, e := range entries {
			if filepath.Join(root, o.EntryPoint) == filepath.Join(root, e.in) {
				names[e.out+filepath.Ext(out)] = hashed
			}
		}
	}
	return names, nil
}

// write replaces what dist holds, keeping .keep: every file, its .gz where that is smaller, and last the manifest.
func write(dir string, files []api.OutputFile, names map[string]string) error {
	keep := map[string]bool{"manifest.json": true}
	for _, f := range files {
		keep[filepath.Base(f.Path)], keep[filepath.Base(f.Path)+".gz"] = true, true
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f.Path)), f.Contents, 0o644); err != nil {
			return err
		}
		small, err := gzipped(f.Contents)
		if err != nil {
			return err
		}
		if len(small) < len(f.Contents)*9/10 {
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(f.Path)+".gz"), small, 0o644); err != nil {
				return err
			}
		}
	}
	list, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), append(list, '\n'), 0o644); err != nil {
		return err
	}
	return sweep(dir, keep)
}

// sweep removes what an earlier build left; last, so that what the manifest names is always there.
func sweep(dir string, keep map[string]bool) error {
	old, err := filepath.Glob(filepath.Join(dir, "[^.]*"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if keep[filepath.Base(f)] {
			continue
		}
		if err := os.Remove(f); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// gzipped compresses without a name or time, so that the same input gives the same bytes.
func gzipped(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
