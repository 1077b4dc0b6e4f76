// Package check looks a text over before it goes up for approval: days that are
// not that weekday, units that are no more, personal data, names spelled in two
// ways, numbers that the submission did not have.
//
// A Finding is a reason to look, never a verdict. Pure: no I/O, no clock of its
// own. Imports profile. Read check.go.
package check

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"khue/profile"
)

// Kind says what was found; its sentence stands in the catalogue under "release.check.<kind>".
type Kind string

// The kinds of finding.
const (
	Weekday  Kind = "weekday"  // that day is another weekday; Suggest is the right one (0–6, Sunday first)
	NoDay    Kind = "no-day"   // there is no such day
	OldWard  Kind = "old-ward" // that unit is no more; Suggest lists those of today
	OldKind  Kind = "old-district"
	Phone    Kind = "phone"    // a private telephone number
	Identity Kind = "identity" // a number of an identity card
	Email    Kind = "email"    // a private address
	TwoWays  Kind = "two-ways" // a name spelled in two ways; Suggest is the other way
	Number   Kind = "number"   // a number that the submission does not have
)

// Finding is one thing to look at.
type Finding struct {
	Kind    Kind
	Text    string // as it stands there
	Start   int    // in bytes
	End     int
	Suggest string // what may be right, "" when that is not known
}

// Personal says whether the finding is about personal data.
func (f Finding) Personal() bool { return f.Kind == Phone || f.Kind == Identity || f.Kind == Email }

// Text looks a text over. now is the day of writing, for dates without a year; units may be nil.
func Text(text string, units *profile.Units, now time.Time) []Finding {
	text = norm.NFC.String(text)
	var found []Finding
	found = append(found, dates(text, now)...)
	if units != nil {
		found = append(found, wards(text, units)...)
	}
	found = append(found, personal(text)...)
	found = append(found, names(text)...)
	slices.SortStableFunc(found, func(a, b Finding) int { return a.Start - b.Start })
	return found
}

var weekdays = map[string]time.Weekday{
	"chủ nhật": time.Sunday, "thứ hai": time.Monday, "thứ ba": time.Tuesday, "thứ tư": time.Wednesday,
	"thứ năm": time.Thursday, "thứ sáu": time.Friday, "thứ bảy": time.Saturday, "thứ bẩy": time.Saturday,
}

// dated is a weekday with its date: "thứ Sáu, 9/5/2025", "thứ Sáu ngày 9 tháng 5 năm 2025", "Chủ nhật (9/5)".
var dated = regexp.MustCompile(`(?i)(chủ nhật|thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy))\s*[,(]?\s*(?:ngày\s+)?(\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(\d{1,2})(?:(?:\s*[/.-]\s*|,?\s+năm\s+)(\d{4}))?`)

// plainDate is a full date without a weekday.
var plainDate = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/(\d{4})\b`)

func dates(text string, now time.Time) []Finding {
	var found []Finding
	for _, m := range dated.FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		day, month, year := number(part(2)), number(part(3)), number(part(4))
		f := Finding{Text: text[m[0]:m[1]], Start: m[0], End: m[1]}
		want := weekdays[strings.ToLower(part(1))]
		if year == 0 {
			year = nearYear(day, month, want, now)
		}
		t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		switch {
		case t.Day() != day || int(t.Month()) != month:
			f.Kind = NoDay
		case t.Weekday() != want:
			f.Kind, f.Suggest = Weekday, strconv.Itoa(int(t.Weekday()))
		default:
			continue
		}
		found = append(found, f)
	}
	for _, m := range plainDate.FindAllStringSubmatchIndex(text, -1) {
		day, month, year := number(text[m[2]:m[3]]), number(text[m[4]:m[5]]), number(text[m[6]:m[7]])
		t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if (t.Day() != day || int(t.Month()) != month) && !slices.ContainsFunc(found, func(f Finding) bool { return f.Start <= m[0] && m[1] <= f.End }) {
			found = append(found, Finding{Kind: NoDay, Text: text[m[0]:m[1]], Start: m[0], End: m[1]})
		}
	}
	return found
}

// nearYear is the year that a date without one means: this year's, unless the weekday fits the year before or after and that day is
// less than half a year away.
func nearYear(day, month int, want time.Weekday, now time.Time) int {
	for _, y := range []int{now.Year(), now.Year() + 1, now.Year() - 1} {
		t := time.Date(y, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if away := t.Sub(now).Abs(); t.Weekday() == want && t.Day() == day && away < 183*24*time.Hour {
			return y
		}
	}
	return now.Year()
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// unit is a kind of unit with the name behind it: words that begin with a capital or a digit.
var unit = regexp.MustCompile(`(?:\b|\s|^)([Pp]hường|[Xx]ã|[Qq]uận|[Hh]uyện|[Tt]hị trấn|[Tt]hị xã|P\.|Q\.)\s+((?:\p{Lu}[\p{L}\p{M}]*|\d{1,2})(?:\s+\p{Lu}[\p{L}\p{M}]*){0,3})`)

// wards finds units that are no more. A name of several words is tried whole first, then shorter.
func wards(text string, units *profile.Units) []Finding {
	today := map[string]bool{}
	for _, u := range units.All {
		today[strings.ToLower(norm.NFC.String(u.Name))] = true
	}
	var found []Finding
	for _, m := range unit.FindAllStringSubmatchIndex(text, -1) {
		kind, words := strings.ToLower(text[m[2]:m[3]]), strings.Fields(text[m[4]:m[5]])
		switch kind {
		case "p.":
			kind = "phường"
		case "q.":
			kind = "quận"
		}
		for n := len(words); n > 0; n-- {
			name := kind + " " + strings.Join(words[:n], " ")
			if today[strings.ToLower(name)] {
				break
			}
			list := units.Lookup(name)
			if len(list) == 0 {
				continue
			}
			end := m[4]
			for _, w := range words[:n] {
				end += strings.Index(text[end:], w) + len(w)
			}
			f := Finding{Kind: OldWard, Text: text[m[2]:end], Start: m[2], End: end}
			if kind != "phường" && kind != "xã" && kind != "thị trấn" {
				f.Kind = OldKind
			}
			var now []string
			for _, u := range list {
				if !slices.Contains(now, u.Name) {
					now = append(now, u.Name)
				}
			}
			if len(now) <= 4 {
				f.Suggest = strings.Join(now, ", ")
			}
			found = append(found, f)
			break
		}
	}
	return found
}

var (
	mobile   = regexp.MustCompile(`(?:\+84|\b0)[ .]?[35789](?:[ .-]?\d){8}\b`)
	identity = regexp.MustCompile(`(?i)(?:cccd|cmnd|căn cước|chứng minh)[^\d\n]{0,40}((?:\d[ .]?){8,11}\d)\b|\b(0\d{11})\b`)
	address  = regexp.MustCompile(`[\p{L}0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
)

