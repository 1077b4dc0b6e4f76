package proof

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"khue/insight"
	"khue/problem"
	"khue/text"
	"khue/text/verify"
	"khue/web/frame"
	"khue/web/ui"
)

type formView struct {
	Text, Code string
	Faults     []ui.Fault
	Wrong      map[string]string
}

type resultView struct {
	Finding ui.Finding
	Changes []change
	Page    string // of the official text
	Report  string // address of the form that tells the city
	Code    string
	State   string
	Notes   []string
}

// change is one altered place, in words.
type change struct{ Kind, Official, Found string }

func (p pages) form(w http.ResponseWriter, r *frame.Request) error {
	return p.showForm(w, r, http.StatusOK, formView{})
}

func (p pages) showForm(w http.ResponseWriter, r *frame.Request, status int, v formView) error {
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("proof.title"), Path: "/verify", Menu: "verify", Description: r.Lang.T("proof.lede")})
	return p.s.Render(w, r, status, formPage(page, v))
}

// bareCode is a code and nothing else, where a text was asked for.
var bareCode = regexp.MustCompile(`^[A-Za-z]{2,4}-[0-9]{4}-[0-9]{4,6}$`)

// check answers a pasted text, an uploaded one, or a code. Nothing of it is kept.
func (p pages) check(w http.ResponseWriter, r *frame.Request) error {
	if wait := p.checks.Take(r.From.String()); wait > 0 {
		return problem.New(problem.Rate, "seconds", fmt.Sprint(int(wait.Seconds())+1))
	}
	f, err := p.s.Form(r)
	if err != nil {
		return err
	}
	code := strings.ToUpper(f.Text("code"))
	given := f.Text("text")
	if code == "" && bareCode.MatchString(given) { // the front page has one field for both
		code, given = strings.ToUpper(given), ""
	}
	if files := f.Files("file"); len(files) > 0 {
		if given, err = read(files[0].Open()); err != nil {
			return p.faulty(w, r, f.Text("text"), code, err)
		}
	}
	if given == "" && code != "" {
		if _, err := p.s.Insight.Papers(code); err != nil {
			if problem.CodeOf(err) == problem.NotFound {
				err = problem.Of("code", problem.Invalid, "why", "@proof.no-code")
			}
			return p.faulty(w, r, given, code, err)
		}
		return p.s.See(w, r, "/v/"+code, "")
	}
	v, err := p.s.Insight.Verify(given)
	if err != nil {
		return p.faulty(w, r, given, code, err)
	}
	page := p.s.PublicPage(r, ui.Page{Title: r.Lang.T("proof.title"), Path: "/verify", Menu: "verify", NoIndex: true})
	return p.s.Render(w, r, http.StatusOK, resultPage(page, p.result(r, v, given)))
}

func (p pages) faulty(w http.ResponseWriter, r *frame.Request, given, code string, err error) error {
	if problem.CodeOf(err) == problem.Internal {
		return err
	}
	faults, wrong := ui.Faults(r.Lang, err)
	return p.showForm(w, r, frame.Status(problem.CodeOf(err)), formView{Text: given, Code: code, Faults: faults, Wrong: wrong})
}

// read reads an uploaded text: UTF-8, or UTF-16 with its mark. Other bytes are problem.Kind.
func read(file io.ReadCloser, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxUpload))
	if err != nil {
		return "", err
	}
	data, _, err = transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), data)
	if err != nil || !utf8.Valid(data) || slices.Contains(data, 0) || strings.Contains(string(data), "\uFFFD") {
		return "", problem.Of("file", problem.Kind)
	}
	return strings.TrimSpace(string(data)), nil
}

// signs are the marks of the four answers.
var signs = map[verify.Verdict]ui.SignKind{verify.Authentic: ui.Good, verify.Abridged: ui.Care, verify.Altered: ui.Bad, verify.Unknown: ui.Unknown}

