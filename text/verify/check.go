package verify

import (
	"khue/text"
)

// What a text must share with a document to be judged by it.
const (
	leastShare    = 0.4  // of its words, in runs of at least runWords
	leastWords    = 20   // words so shared; fewer only where they are nearly all of the text
	leastAlone    = 7    // and never fewer
	runWords      = 4    // words of a run that counts
	longestRun    = 7    // and one has at least so many
	mostAligned   = 6    // documents that are aligned, unless more have as much evidence
	leastEvidence = 0.12 // evidence, in shares of what an excerpt of this length has
	sureEvidence  = 0.4  // with so much there is no need to look at the kin
)

// Check judges a text. The result's spans point into given as it was handed in.
func (l *Library) Check(given string) Result {
	sc := l.scratch.Get().(*scratch)
	defer l.scratch.Put(sc)
	s := l.now.Load()

	plain, entities := text.Unescape(given)
	found, offsets, repair := text.Mapped(plain)
	offsets = through(offsets, entities)
	sc.found = text.AppendTokens(sc.found[:0], found, true)
	sc.features.of(found, sc.found)
	steps := []Step{{"read", map[string]int{"words": len(sc.found), "hidden": repair.Hidden, "lookalikes": repair.Lookalikes}}}
	ranked := s.candidates(sc)
	steps = append(steps, Step{"search", map[string]int{"documents": len(ranked), "grams": sc.distinct}})

	expected := max(1, float64(sc.distinct)*2/(window+1))
	best, bestScore, source := Result{Verdict: Unknown, Grade: None}, 0, candidate{}
	for i, c := range ranked {
		if c.weight < ranked[0].weight*0.35 {
			break
		}
		if c.evidence < leastEvidence*expected {
			continue
		}
		if best.Verdict != Unknown && len(best.Changes) == 0 || i >= mostAligned && c.weight < ranked[0].weight*0.95 {
			break // explained, or the evidence says enough
		}
		r, score := compare(sc, s.docs[c.document], found)
		if r.Verdict != Unknown && (best.Verdict == Unknown || score > bestScore) {
			best, bestScore, source = r, score, c
		}
	}
	if best.Verdict != Unknown && source.evidence < sureEvidence*expected && !s.own(sc, source) {
		best = Result{Verdict: Unknown, Grade: None}
	}
	best.Steps = append(steps, best.Steps...)
	best.Steps = append(best.Steps, Step{"judge", map[string]int{"changes": len(best.Changes)}})
	if offsets != nil {
		for i := range best.Changes {
			best.Changes[i].InFound = mapped(best.Changes[i].InFound, offsets)
		}
		for i := range best.Runs {
			best.Runs[i].InFound = mapped(best.Runs[i].InFound, offsets)
		}
	}
	return best
}

// through joins two maps of bytes: what a led to in the text that b describes.
func through(a, b []int32) []int32 {
	switch {
	case b == nil:
		return a
	case a == nil:
		return b
	}
	for i, at := range a {
		a[i] = b[at]
	}
	return a
}

func mapped(s text.Span, offsets []int32) text.Span {
	return text.Span{Start: int(offsets[s.Start]), End: int(offsets[s.End])}
}
