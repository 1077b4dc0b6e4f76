package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Office is a body that speaks or answers (cơ quan): a department, the centre, a body of another kind. Code is its abbreviation.
type Office struct {
	Code, Name, Kind, NameEN string
	Parent                   string // code of the body above it, or empty
	ValidFrom, ValidTo       string // first day, and first day no longer; empty: not known, in force
}

// FormerOffice is a body that is no more and the codes of those that took its work.
type FormerOffice struct {
	Code, Name string
	Into       []string
	ValidTo    string // the first day on which it was no more
}

// Kind is a kind of office and what binds it to speak and to answer.
type Kind struct {
	Kind    string `yaml:"kind"`
	Vi      string `yaml:"vi"`
	En      string `yaml:"en"`
	Binds   string `yaml:"binds"`   // "law": the rulebook's legal limits hold; "agreement": only limits that were agreed
	Source  string `yaml:"source"`  // act and article, or the agreement
	Mark    string `yaml:"mark"`    // "F" found in a text, "D" our own reading
	Checked bool   `yaml:"checked"` // a person compared it with the gazette
}

// OfficeKinds lists the kinds of office that the program knows; units/kinds.yaml says what binds each.
var OfficeKinds = []string{"city", "centre", "department", "ward", "vertical", "police", "army", "council", "party", "front", "justice", "board", "company", "hospital"}

// LoadOffices reads units/offices.tsv of a profile, in its order. Faults name file and line.
func LoadOffices(fsys fs.FS) ([]Office, error) {
	const file = "units/offices.tsv"
	var list []Office
	err := rows(fsys, file, 7, func(c []string) error {
		if slices.ContainsFunc(list, func(o Office) bool { return o.Code == c[0] }) {
			return fmt.Errorf("code %s stands twice", c[0])
		}
		if !slices.Contains(OfficeKinds, c[2]) || c[2] == "ward" {
			return fmt.Errorf("kind %q; write one of %v (wards stand in wards.tsv)", c[2], OfficeKinds)
		}
		if c[0] == "" || c[1] == "" || c[3] == "" {
			return errors.New("code, name and name_en are needed")
		}
		if err := days(c[5], c[6]); err != nil {
			return err
		}
		list = append(list, Office{c[0], c[1], c[2], c[3], c[4], c[5], c[6]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, o := range list {
		if o.Parent != "" && !slices.ContainsFunc(list, func(p Office) bool { return p.Code == o.Parent && p.Code != o.Code }) {
			return nil, fmt.Errorf("%s:%d: parent %q is no other office of this file", file, i+2, o.Parent)
		}
	}
	return list, nil
}

// LoadFormerOffices reads units/former-offices.tsv, which a profile may leave out. offices are those in force.
func LoadFormerOffices(fsys fs.FS, offices []Office) ([]FormerOffice, error) {
	var list []FormerOffice
	err := rows(fsys, "units/former-offices.tsv", 4, func(c []string) error {
		into := strings.Split(c[2], ",")
		for _, code := range into {
			if !slices.ContainsFunc(offices, func(o Office) bool { return o.Code == code }) {
				return fmt.Errorf("successor %q is no office", code)
			}
		}
		if err := days(c[3]); err != nil {
			return err
		}
		list = append(list, FormerOffice{c[0], c[1], into, c[3]})
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return list, err
}

// LoadKinds reads units/kinds.yaml: each kind that the program knows, once.
func LoadKinds(fsys fs.FS) ([]Kind, error) {
	const file = "units/kinds.yaml"
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Version int    `yaml:"version"`
		Kinds   []Kind `yaml:"kinds"`
	}
	if err := yaml.UnmarshalWithOptions(data, &doc, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Version != 1 {
		return nil, fmt.Errorf("%s: version is %d; write version: 1", file, doc.Version)
	}
	seen := map[string]bool{}
	for _, k := range doc.Kinds {
		if !slices.Contains(OfficeKinds, k.Kind) || seen[k.Kind] {
			return nil, fmt.Errorf("%s: kind %q is unknown or stands twice; the kinds are %v", file, k.Kind, OfficeKinds)
		}
		if k.Vi == "" || k.En == "" || k.Source == "" || (k.Binds != "law" && k.Binds != "agreement") || (k.Mark != "F" && k.Mark != "D") {
			return nil, fmt.Errorf("%s: kind %s needs vi, en, source, binds (law or agreement) and mark (F or D)", file, k.Kind)
		}
		seen[k.Kind] = true
	}
	for _, k := range OfficeKinds {
		if !seen[k] {
			return nil, fmt.Errorf("%s: kind %s is missing", file, k)
		}
	}
	return doc.Kinds, nil
}

// days says whether each is empty or a day written 2006-01-02.
func days(list ...string) error {
	for _, d := range list {
		if d == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return fmt.Errorf("day %q; write 2025-07-01", d)
		}
	}
	return nil
}

// Key folds a name for finding: no marks, lower case, letters and digits parted by one space, kinds of unit (P., Q.) written out.
func Key(name string) string { return key(name) }
