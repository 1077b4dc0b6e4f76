package main

import (
	"khue/claim/match"
)

type claimCmd struct {
	Match claimMatchCmd `cmd:"" help:"${cmd_claim_match}"`
}

type claimMatchCmd struct {
	Library string `required:"" placeholder:"FILE" help:"${cmd_claim_match_library}"`
	In      string `required:"" placeholder:"FILE" help:"${cmd_claim_match_in}"`
	Out     string `default:"-" placeholder:"FILE" help:"${cmd_claim_match_out}"`
	Top     int    `default:"5" placeholder:"N" help:"${cmd_claim_match_top}"`
}

// claimLine is a checked claim of the library.
type claimLine struct {
	ID      string `json:"id"`
	Claim   string `json:"claim"`
	Title   string `json:"title"`
	Verdict string `json:"verdict"`
}

func (c *claimLine) check() error {
	if c.ID == "" {
		return badLine("no id")
	}
	if c.Claim == "" && c.Title == "" {
		return badLine("no claim")
	}
	return nil
}

// postLine is a post to match.
type postLine struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func (p *postLine) check() error {
	if p.ID == "" {
		return badLine("no id")
	}
	return nil
}

type matchLine struct {
	ID      string       `json:"id"`
	Matches []claimMatch `json:"matches"`
}

type claimMatch struct {
	Claim string     `json:"claim"`
	Score float64    `json:"score"`
	Link  match.Link `json:"link"`
}

// Run matches posts against a library of checked claims, a line a post.
func (c *claimMatchCmd) Run(e *env) error {
	b := startBatch(e)
	l := match.New()
	err := readLines(b, c.Library, func(x claimLine) error {
		l.Put(x.ID, match.Claim{Text: x.Claim, Title: x.Title})
		return nil
	})
	if err != nil {
		return b.end(err)
	}
	b.extra["claims"] = l.Len()
	return b.end(parallelLines(b, c.In, c.Out, func(p postLine, emit func(matchLine) error) error {
		line := matchLine{ID: p.ID, Matches: []claimMatch{}}
		for _, m := range l.Match(p.Text, c.Top) {
			line.Matches = append(line.Matches, claimMatch{m.Claim, m.Score, m.Link})
		}
		return emit(line)
	}))
}
