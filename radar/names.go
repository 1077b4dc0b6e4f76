package radar

import (
	"fmt"
	"io/fs"

	"khue/profile"
	"khue/radar/about"
)

// LoadNames makes the gazetteer of a profile: its wards and communes, those of before with their districts, its offices and those
// that they took the place of, in both languages and by every alias.
func LoadNames(fsys fs.FS) (*about.Gazetteer, error) {
	units, err := profile.LoadUnits(fsys)
	if err != nil {
		return nil, err
	}
	offices, err := profile.LoadOffices(fsys)
	if err != nil {
		return nil, err
	}
	former, err := profile.LoadFormerOffices(fsys, offices)
	if err != nil {
		return nil, err
	}
	n := about.Names{City: []string{"Hà Nội", "Thủ đô", "Hanoi", "Ha Noi"}, Offices: map[string][]string{}}
	into := map[string][]string{}
	codes := map[string]bool{}
	for _, o := range offices {
		codes[o.Code], into[o.Code] = true, []string{o.Code}
		n.Offices[o.Code] = append(n.Offices[o.Code], o.Name, o.NameEN)
	}
	for _, f := range former {
		codes[f.Code], into[f.Code] = true, f.Into[:1] // the first took most of its work
		n.Offices[f.Into[0]] = append(n.Offices[f.Into[0]], f.Name)
	}
	aliases, err := profile.LoadAliases(fsys, codes)
	if err != nil {
		return nil, err
	}
	for code, names := range aliases {
		n.Offices[into[code][0]] = append(n.Offices[into[code][0]], names...)
	}
	for _, u := range units.All {
		n.Units = append(n.Units, about.Unit{Code: u.Code, Name: u.Name})
	}
	at := map[string]int{}
	for _, f := range units.Former { // one row for each successor
		i, ok := at[f.Code+f.Name]
		if !ok {
			i = len(n.Former)
			at[f.Code+f.Name] = i
			n.Former = append(n.Former, about.FormerUnit{Name: f.Name, District: f.District, DistrictCode: f.DistrictCode})
		}
		n.Former[i].Into = append(n.Former[i].Into, f.Into)
	}
	g, err := about.New(n)
	if err != nil {
		return nil, fmt.Errorf("units: %w", err)
	}
	return g, nil
}
