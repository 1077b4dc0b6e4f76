package text

// sorts are the signs by which the number of an official document is told: 123/QĐ-UBND, 45/2025/NĐ-CP (Decree 30/2020/NĐ-CP, annex III).
var sorts = func() map[uint64]bool {
	m := map[uint64]bool{}
	for _, s := range []string{
		"QĐ", "NQ", "CT", "TB", "NĐ", "TT", "CV", "KH", "BC", "TTr", "CĐ", "HD", "GM", "TTLT", "QH", "QC", "UBND", "HĐND", "VP", "TL", "PA", "CTr",
		"BB", "HĐ", "PL", "TTg", "CP", "STC", "SXD", "SYT", "SGDĐT", "SCT", "SNV", "STP", "SNNMT", "SKHCN", "SVHTT", "SDL", "TU", "TW",
	} {
		key, _ := identity(lowerFold(s))
		m[key] = true
	}
	return m
}()

// lowerFold lowers a sign letter by letter, keeping its marks.
func lowerFold(s string) string {
	out := []rune{}
	for _, r := range s {
		l, _ := letterOf(r)
		out = append(out, l.base)
	}
	return string(out)
}

// paper tells whether the number of a document begins at token i and how many tokens it takes.
func (r *Reader) paper(i int) int {
	if !r.isNumeral(i) || r.between(i) != "/" {
		return 0
	}
	k := i + 1
	if _, ok := r.year(k); ok {
		if r.between(k) != "/" {
			return 0
		}
		k++
	}
	if k >= len(r.Tokens) || r.isNumeral(k) || !sorts[r.Tokens[k].Key] || r.Tokens[k].Flags&Capital == 0 {
		return 0
	}
	k++
	for k < len(r.Tokens) && dash(r.between(k-1)) == '-' && r.Tokens[k].Flags&(Capital|Numeral) != 0 {
		k++
	}
	return k - i
}
