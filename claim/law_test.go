package claim_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"khue/claim"
	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
)

// TestLaws lets people do anything at random to a claim and holds what must always be: no edition by one person alone, none of
// fake or false without an approved primary document, none that changes, and each with its own public entry.
func TestLaws(t *testing.T) {
	k := testkit.SQLite(t)
	b := room(k)
	people := []regulation.Actor{ // analysts more often, since only they draft
		b.lan, b.mai, b.lan, b.mai, b.lan, b.mai, testkit.Centre("son", regulation.Editor), testkit.Centre("hoa", regulation.Approver), b.ngoc, b.hung, b.tu, {},
	}
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		c, err := b.Open(k.Ctx, b.lan, claim.OpenInput{Statement: fmt.Sprintf("Tin đồn số %d", n), Office: "SXD"})
		if err != nil {
			t.Fatal(err)
		}
		var editions []claim.Edition // as they were first seen, the oldest first
		original := false            // an approved primary document is there
		for range rapid.IntRange(5, 40).Draw(t, "acts") {
			by := rapid.SampledFrom(people).Draw(t, "by")
			w, err := b.Get(k.Ctx, b.lan, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			before := w.Edition
			act(t, b, by, w)
			if w, err = b.Get(k.Ctx, b.lan, c.ID); err != nil {
				t.Fatal(err)
			}
			original = slices.ContainsFunc(w.Evidence, func(e claim.Evidence) bool { return e.Original && e.State == claim.Approved })
			if w.Edition > before+1 || w.Edition < before {
				t.Fatalf("editions went from %d to %d", before, w.Edition)
			}
			for i, e := range slices.Backward(w.Editions) {
				at := len(w.Editions) - 1 - i
				if at < len(editions) {
					if editions[at].Hash != e.Hash || editions[at].Verdict != e.Verdict || editions[at].Entry != e.Entry {
						t.Fatalf("edition %d changed", e.N)
					}
					continue
				}
				if e.Drafter == e.Seconder || e.Drafter == "" || e.Seconder == "" {
					t.Fatalf("edition %d by %q and %q", e.N, e.Drafter, e.Seconder)
				}
				if e.Verdict.NeedsOriginal() && !original {
					t.Fatalf("%s without a primary document", e.Verdict)
				}
				rec, err := k.Ledger.Record(k.Ctx, e.Entry)
				if err != nil || !rec.Public || rec.Thing != c.Ref() {
					t.Fatalf("its entry: %+v %v", rec, err)
				}
				editions = append(editions, e)
			}
		}
	})
	published := 0
	for _, kind := range k.Kinds(t) {
		if kind == "claim.published" || kind == "claim.updated" {
			published++
		}
	}
	if published < 20 {
		t.Errorf("only %d editions came out: these laws were hardly tried", published)
	}
}

// act does one act chosen at random, as the claim stands; what is refused is refused with a problem, never an internal fault.
func act(t *rapid.T, b *bench, by regulation.Actor, w claim.Whole) {
	id, v := w.ID, w.Version
	verdict := rapid.SampledFrom(claim.Verdicts).Draw(t, "verdict")
	text := truth
	text.Headline += fmt.Sprint(" ", rapid.IntRange(0, 99).Draw(t, "words"))
	var ev claim.DecideInput
	if len(w.Evidence) > 0 {
		ev.Evidence = rapid.SampledFrom(w.Evidence).Draw(t, "evidence").ID
	}
	ev.Reason = "vì thế"
	draft := claim.DraftInput{Claim: id, Version: v, Verdict: verdict, VI: text, Change: claim.Update, Note: "Có thêm căn cứ."}
	acts := map[string]func() error{
		"take": func() error { _, err := b.Take(b.Ctx, by, claim.TakeInput{Claim: id}); return err },
		"ask": func() error {
			_, err := b.Ask(b.Ctx, by, claim.AskInput{Claim: id, Office: "SYT", Question: "Có không?"})
			return err
		},
		"add": func() error {
			e, err := b.AddEvidence(b.Ctx, by, claim.AddEvidenceInput{Claim: id, Kind: claim.ByWord, Title: "a", Text: "b", Original: rapid.Bool().Draw(t, "original")})
			if err == nil && e.State == claim.Proposed && rapid.Bool().Draw(t, "head") {
				_, err = b.ApproveEvidence(b.Ctx, b.hung, claim.DecideInput{Evidence: e.ID})
			}
			return err
		},
		"remove":  func() error { _, err := b.RemoveEvidence(b.Ctx, by, ev); return err },
		"draft":   func() error { _, err := b.Draft(b.Ctx, by, draft); return err },
		"correct": func() error { _, err := b.Correct(b.Ctx, by, draft); return err },
		"send-up": func() error { _, err := b.SendUp(b.Ctx, by, claim.SendUpInput{Claim: id, Version: v}); return err },
		"agree":   func() error { _, err := b.Agree(b.Ctx, by, claim.AgreeInput{Claim: id, Version: v}); return err },
		"disagree": func() error {
			_, err := b.Disagree(b.Ctx, by, claim.DisagreeInput{Claim: id, Version: v, Reason: "x"})
			return err
		},
		"close": func() error {
			_, err := b.Close(b.Ctx, by, claim.CloseInput{Claim: id, Version: v, Reason: "x"})
			return err
		},
		"reopen": func() error {
			_, err := b.Reopen(b.Ctx, by, claim.ReopenInput{Claim: id, Version: v, Reason: "x"})
			return err
		},
		"show": func() error {
			_, err := b.Show(b.Ctx, by, claim.ShowInput{Claim: id, Shown: rapid.Bool().Draw(t, "shown")})
			return err
		},
	}
	// What brings a claim on its way is tried more often, else few would ever be published.
	way := map[claim.State][]string{
		claim.Opened: {"take", "add"}, claim.Checking: {"draft", "add"}, claim.Drafted: {"send-up"}, claim.Awaiting: {"agree", "agree"}, claim.Published: {"correct"}, claim.Closed: {"reopen"},
	}[w.State]
	names := append([]string{"take", "ask", "add", "remove", "draft", "correct", "send-up", "agree", "disagree", "close", "reopen", "show"}, way...)
	for range 10 {
		names = append(names, way...)
	}
	name := rapid.SampledFrom(names).Draw(t, "act")
	err := acts[name]()
	switch code := problem.CodeOf(err); code {
	case "", problem.Forbidden, problem.SamePerson, problem.Session, problem.State, problem.Evidence, problem.NotFound, problem.Conflict:
	default:
		t.Fatalf("%s by %s in %s: %v", name, by.ID, w.State, err)
	}
}
