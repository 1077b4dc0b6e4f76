package ui

import (
	"github.com/a-h/templ"

	"khue/catalogue"
)

// Input describes one field of a form: its words come in the page's language, its value is what was typed,
// so that nothing is lost when the form comes back with an error.
type Input struct {
	Name     string // form name
	ID       string // of the element, Name when empty: for a field beside another of the same name
	Label    string
	Hint     string
	Error    string // sentence of problem.Error for this field, "" when it is right
	Value    string
	Type     string // of <input>: text (when ""), email, tel, password, url, search, number, date
	Optional string // the word "không bắt buộc" behind the label, "" for a required field: see OptionalWord
	Complete string // autocomplete token (WCAG 1.3.5): "email", "name", "tel", "current-password"
	Rows     int    // of a Textarea, 4 when 0
	Accept   string // of a File
	Multiple bool   // of a File
	Short    bool   // a narrow field: a code, a date
	Tall     bool   // a Textarea for a whole text
	Focus    bool   // has the cursor when the page opens
	Draft    string // key under which a script keeps what is typed; "" keeps nothing
}

// Option is one choice of a Select.
type Option struct {
	Value, Label string
}

// Fault is one line of an ErrorSummary: the sentence, and the field it leads to ("" for the whole form).
type Fault struct {
	Field, Text string
}

// OptionalWord gives "không bắt buộc" or "optional".
func OptionalWord(l catalogue.Lang) string { return l.T("ui.optional") }

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) rows() int {
	if i.Rows == 0 {
		return 4
	}
	return i.Rows
}

func (i Input) id() string {
	if i.ID == "" {
		return i.Name
	}
	return i.ID
}

// described names the elements that a screen reader reads with the field.
func (i Input) described() string {
	switch {
	case i.Hint != "" && i.Error != "":
		return i.id() + "-hint " + i.id() + "-fault"
	case i.Hint != "":
		return i.id() + "-hint"
	case i.Error != "":
		return i.id() + "-fault"
	}
	return ""
}

func (i Input) attributes() templ.Attributes {
	a := templ.Attributes{}
	if d := i.described(); d != "" {
		a["aria-describedby"] = d
	}
	if i.Error != "" {
		a["aria-invalid"] = "true"
	}
	if i.Optional == "" {
		a["aria-required"] = "true"
	}
	if i.Complete != "" {
		a["autocomplete"] = i.Complete
	}
	if i.Focus {
		a["autofocus"] = true
	}
	if i.Draft != "" {
		a["data-draft"] = i.Draft
	}
	return a
}

func (i Input) class() string {
	c := "input"
	if i.Short {
		c += " short"
	}
	if i.Tall {
		c += " tall"
	}
	return c
}
