package release

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"khue/problem"
	"khue/regulation"
	"khue/release/prose"
	"khue/store"
)

// Limits of a text, in letters and, for a body, bytes.
const (
	maxTitle  = 300
	maxLede   = 1500
	maxBody   = 200 << 10
	maxReason = 2000
)

// cleaned gives the text in NFC, its title in one line, without NUL.
func (t Text) cleaned() Text {
	f := func(s string) string {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", "")
		return norm.NFC.String(strings.TrimSpace(strings.ToValidUTF8(s, "")))
	}
	line := func(s string) string { return strings.Join(strings.Fields(f(s)), " ") }
	return Text{line(t.Title), f(t.Lede), f(t.Body), line(t.TitleEN), f(t.LedeEN), f(t.BodyEN)}
}

// check gives the problems of a text as problem.List. whole asks for what must be there before it is shown to anybody.
func (t Text) check(whole bool) error {
	var l problem.List
	if t.Title == "" {
		l.Add("title", problem.Required)
	}
	if whole && t.Body == "" {
		l.Add("body", problem.Required)
	}
	if whole && !t.English() && (t.TitleEN != "" || t.BodyEN != "" || t.LedeEN != "") {
		if t.TitleEN == "" {
			l.Add("title_en", problem.Required)
		}
		if t.BodyEN == "" {
			l.Add("body_en", problem.Required)
		}
	}
	for _, f := range []struct {
		field, text string
		letters     int
	}{{"title", t.Title, maxTitle}, {"lede", t.Lede, maxLede}, {"title_en", t.TitleEN, maxTitle}, {"lede_en", t.LedeEN, maxLede}} {
		if utf8.RuneCountInString(f.text) > f.letters {
			l.Add(f.field, problem.Invalid, "why", "@release.too-long")
		}
	}
	for _, f := range []struct{ field, text string }{{"body", t.Body}, {"body_en", t.BodyEN}} {
		if len(f.text) > maxBody {
			l.Add(f.field, problem.Invalid, "why", "@release.too-long")
		}
	}
	return l.Or()
}

// Canonical gives the text that is sealed, docs/format/seal.md.
func (t Text) Canonical() string { return prose.Canonical(t.Title, t.Lede, t.Body) }

// CanonicalEN gives the English text that is sealed, "" when there is none.
func (t Text) CanonicalEN() string {
	if !t.English() {
		return ""
	}
	return prose.Canonical(t.TitleEN, t.LedeEN, t.BodyEN)
}

// seals are the digests of a text. They are made before the transaction where the text is known: the writer serves everybody.
type seals struct{ vi, en string }

func (t Text) seals() seals {
	s := seals{vi: prose.Sum(t.Canonical())}
	if t.English() {
		s.en = prose.Sum(t.CanonicalEN())
	}
	return s
}

// version makes the working text a version that is never changed, when it differs from the newest one. known are its digests, the
// zero seals when they are to be made.
func (r *Room) version(ctx context.Context, tx *store.Tx, by regulation.Actor, rel *Release, known seals, reason string, now time.Time) error {
	if rel.Edition > 0 {
		last, err := scanVersion(tx.QueryRow(ctx, sqlVersion, rel.ID, rel.Edition))
		if err != nil {
			return err
		}
		if last.Text == rel.Text {
			return nil
		}
	}
	rel.Edition++
	t := rel.Text
	if known.vi == "" {
		known = t.seals()
	}
	_, err := tx.Exec(ctx, sqlInsertVersion, rel.ID, rel.Edition, reason, t.Title, t.Lede, t.Body, t.TitleEN, t.LedeEN, t.BodyEN,
		known.vi, known.en, by.ID, store.Micros(now))
	return err
}

// said cleans a reason or note and asks that it is there.
func said(field, s string) (string, error) {
	s = Text{Body: s}.cleaned().Body
	if s == "" {
		return "", problem.Of(field, problem.Required)
	}
	if utf8.RuneCountInString(s) > maxReason {
		return "", problem.Of(field, problem.Invalid, "why", "@release.too-long")
	}
	return s, nil
}

// fold gives a text without marks in lower case, words parted by one space, for finding.
func fold(s string) string {
	var b strings.Builder
	space := false
	for _, c := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, c):
			continue
		case c == 'đ':
			c = 'd'
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(c)
	}
	return b.String()
}

// like makes a pattern for the folded column, "" for no words.
func like(words string) string {
	f := fold(words)
	if f == "" {
		return ""
	}
	return "%" + strings.ReplaceAll(f, " ", "%") + "%"
}
