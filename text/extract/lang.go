package extract

import (
	"strings"

	"khue/text"
)

// shown is how many bytes of a text show its language.
const shown = 4 << 10

// language is what the text itself shows, else what the page declares: declarations are copied from templates and often wrong.
func language(s, declared string) string {
	if len(s) > shown {
		s = strings.ToValidUTF8(s[:shown], "")
	}
	if l := text.GuessLanguage(s); l == text.Vietnamese || l == text.English {
		return string(l)
	}
	declared, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(declared)), "-")
	declared, _, _ = strings.Cut(declared, "_")
	if len(declared) < 2 || len(declared) > 3 {
		return ""
	}
	return declared
}
