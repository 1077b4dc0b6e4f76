package profile

import (
	"errors"
	"fmt"
	"io/fs"
)

// LoadAliases reads units/aliases.tsv, which a profile may leave out: further names by which offices of today and of before are
// written, by code. codes are those that there are.
func LoadAliases(fsys fs.FS, codes map[string]bool) (map[string][]string, error) {
	names := map[string][]string{}
	err := rows(fsys, "units/aliases.tsv", 2, func(c []string) error {
		if !codes[c[0]] {
			return fmt.Errorf("code %q is no office", c[0])
		}
		if c[1] == "" {
			return errors.New("name is needed")
		}
		names[c[0]] = append(names[c[0]], c[1])
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}
