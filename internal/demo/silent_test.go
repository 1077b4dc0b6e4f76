package demo

import (
	"regexp"
	"strings"
	"testing"

	"khue/internal/house"
)

// private gives what must stand in no ledger: how to reach people, who asked, and what was asked or answered in private.
func (c content) private() []string {
	var list []string
	for _, p := range c.People {
		list = append(list, p.Key+"@khue.example", p.Phone)
	}
	for _, q := range c.Questions {
		list = append(list, q.Name, q.Subject, q.Body, q.Answer, q.Reason)
	}
	for _, k := range c.Claims {
		list = append(list, k.Report)
	}
	return list
}

var (
	address   = regexp.MustCompile(`[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[a-z]`)
	telephone = regexp.MustCompile(`\b0[0-9]{8,10}\b`)
)

// silent walks the whole ledger: its entries are for ever, so that nothing stands in them that has to go one day.
func silent(t *testing.T, d *Demo, h *house.House) {
	t.Helper()
	secrets := d.c.private()
	if len(secrets) < 150 {
		t.Fatalf("only %d things to look for", len(secrets))
	}
	entries := 0
	for after := int64(-1); ; {
		list, err := h.Ledger.After(t.Context(), after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, r := range list {
			after = r.Position
			entries++
			var body any
			if err := r.Decode(&body); err != nil {
				t.Fatalf("%s: %v", r.Kind, err)
			}
			text := strings.Join(append(leaves(body), r.Thing, r.Actor), "\n")
			for _, s := range secrets {
				if s != "" && strings.Contains(text, s) {
					t.Errorf("%s (%s) tells %q", r.Kind, r.Thing, s)
				}
			}
			if m := address.FindString(text) + telephone.FindString(text); m != "" {
				t.Errorf("%s (%s) tells how to reach somebody: %s", r.Kind, r.Thing, m)
			}
		}
	}
	if entries < 900 {
		t.Errorf("only %d entries were read", entries)
	}
}

// leaves gives every text of a decoded JSON value, keys too.
func leaves(v any) []string {
	var list []string
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, x := range v {
			list = append(list, leaves(x)...)
		}
	case map[string]any:
		for k, x := range v {
			list = append(append(list, k), leaves(x)...)
		}
	}
	return list
}
