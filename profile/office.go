package profile

import (
	"fmt"
	"io/fs"
	"slices"
)

// Office is a body that speaks or answers (cơ quan): a department, the centre, a body of another kind. Code is its abbreviation.
type Office struct{ Code, Name, Kind, NameEN string }

// OfficeKinds lists the kinds of office.
var OfficeKinds = []string{"centre", "department", "police"}

// LoadOffices reads units/offices.tsv of a profile, in its order. Faults name file and line.
func LoadOffices(fsys fs.FS) ([]Office, error) {
	var list []Office
	err := rows(fsys, "units/offices.tsv", 4, func(c []string) error {
		if slices.ContainsFunc(list, func(o Office) bool { return o.Code == c[0] }) {
			return fmt.Errorf("code %s stands twice", c[0])
		}
		if !slices.Contains(OfficeKinds, c[2]) {
			return fmt.Errorf("kind %q; write one of %v", c[2], OfficeKinds)
		}
		list = append(list, Office{c[0], c[1], c[2], c[3]})
		return nil
	})
	return list, err
}
