package main

import (
	"math"
	"strings"
	"time"
	"unicode"

	"khue/claim/match"
	"khue/radar/cluster"
	"khue/text"
	"khue/text/verify"
)

// signalAgain is the shortest time after which a signal of a kind is given again for the same story.
const signalAgain = 6 * time.Hour

// known holds a mention against what was checked before and what the city has said.
type known struct {
	claims *match.Library // nil when no library was given
	pairs  map[string][]string
	papers *verify.Library // nil when no official texts were given
	last   map[string]time.Time
}

// readKnown reads the two libraries; "" reads none.
func readKnown(b *batch, claims, papers string) (*known, error) {
	k := &known{pairs: map[string][]string{}, last: map[string]time.Time{}}
	if claims != "" {
		k.claims = match.New()
		if err := readLines(b, claims, func(x claimLine) error {
			k.claims.Put(x.ID, match.Claim{Text: x.Claim, Title: x.Title})
			k.pairs[x.ID] = pairsOf(x.Claim)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	if papers != "" {
		k.papers = verify.NewLibrary()
		loader := k.papers.Loader()
		defer loader.Close()
		if err := readLines(b, papers, func(x textLine) error {
			loader.Add(x.ID, *x.Text)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// signals gives what a mention shows beside its story's size: that a checked claim returns, or that an official text goes around
// altered in a way that turns its sense. A copy of a text already looked at shows nothing new.
func (k *known) signals(r *replay, m *mentionLine, a cluster.Assigned) error {
	if a.Copy {
		return nil
	}
	words := m.Text
	if m.Title != "" {
		words = m.Title + "\n" + m.Text
	}
	if k.claims != nil {
		found := k.claims.Match(words, 1)
		if len(found) > 0 && (found[0].Link == match.Same || k.share(found[0].Claim, words) >= leastShare) {
			if err := k.put(r, m, a, "known-false", found[0].Score, r.e.lang.T("cmd.radar.replay.known", "claim", found[0].Claim)); err != nil {
				return err
			}
		}
	}
	if k.papers != nil {
		if v := k.papers.Check(m.Text); v.Verdict == verify.Altered && v.Grade == verify.Critical {
			reason := r.e.lang.T("cmd.radar.replay.altered", "document", v.Document, "n", len(v.Changes))
			if err := k.put(r, m, a, "altered", 1, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *known) put(r *replay, m *mentionLine, a cluster.Assigned, kind string, score float64, reason string) error {
	key := kind + " " + storyName(a.Story)
	if last, ok := k.last[key]; ok && m.Time.Sub(last) < signalAgain {
		return nil
	}
	k.last[key] = m.Time
	return r.signals.put(signalLine{At: m.Time, Story: storyName(a.Story), Kind: kind, Score: math.Round(score*100) / 100, Reasons: []string{reason}})
}

// leastShare is the share of a claim's pairs of neighbouring words that a text must hold to be a sign of its return, where the
// matcher by itself is not sure: its odds were learnt on libraries of thousands.
const leastShare = 0.7

// pairsOf gives the pairs of neighbouring words of a text, without marks.
func pairsOf(s string) []string {
	words := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var list []string
	for i := 1; i < len(words); i++ {
		list = append(list, words[i-1]+" "+words[i])
	}
	return list
}

func (k *known) share(claim, words string) float64 {
	all := k.pairs[claim]
	if len(all) < 3 { // too short to say anything
		return 0
	}
	in := map[string]bool{}
	for _, p := range pairsOf(words) {
		in[p] = true
	}
	n := 0
	for _, p := range all {
		if in[p] {
			n++
		}
	}
	return float64(n) / float64(len(all))
}
