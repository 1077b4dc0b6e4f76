package main

import (
	"slices"

	"khue/catalogue"
	"khue/claim/match"
	"khue/radar/warn"
	"khue/text/verify"
)

// readChecks reads what was checked before and what the city has said; "" reads none.
func readChecks(b *batch, claims, papers string) (warn.Checks, error) {
	var c warn.Checks
	if claims != "" {
		lib := match.New()
		if err := readLines(b, claims, func(x claimLine) error {
			if !slices.Contains([]string{"verified", "true", "real"}, x.Verdict) { // to say a true thing again is no sign
				lib.Put(x.ID, match.Claim{Text: x.Claim, Title: x.Title})
			}
			return nil
		}); err != nil {
			return c, err
		}
		c.Refuted = func(words string) (string, float64, bool) {
			m, ok := lib.Repeats(words)
			return m.Claim, m.Score, ok
		}
	}
	if papers != "" {
		lib := verify.NewLibrary()
		loader := lib.Loader()
		defer loader.Close()
		if err := readLines(b, papers, func(x textLine) error {
			loader.Add(x.ID, *x.Text)
			return nil
		}); err != nil {
			return c, err
		}
		c.Turned = func(text string) (string, int, bool) {
			v := lib.Check(text)
			return v.Document, len(v.Changes), v.Verdict == verify.Altered && v.Grade == verify.Critical
		}
	}
	return c, nil
}

// reasons writes a signal's reasons as sentences.
func reasons(l catalogue.Lang, list []warn.Reason) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = l.With("radar.why."+r.Key, r.With)
	}
	return out
}
