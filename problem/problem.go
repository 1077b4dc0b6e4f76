package problem

import (
	"errors"
	"fmt"
	"strings"
)

// Code names a kind of problem; its sentence stands in the catalogue under "problem.<code>".
type Code string

// The codes of glossary.md section 3 and those the house needs beside them.
const (
	Required   Code = "required"      // a field was left empty
	Invalid    Code = "invalid"       // a field does not hold what it must; why in argument "why"
	Email      Code = "email"         // not an e-mail address
	Date       Code = "date"          // there is no such day
	Weekday    Code = "weekday"       // that day is another weekday
	Past       Code = "past"          // that moment has passed
	Size       Code = "size"          // a file or text is too large; argument "n" in MB
	Kind       Code = "kind"          // a file is of another kind than its name says
	Unsafe     Code = "unsafe"        // a file is not safe to keep
	Twice      Code = "twice"         // the same thing came before; argument "code"
	Session    Code = "session"       // the session ended
	Key        Code = "key"           // a key for programs is missing, unknown, over or revoked
	MediaType  Code = "media-type"    // a body of a type that this address does not take
	Password   Code = "password"      // wrong address or password
	Locked     Code = "locked"        // too many wrong tries; argument "minutes"
	Forbidden  Code = "forbidden"     // needs another role; argument "role"
	SamePerson Code = "same-person"   // who drafted may not approve
	Evidence   Code = "evidence"      // a primary document is missing
	Conflict   Code = "conflict"      // somebody saved meanwhile; argument "name"
	Moved      Code = "moved"         // the page has moved; argument "to"
	Rate       Code = "rate"          // too many requests; argument "seconds"
	State      Code = "state"         // the thing's state does not allow this; arguments "state", "action"
	NotFound   Code = "not-found"     // there is no such thing, or it is not for the asker to see
	Full       Code = "full"          // the disk is full or read-only; nothing was kept
	Internal   Code = "internal"      // our own fault; argument "id" is the request's
	Loading    Code = "loading"       // a part is still starting
	Newer      Code = "newer"         // data of a newer version; arguments "have", "need"
	InUse      Code = "in-use"        // another process serves this data folder
	Withheld   Code = "withheld"      // held back by law or embargo
	Unverified Code = "unverified"    // the account is not verified yet
	Expired    Code = "expired"       // a link or key has expired
	Usage      Code = "usage"         // wrong usage of a command; argument "why"
	Method     Code = "method"        // that HTTP method is not for this address
	Precond    Code = "precondition"  // If-Match names another version
	Idempotent Code = "idempotency"   // the idempotency key was used for another request
	Unavail    Code = "not-available" // a part of the system that is needed is missing here
)

// Error is a problem told to a person.
type Error struct {
	Code  Code
	Field string            // form or JSON field that it concerns, "" for the whole
	Args  map[string]string // values named in the catalogue's sentence
	Err   error             // hidden cause, for the log only
}

// New makes a problem; args are pairs of name and value for the sentence.
func New(code Code, args ...string) *Error {
	return &Error{Code: code, Args: pairs(args)}
}

// Of makes a problem about one field.
func Of(field string, code Code, args ...string) *Error {
	return &Error{Code: code, Field: field, Args: pairs(args)}
}

// Wrap makes a problem with a hidden cause.
func Wrap(err error, code Code, args ...string) *Error {
	return &Error{Code: code, Args: pairs(args), Err: err}
}

// Error gives the technical form for logs: code, field, arguments and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	for k, v := range e.Args {
		fmt.Fprintf(&b, " %s=%q", k, v)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the hidden cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, problem.New(code)) true for the same code.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code && (t.Field == "" || t.Field == e.Field)
}

// CodeOf gives the code of the first problem in err's chain, Internal for any other error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// List is several problems of one form, in the order of its fields.
type List []*Error

// Error joins the technical forms.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap gives every problem of the list to errors.Is and errors.As.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// Add appends a problem about a field.
func (l *List) Add(field string, code Code, args ...string) {
	*l = append(*l, Of(field, code, args...))
}

// Or gives nil when the list is empty, so that it can end a check.
func (l List) Or() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All gives every problem in err: those of a List, the one Error, or one Internal that hides err; nil for nil.
func All(err error) []*Error {
	if err == nil {
		return nil
	}
	var l List
	if errors.As(err, &l) {
		return l
	}
	var e *Error
	if errors.As(err, &e) {
		return []*Error{e}
	}
	return []*Error{Wrap(err, Internal)}
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}