func personal(text string) []Finding {
	var found []Finding
	for _, m := range identity.FindAllStringSubmatchIndex(text, -1) {
		i := 2
		if m[i] < 0 {
			i = 4
		}
		found = append(found, Finding{Kind: Identity, Text: text[m[i]:m[i+1]], Start: m[i], End: m[i+1]})
	}
	inside := func(a, b int) bool {
		return slices.ContainsFunc(found, func(f Finding) bool { return a < f.End && f.Start < b })
	}
	for _, m := range mobile.FindAllStringIndex(text, -1) {
		if !inside(m[0], m[1]) {
			found = append(found, Finding{Kind: Phone, Text: text[m[0]:m[1]], Start: m[0], End: m[1]})
		}
	}
	for _, m := range address.FindAllStringIndex(text, -1) {
		if s := strings.ToLower(text[m[0]:m[1]]); !strings.HasSuffix(s, ".gov.vn") {
			found = append(found, Finding{Kind: Email, Text: text[m[0]:m[1]], Start: m[0], End: m[1]})
		}
	}
	return found
}

// name is a run of two to five words that begin with a capital.
var name = regexp.MustCompile(`\p{Lu}\p{Ll}*(?:[ ]\p{Lu}\p{Ll}*){1,4}`)

// names finds a name that stands in two spellings which differ in marks only. Where the mark stands on a syllable (hòa, hoà) is a matter
// of style and no difference.
func names(text string) []Finding {
	first := map[string]Finding{}
	var found []Finding
	for _, m := range name.FindAllStringIndex(text, -1) {
		words := text[m[0]:m[1]]
		k := bare(words)
		f := Finding{Kind: TwoWays, Text: words, Start: m[0], End: m[1]}
		old, ok := first[k]
		if !ok {
			first[k] = f
			continue
		}
		if sorted(old.Text) != sorted(words) {
			f.Suggest = old.Text
			found = append(found, f)
		}
	}
	return found
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		if r == 'đ' {
			return 'd'
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
}

// sorted gives each word's marks behind its letters, so that where a mark stands does not count.
func sorted(s string) string {
	words := strings.Fields(strings.ToLower(norm.NFD.String(s)))
	for i, w := range words {
		var letters, tones []rune
		for _, r := range w {
			if slices.Contains([]rune{0x300, 0x301, 0x303, 0x309, 0x323}, r) { // the five tones
				tones = append(tones, r)
			} else {
				letters = append(letters, r)
			}
		}
		words[i] = string(append(letters, tones...))
	}
	return strings.Join(words, " ")
}

// figure is a number as it is written: 1.200, 12,5, 6.
var figure = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// Numbers finds numbers of the draft that the submission does not have. Numbers of dates that it does have count as had.
func Numbers(submission, draft string) []Finding {
	had := map[string]bool{}
	for _, s := range figure.FindAllString(submission, -1) {
		had[plain(s)] = true
	}
	if len(had) == 0 {
		return nil
	}
	var found []Finding
	told := map[string]bool{}
	for _, m := range figure.FindAllStringIndex(draft, -1) {
		s := plain(draft[m[0]:m[1]])
		if n := number(draft[m[0]:m[1]]); had[s] || told[s] || (n >= 1900 && n <= 2100) { // a bare 2026 is a year
			continue
		}
		told[s] = true
		found = append(found, Finding{Kind: Number, Text: draft[m[0]:m[1]], Start: m[0], End: m[1]})
	}
	return found
}

// plain takes the marks between thousands and leading zeros away.
func plain(s string) string {
	s = strings.TrimLeft(strings.NewReplacer(".", "", ",", "").Replace(s), "0")
	if s == "" {
		return "0"
	}
	return s
}

// String gives the finding for tests and logs.
func (f Finding) String() string { return fmt.Sprintf("%s %q → %q", f.Kind, f.Text, f.Suggest) }
