package inquiry_test

import (
	"slices"
	"testing"

	"khue/catalogue"
	"khue/inquiry"
)

func TestTransitionTable(t *testing.T) {
	// What may happen from each state, by hand beside the table: a new step has to be put in twice.
	want := map[inquiry.State][]inquiry.Verb{
		inquiry.Received:   {"accept", "refuse", "guide", "clarify", "withdraw"},
		inquiry.Accepted:   {"refuse", "guide", "assign", "clarify", "draft", "withdraw"},
		inquiry.Assigned:   {"refuse", "reassign", "clarify", "draft", "report", "withdraw"},
		inquiry.Reassigned: {"refuse", "reassign", "take", "clarify", "draft", "report", "withdraw"},
		inquiry.Clarifying: {"refuse", "clarified", "withdraw"},
		inquiry.Drafted:    {"refuse", "reassign", "clarify", "draft", "send-back", "approve", "withdraw"},
		inquiry.Approved:   {"send-back", "answer", "withdraw"},
		inquiry.Answered:   {"follow-up", "reopen", "close"},
		inquiry.FollowUp:   {"refuse", "assign", "clarify", "draft", "close", "withdraw"},
		inquiry.Refused:    {"close"},
		inquiry.Guided:     {"close"},
		inquiry.Withdrawn:  {},
		inquiry.Closed:     {"reopen"},
	}
	if len(want) != len(inquiry.States) {
		t.Fatalf("%d states, %d listed", len(want), len(inquiry.States))
	}
	for _, s := range inquiry.States {
		var got []inquiry.Verb
		for _, tr := range inquiry.Transitions {
			if s.Allows(tr.Verb) {
				got = append(got, tr.Verb)
			}
		}
		w := want[s]
		slices.Sort(got)
		slices.Sort(w)
		if !slices.Equal(got, w) {
			t.Errorf("%s: %v, want %v", s, got, w)
		}
		if s.Open() != (s != inquiry.Answered && s != inquiry.Refused && s != inquiry.Guided && s != inquiry.Withdrawn && s != inquiry.Closed) {
			t.Errorf("%s: open %v", s, s.Open())
		}
	}
}

func TestEveryWordIsThere(t *testing.T) {
	var keys []string
	for _, s := range inquiry.States {
		keys = append(keys, "inquiry.state."+string(s))
	}
	for _, k := range inquiry.Kinds {
		keys = append(keys, "inquiry.kind."+string(k))
	}
	for _, tr := range inquiry.Transitions {
		keys = append(keys, "inquiry.verb."+string(tr.Verb))
	}
	for _, l := range []inquiry.Letter{inquiry.LetterReceipt, inquiry.LetterClarify, inquiry.LetterRefused, inquiry.LetterGuided, inquiry.LetterPrivate, inquiry.LetterPublic, inquiry.LetterBack} {
		keys = append(keys, "inquiry.mail."+string(l)+".subject", "inquiry.mail."+string(l)+".text")
	}
	for _, p := range []inquiry.PartState{inquiry.PartAsked, inquiry.PartDrafted, inquiry.PartApproved, inquiry.PartUsed, inquiry.PartDropped} {
		keys = append(keys, "inquiry.part."+string(p))
	}
	for _, l := range catalogue.Langs {
		for _, k := range keys {
			if !l.Has(k) {
				t.Errorf("%s: no words for %s", l, k)
			}
		}
	}
}
