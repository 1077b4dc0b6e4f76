package inquiries

import (
	"strings"

	"khue/catalogue"
	"khue/inquiry"
	"khue/web/ui"
)

// headline is the subject, or the code when the asker's words were erased.
func headline(q inquiry.Inquiry) string {
	if q.Subject == "" {
		return q.Code
	}
	return q.Subject
}

// storyPath makes the desk's address of "story/ID".
func storyPath(ref string) string { return "radar/" + strings.TrimPrefix(ref, "story/") }

func partSign(s inquiry.PartState) ui.SignKind {
	switch s {
	case inquiry.PartApproved, inquiry.PartUsed:
		return ui.Good
	case inquiry.PartDrafted:
		return ui.Care
	case inquiry.PartDropped:
		return ui.Unknown
	}
	return ui.Plain
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func partLabel(p ui.Page, v actView) string {
	if v.File.Kind.Reported() {
		return p.T("inquiry.label.report")
	}
	return p.T("inquiry.label.part")
}

// officeOf gives an office's name out of what the view holds.
func officeOf(v actView, code string) string {
	for _, o := range v.Offices {
		if o.Value == code {
			return o.Label
		}
	}
	return code
}

// guesses are the chips of a note.
func guesses(p ui.Page, v actView) []string {
	g := v.Guess
	list := []string{catalogue.Capital(p.T("inquiry.kind." + string(g.Kind))), catalogue.Capital(p.T("inquiry.asker." + string(g.Asker)))}
	if g.Urgent {
		list = append(list, p.T("inquiry.urgent"))
	}
	for _, s := range []string{g.Outlet, g.Name, g.Phone, g.Email} {
		if s != "" {
			list = append(list, s)
		}
	}
	for _, o := range g.Offices {
		list = append(list, officeOf(v, o))
	}
	return list
}
