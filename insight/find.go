package insight

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"khue/claim"
	"khue/inquiry"
	"khue/people"
	"khue/regulation"
	"khue/release"
	"khue/text"
)

// Found is one thing that a person of the desk looked for.
type Found struct {
	Title string
	Code  string
	State string // catalogue key, "" for none
	Href  string // without language
}

// Matches says whether every word of a query begins a word of a name, with or without marks.
func Matches(name, query string) bool {
	list := words(name)
	for _, q := range words(query) {
		if !slices.ContainsFunc(list, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

// words gives the runs of letters and digits of a text, without marks and in lower case.
func words(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Find looks through what a person may see: releases, inquiries, claims, offices and people, by code, title or name.
func (r *Room) Find(ctx context.Context, by regulation.Actor, q string, limit int) ([]Found, error) {
	if q = strings.TrimSpace(q); q == "" {
		return nil, nil
	}
	var list []Found
	for _, part := range []func(context.Context, regulation.Actor, string, int) ([]Found, error){r.findReleases, r.findInquiries, r.findClaims, r.findOffices, r.findPeople} {
		more, err := part(ctx, by, q, limit)
		if err = ignoreForbidden(err); err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list[:min(len(list), limit)], nil
}

func (r *Room) findReleases(ctx context.Context, by regulation.Actor, q string, limit int) ([]Found, error) {
	rels, _, err := r.c.Releases.List(ctx, by, release.Filter{Words: q, Limit: limit})
	var list []Found
	for _, x := range rels {
		list = append(list, Found{x.Title, x.Code, "release.state." + string(x.State), Address(x.Ref())})
	}
	return list, err
}

func (r *Room) findInquiries(ctx context.Context, by regulation.Actor, q string, limit int) ([]Found, error) {
	items, err := r.c.Inquiries.List(ctx, by, inquiry.Filter{Text: q, Limit: limit})
	var list []Found
	for _, x := range items {
		list = append(list, Found{x.Subject, x.Code, "inquiry.state." + string(x.State), Address(x.Ref())})
	}
	return list, err
}

func (r *Room) findClaims(ctx context.Context, by regulation.Actor, q string, limit int) ([]Found, error) {
	claims, err := r.c.Claims.List(ctx, by, claim.ListFilter{})
	var list []Found
	for _, x := range claims {
		if len(list) < limit && Matches(x.Code+" "+x.Statement+" "+x.Draft.VI.Headline, q) {
			list = append(list, Found{x.Statement, x.Code, "claim.state." + string(x.State), Address(x.Ref())})
		}
	}
	return list, err
}

func (r *Room) findOffices(ctx context.Context, by regulation.Actor, q string, limit int) ([]Found, error) {
	offices, err := r.c.People.FindOffice(ctx, q)
	var list []Found
	for _, o := range offices[:min(len(offices), min(limit, 5))] {
		list = append(list, Found{o.NameIn(by.Lang), o.Code, "", "/desk/offices/" + o.Code})
	}
	return list, err
}

func (r *Room) findPeople(ctx context.Context, by regulation.Actor, q string, limit int) ([]Found, error) {
	if err := r.c.Rules.Can(by, "people.account.view", regulation.Thing{Kind: "account"}, r.c.Now()); err != nil {
		return nil, err
	}
	accounts, err := r.c.People.Accounts(ctx, people.Filter{Text: q, Limit: min(limit, 5)})
	var list []Found
	for _, a := range accounts {
		list = append(list, Found{a.NameIn(by.Lang), "", "", Address(a.Ref())})
	}
	return list, err
}
