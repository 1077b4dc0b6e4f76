package inquiry

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/goccy/go-yaml"
)

// groundsFile is where a profile keeps the grounds of refusal.
const groundsFile = "inquiry/grounds.yaml"

// Ground is one lawful ground on which information may be refused (căn cứ từ chối); Nghị định 244/2026, Điều 4 khoản 3
// wants it told together with the reason.
type Ground struct {
	Code    string `yaml:"code"`
	Kinds   []Kind `yaml:"kinds"` // for which it may be used; none means all
	Vi      string `yaml:"vi"`
	En      string `yaml:"en"`
	Source  string `yaml:"source"`
	Checked bool   `yaml:"checked"`
}

// For says whether the ground may be used for a kind of inquiry.
func (g Ground) For(k Kind) bool { return len(g.Kinds) == 0 || slices.Contains(g.Kinds, k) }

// In gives the ground's words in a language.
func (g Ground) In(lang string) string {
	if lang == "en" {
		return g.En
	}
	return g.Vi
}

// LoadGrounds reads a profile's grounds of refusal; a fault names the ground and the mend.
func LoadGrounds(fsys fs.FS) ([]Ground, error) {
	data, err := fs.ReadFile(fsys, groundsFile)
	if err != nil {
		return nil, err
	}
	var f struct {
		Version int      `yaml:"version"`
		Grounds []Ground `yaml:"grounds"`
	}
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", groundsFile, yaml.FormatError(err, false, false))
	}
	var faults []error
	seen := map[string]bool{}
	for i, g := range f.Grounds {
		if g.Code == "" || g.Vi == "" || g.En == "" || g.Source == "" {
			faults = append(faults, fmt.Errorf("%s: ground %d (%s): code, vi, en and source are needed", groundsFile, i+1, g.Code))
		}
		if seen[g.Code] {
			faults = append(faults, fmt.Errorf("%s: ground %s stands twice", groundsFile, g.Code))
		}
		seen[g.Code] = true
		for _, k := range g.Kinds {
			if !k.Valid() {
				faults = append(faults, fmt.Errorf("%s: ground %s: kind %q; write one of %v", groundsFile, g.Code, k, Kinds))
			}
		}
	}
	if f.Version != 1 {
		faults = append(faults, fmt.Errorf("%s: version is %d; write version: 1", groundsFile, f.Version))
	}
	return f.Grounds, errors.Join(faults...)
}

// Grounds gives the grounds that may be used for a kind of inquiry.
func (r *Room) Grounds(k Kind) []Ground {
	var list []Ground
	for _, g := range r.grounds {
		if g.For(k) {
			list = append(list, g)
		}
	}
	return list
}

// GroundOf gives the ground with a code; the zero Ground when there is none.
func (r *Room) GroundOf(code string) Ground {
	i := slices.IndexFunc(r.grounds, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}
	}
	return r.grounds[i]
}
