package extract

import "strings"

// language guesses Vietnamese by its letters, else gives what the page declares.
func language(s, declared string) string {
	declared, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(declared)), "-")
	declared, _, _ = strings.Cut(declared, "_")
	if len(declared) < 2 || len(declared) > 3 {
		declared = ""
	}
	marks, letters := 0, 0
	for i, r := range s {
		if i > 4000 {
			break
		}
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0 {
			letters++
		}
		// Letters that only Vietnamese has: đ, ơ, ư and those with two marks.
		if r == 'đ' || r == 'Đ' || r == 'ơ' || r == 'ư' || r == 'Ơ' || r == 'Ư' || r >= 0x1EA0 && r <= 0x1EF9 {
			marks++
		}
	}
	if letters > 20 && marks*20 > letters {
		return "vi"
	}
	return declared
}
