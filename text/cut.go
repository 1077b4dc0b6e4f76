package text

// Cut shortens a text to at most n bytes at the end of a rune. What it was is left as it is, valid or not.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