func (p pages) result(r *frame.Request, v insight.Verification, given string) resultView {
	l := r.Lang
	key := "proof.verdict." + string(v.Verdict)
	out := resultView{Finding: ui.Finding{Lang: l, Kind: signs[v.Verdict], Word: l.T(key), Headline: l.T(key + ".headline")}}
	if v.Verdict == verify.Altered {
		if critical := count(v.Changes, verify.Critical); critical > 0 {
			out.Finding.Headline = l.N("proof.verdict.altered.critical", critical)
		}
	}
	if v.Verdict == verify.Unknown {
		out.Notes = []string{l.T("proof.unknown.note")}
	} else {
		out.Code, out.State = v.Paper.Code, sealState(r, v.Paper.Status)
		out.Page = r.Href(v.Paper.Path())
		out.Finding.Seal = ui.Seal(v.Paper.Code, out.State, r.Href("/v/"+v.Paper.Code))
		out.Finding.Runs = runs(v, given)
		switch v.Paper.Status {
		case insight.TakenBack:
			out.Notes = append(out.Notes, l.T("proof.withdrawn.note"))
		case insight.Superseded:
			out.Notes = append(out.Notes, l.T("proof.superseded.note"))
		}
	}
	if v.Verdict == verify.Altered {
		out.Report = r.Href("/report")
	}
	out.Changes = p.changes(r, v.Changes)
	out.Finding.Steps = p.steps(r, v)
	return out
}

func count(list []verify.Change, grade verify.Grade) int {
	n := 0
	for _, c := range list {
		if c.Grade == grade {
			n++
		}
	}
	return n
}

// order is that in which altered places are told: what turns the sense comes first.
var order = []verify.Kind{verify.Number, verify.Date, verify.Money, verify.Negation, verify.Name, verify.Paper, verify.Omitted, verify.Inserted, verify.Wording}

// changesShown bounds the altered places that are told in words; all are marked in the text.
const changesShown = 12

func (p pages) changes(r *frame.Request, list []verify.Change) []change {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b verify.Change) int {
		return slices.Index(order, a.Kind) - slices.Index(order, b.Kind)
	})
	var out []change
	for _, c := range sorted[:min(len(sorted), changesShown)] {
		out = append(out, change{r.Lang.T("proof.change." + string(c.Kind)), c.Official, c.Found})
	}
	return out
}

// runsShown bounds the marked text, in bytes: a reader looks at the altered places, not at a book.
const runsShown = 20_000

// runs shows both texts as one: what is the same, what stands in the official text, and what stands in the one given.
func runs(v insight.Verification, given string) []ui.Run {
	var out []ui.Run
	cut := func(s string, span text.Span) string {
		if span.Start < 0 || span.End > len(s) || span.Start > span.End {
			return ""
		}
		return s[span.Start:span.End]
	}
	add := func(kind ui.RunKind, s string, loud bool) {
		if s != "" {
			out = append(out, ui.Run{Kind: kind, Text: s, Loud: loud})
		}
	}
	size, official, found := 0, 0, 0
	for _, run := range v.Runs {
		if size > runsShown {
			add(ui.Equal, " […]", false)
			break
		}
		// What lies between two runs is white space and signs; that of the given text is shown.
		if found < run.InFound.Start {
			add(ui.Equal, cut(given, text.Span{Start: found, End: run.InFound.Start}), false)
		}
		official, found = max(official, run.InOfficial.End), max(found, run.InFound.End)
		theirs, ours := cut(given, run.InFound), cut(v.Official, run.InOfficial)
		size += len(theirs) + len(ours)
		switch run.Kind {
		case verify.RunChange:
			loud := run.Change >= 0 && run.Change < len(v.Changes) && v.Changes[run.Change].Grade == verify.Critical
			add(ui.Added, ours, loud)
			if ours != "" { // what stands in one text alone still needs its space
				add(ui.Equal, " ", false)
			}
			add(ui.Deleted, theirs, loud)
		case verify.RunLeft:
			add(ui.Equal, " […] ", false)
		default:
			add(ui.Equal, theirs, false)
		}
	}
	if size <= runsShown { // the full stop after the last word
		add(ui.Equal, cut(given, text.Span{Start: found, End: len(given)}), false)
	}
	return out
}

// steps says how the text was compared, in plain words with the figures of this very check.
func (p pages) steps(r *frame.Request, v insight.Verification) []string {
	l := r.Lang
	var list []string
	for _, s := range v.Steps {
		args := []any{"all", ui.Number(l, int64(p.s.Insight.SealedTexts())), "code", v.Paper.Code}
		for name, n := range s.Figures {
			args = append(args, name, ui.Number(l, int64(n)))
		}
		key := "proof.how." + s.Name
		if s.Name == "read" && s.Figures["hidden"]+s.Figures["lookalikes"] > 0 {
			key += ".hidden"
		}
		if l.Has(key) {
			list = append(list, l.T(key, args...))
		}
	}
	if v.Verdict != verify.Unknown {
		list = append(list, l.T("proof.how.sealed", "code", v.Paper.Code, "version", strconv.Itoa(v.Paper.Version)))
	}
	return append(list, l.T("proof.how.not-kept"))
}
