package people

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"khue/people/mail"
	"khue/problem"
	"khue/regulation"
)

// Account is a person who may log in (tài khoản). Its name and contacts stay in this room and on the pages of those who may see them.
type Account struct {
	ID          string
	Email       string // bare, lower case; the name to log in with
	Name        string
	NameEN      string // as the person writes it in English; may be empty
	Title       string // chức vụ, in Vietnamese; may be empty
	Phone       string
	Lang        string // "vi" or "en"
	Outlet      string // id of the outlet that a journalist works for
	Proven      bool   // the address was proven by a mailed link, or by the city's single sign-on
	Verified    bool   // somebody of the centre vouched for the journalist; accounts that an administrator made are verified
	Closed      bool
	Posts       []regulation.Post
	Created     time.Time
	Changed     time.Time
	ChangedBy   string
	Version     int64 // for SetPosts and ChangeAccount
	HasPassword bool
}

// Ref gives the account as ledger and duties name it.
func (a Account) Ref() string { return "account/" + a.ID }

// Has says whether the account holds a role at an office; an empty office means any.
func (a Account) Has(role regulation.Role, office string) bool {
	return a.actor().Has(role, office)
}

// NameIn gives the name for a reader's language.
func (a Account) NameIn(lang string) string {
	if lang == "en" && a.NameEN != "" {
		return a.NameEN
	}
	return a.Name
}

func (a Account) actor() regulation.Actor {
	return regulation.Actor{ID: a.ID, Name: a.Name, Kind: regulation.Person, Posts: a.Posts, Lang: a.Lang}
}

func (a Account) thing() regulation.Thing {
	t := regulation.Thing{Kind: "account", ID: a.ID, Author: a.ID, State: "open"}
	if a.Closed {
		t.State = "closed"
	}
	return t
}

// Filter chooses accounts; the zero value chooses all that are open.
type Filter struct {
	Text       string          // part of a name or address, with or without marks
	Role       regulation.Role // "" any
	Office     string          // "" any
	Outlet     string          // "" any
	Unverified bool            // only journalists who wait to be verified
	Closed     bool            // closed ones, too
	Limit      int             // 0: 200
}

// Bounds of what people write about themselves, in characters.
const (
	maxName  = 120
	maxTitle = 200
	maxPhone = 30
	maxPaper = 100
	maxLong  = 1000
)

// cleanLine trims a one-line text and joins its white space; ok is false when it holds control characters or is too long.
func cleanLine(s string, limit int) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	s = strings.Join(strings.Fields(s), " ")
	return s, utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, unicode.IsControl)
}

// line cleans a field and notes what is wrong with it.
func line(l *problem.List, field, s string, limit int, required bool) string {
	s, ok := cleanLine(s, limit)
	switch {
	case !ok:
		l.Add(field, problem.Invalid, "why", "@people.why.line")
	case s == "" && required:
		l.Add(field, problem.Required)
	}
	return s
}

// address cleans an e-mail field and notes what is wrong with it.
func address(l *problem.List, field, s string, required bool) string {
	if strings.TrimSpace(s) == "" {
		if required {
			l.Add(field, problem.Required)
		}
		return ""
	}
	a, err := mail.Address(s)
	if err != nil {
		l.Add(field, problem.Email)
	}
	return a
}

// phone cleans a telephone number: digits, spaces, dots, hyphens, brackets, a plus in front.
func phone(l *problem.List, field, s string, required bool) string {
	s = line(l, field, s, maxPhone, required)
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" .-()", r):
		default:
			l.Add(field, problem.Invalid, "why", "@people.why.phone")
			return s
		}
	}
	if s != "" && digits < 3 {
		l.Add(field, problem.Invalid, "why", "@people.why.phone")
	}
	return s
}

// day reads a day, "2026-11-09"; the zero time for "".
func day(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, s)
}

func language(s string) string {
	if s == "en" {
		return "en"
	}
	return "vi"
}
