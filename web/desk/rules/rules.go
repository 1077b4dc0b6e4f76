// Package rules is the desk's page of the rulebook (quy chế): each rule in words, the articles that it rests on, its versions,
// its examples with their outcome, and a form that counts a limit.
//
// Everything shown is read out of the loaded rulebook; nothing is changed here. Imports web/site, web/ui, web/frame, regulation
// and catalogue. Read rules.go, then view.go.
package rules

import (
	"net/http"
	"strconv"

	"khue/problem"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// Register puts the pages into the frame.
func Register(f *frame.Frame, s *site.Site) {
	f.Handle("GET /desk/rules", func(w http.ResponseWriter, r *frame.Request) error {
		actor, err := reader(s, r)
		if err != nil {
			return err
		}
		p := s.Page(w, r, actor, ui.Page{Title: r.Lang.T("rules.title"), Path: "/desk/rules", Menu: "rules"})
		return s.Render(w, r, http.StatusOK, book(p, bookOf(p, s.Rules, s.Deadlines)))
	})
	f.Handle("GET /desk/rules/{n}", func(w http.ResponseWriter, r *frame.Request) error {
		actor, err := reader(s, r)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil {
			return problem.New(problem.NotFound)
		}
		rule, ok := s.Deadlines.Rule(n)
		if !ok {
			return problem.New(problem.NotFound)
		}
		title := r.Lang.T("rules.rule", "n", n, "name", said(r.Lang, rule.Vi, rule.En))
		p := s.Page(w, r, actor, ui.Page{Title: title, Path: "/desk/rules/" + strconv.Itoa(n), Menu: "rules"})
		v := ruleOf(p, s.Deadlines, rule)
		v.Try = try(p, s.Deadlines, rule, r.URL.Query())
		status := http.StatusOK
		if len(v.Try.Faults) > 0 {
			status = http.StatusUnprocessableEntity
		}
		return s.Render(w, r, status, one(p, v))
	})
}

// reader gives who looks, if they may see the rulebook.
func reader(s *site.Site, r *frame.Request) (regulation.Actor, error) {
	a, err := s.Desk(r)
	if err == nil {
		err = s.Rules.Can(a, "regulation.view", regulation.Thing{Kind: "rulebook"}, s.Now())
	}
	return a, err
}
