package media

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest name kept, in letters without the ending.
const maxName = 100

// CleanName makes a file's name harmless: no folders, control or direction-changing characters, nothing that a system reads as
// an order; NFC, at most 100 letters before the ending. It gives "tep" when nothing is left.
func CleanName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, ""))
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	var b strings.Builder
	space := false
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), strings.ContainsRune(`<>:"|?*&;`+"`$'%#{}", r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	name = strings.Trim(b.String(), ". -~")
	ext := path.Ext(name)
	if len(ext) > 10 || strings.Contains(ext, " ") {
		ext = ""
	}
	stem := []rune(strings.TrimRight(strings.TrimSuffix(name, ext), ". "))
	if len(stem) > maxName {
		stem = []rune(strings.TrimRight(string(stem[:maxName]), ". "))
	}
	if len(stem) == 0 {
		stem = []rune("tep")
	}
	return string(stem) + ext
}

// fitName holds a cleaned name against the kind that the content is. A name without an ending gets one; a picture's ending may be
// another picture's, since telephones write them wrongly and pictures are written anew; any other lie is false.
func fitName(name, kind, kept string) (string, bool) {
	ext := strings.ToLower(path.Ext(name))
	stem := strings.TrimSuffix(name, path.Ext(name))
	info := kinds[kept]
	switch {
	case ext == "":
		return name + info.endings[0], true
	case slices.Contains(info.endings, ext):
		return stem + ext, true
	case slices.Contains(kinds[kind].endings, ext):
		return stem + info.endings[0], true
	case strings.HasPrefix(kind, "image/"):
		for k, i := range kinds {
			if strings.HasPrefix(k, "image/") && slices.Contains(i.endings, ext) {
				return stem + info.endings[0], true
			}
		}
	}
	return "", false
}
