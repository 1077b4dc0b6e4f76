package claim

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"khue/problem"
	"khue/store"
)

// tidy puts a line into one line, without blanks at its ends or twice between words.
func tidy(s string) string { return strings.Join(strings.Fields(canon(s)), " ") }

// canon puts a text into NFC, with line feeds as its only line ends and no blanks at the ends of lines.
func canon(s string) string {
	s = norm.NFC.String(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(strings.ToValidUTF8(s, "")))
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\u00a0")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// unquote takes the quotation marks off a quote: the page puts its own.
func unquote(s string) string {
	for _, p := range [][2]string{{"“", "”"}, {"\"", "\""}, {"«", "»"}} {
		if inner, ok := strings.CutPrefix(s, p[0]); ok {
			if inner, ok = strings.CutSuffix(inner, p[1]); ok && !strings.ContainsAny(inner, p[0]+p[1]) {
				return strings.TrimSpace(inner)
			}
		}
	}
	return s
}

// long adds a problem for a text of more characters than a field takes.
func long(l *problem.List, field, value string, most int) {
	if utf8.RuneCountInString(value) > most {
		l.Add(field, problem.Invalid, "why", "@claim.why.long")
	}
}

// maxLinks bounds the addresses of one claim.
const maxLinks = 20

// links tidies addresses and drops empty ones and those given twice.
func links(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// isLink says whether s is an address of the web.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && len(s) <= 2000
}

func checkOpen(in OpenInput) error {
	var l problem.List
	if in.Statement == "" {
		l.Add("statement", problem.Required)
	}
	long(&l, "statement", in.Statement, 500)
	if in.Topic != "" && !slices.Contains(Topics, in.Topic) {
		l.Add("topic", problem.Invalid, "why", "@claim.why.choice")
	}
	if !slices.Contains(Impacts, in.Impact) {
		l.Add("impact", problem.Invalid, "why", "@claim.why.choice")
	}
	if len(in.Links) > maxLinks {
		l.Add("links", problem.Invalid, "why", "@claim.why.long")
	}
	for _, s := range in.Links {
		if !isLink(s) {
			l.Add("links", problem.Invalid, "why", "@claim.why.link")
			break
		}
	}
	long(&l, "question", in.Question, 4000)
	return l.Or()
}

// textHash gives SHA-256 of a text in hexadecimal: what an entry may hold of it.
func textHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// one wants a statement to have changed exactly one row: else somebody was faster, or it is not there.
func one(res sql.Result, err error) error { return store.OneRow("@claim.somebody")(res, err) }

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
