package text

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookalikes maps letters of other scripts, and odd Latin ones, to the letter that a reader sees. The pairs are those met in
// disguised Vietnamese pages, filled up from the confusables of Unicode TS 39; lower case only, capitals follow.
var lookalikes = func() map[rune]rune {
	m := map[rune]rune{}
	for latin, others := range map[rune]string{
		'a': "аαɑᴀ", 'b': "вьβʙɓƀ", 'c': "сςϲᴄƈ", 'd': "ԁɗᴅɖ", 'đ': "ᵭ", 'e': "еєεᴇɘ", 'f': "ғƒꜰ", 'g': "ԍɡɢɠց",
		'h': "һнɦʜհ", 'i': "іιɪı", 'j': "јϳᴊ", 'k': "кκᴋƙ", 'l': "ӏʟⅼł", 'm': "мᴍ", 'n': "пռηɴɲƞ", 'o': "оοσᴏօө",
		'p': "рρᴘƥ", 'q': "ԛգ", 'r': "гʀɾя", 's': "ѕꜱᵴʂ", 't': "тτᴛƭ", 'u': "υцսᴜʋ", 'v': "νѵᴠ", 'w': "ԝωᴡա", 'x': "хχ",
		'y': "уγʏүყƴ", 'z': "ᴢʐƶ",
	} {
		for _, r := range others {
			m[r] = latin
			if up := unicode.ToUpper(r); up != r && up >= 0x80 {
				if _, taken := m[up]; !taken {
					m[up] = unicode.ToUpper(latin)
				}
			}
		}
	}
	// Capitals that look otherwise than their small letters.
	for latin, others := range map[rune]string{'A': "АΑ", 'B': "ВΒ", 'H': "НΗҺ", 'P': "РΡ", 'Y': "УΥҮ", 'N': "ΝП", 'V': "ѴⅤ", 'X': "ХΧ", 'E': "ЕΕ", 'C': "СϹ", 'I': "ІΙ", 'Z': "Ζ"} {
		for _, r := range others {
			m[r] = latin
		}
	}
	return m
}()

// seen gives the letter that a reader sees in r; ok is false where r looks like no Latin letter.
func seen(r rune) (rune, bool) {
	if l, ok := lookalikes[r]; ok {
		return l, true
	}
	if r >= 0x370 && r <= 0x52F || r >= 0x1F00 && r <= 0x1FFF { // with an accent of its own: ό, ὶ, ё
		if d := norm.NFD.String(string(r)); len(d) > 0 {
			rs := []rune(d)
			if l, ok := lookalikes[rs[0]]; ok && len(rs) > 1 {
				return []rune(norm.NFC.String(string(l) + string(rs[1:])))[0], true
			}
		}
	}
	return 0, false
}

// compatible gives the plain letters or digits behind full-width, mathematical, circled and ligature forms, "" for others.
func compatible(r rune) string {
	switch {
	case r >= 0xFF10 && r <= 0xFF5A, r >= 0x1D400 && r <= 0x1D7FF, r >= 0x2100 && r <= 0x214F, r >= 0xFB00 && r <= 0xFB06,
		r >= 0x2460 && r <= 0x24FF, r >= 0x1F110 && r <= 0x1F16F, r >= 0x2160 && r <= 0x217F, r >= 0x1D2C && r <= 0x1D6A, r >= 0x2071 && r <= 0x209C:
	default:
		return ""
	}
	if r == 0x2116 || r == 0x2117 || r == 0x2122 || r == 0x2120 { // №, ℗, ™, ℠ are signs of their own
		return ""
	}
	plain := norm.NFKC.String(string(r))
	for _, c := range plain {
		if c >= 0x80 || !inSyllable(c) {
			return ""
		}
	}
	return plain
}

// isHidden tells characters that take no place on the screen. Joiners and variation selectors have a job in emoji and in
// scripts other than Latin; the caller looks at the letter before them.
func isHidden(r rune) bool {
	switch {
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2064, r >= 0x2066 && r <= 0x206F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return false
}

// isJoiner tells the hidden characters that other scripts and emoji need.
func isJoiner(r rune) bool {
	return r == 0x200C || r == 0x200D || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0020 && r <= 0xE007F || r == 0x200E || r == 0x200F || r == 0x61C
}
