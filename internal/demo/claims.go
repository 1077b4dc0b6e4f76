package demo

import (
	"context"
	"fmt"
	"time"

	"khue/claim"
	"khue/inquiry"
	"khue/radar"
	"khue/regulation"
)

// claims lets rumours be doubted, answered by the office responsible, and published.
func (t *teller) claims(context.Context) error {
	for i, c := range t.c.Claims {
		at, err := c.of(t.end)
		if err != nil {
			return fmt.Errorf("claim %d: %w", i+1, err)
		}
		t.claim(c, i, at)
	}
	return nil
}

// doubt is one claim on its way.
type doubt struct {
	c      claim.Claim
	report string
	proof  string
}

func (d *doubt) keep(c claim.Claim, err error) error {
	if err == nil {
		d.c = c
	}
	return err
}

func (t *teller) claim(c checked, i int, at time.Time) {
	d := &doubt{}
	second := approvers[i%len(approvers)]
	hours := time.Duration(max(c.Hours, 3)) * time.Hour
	step := func(after time.Duration, what string, do func(context.Context) error) {
		at = at.Add(after)
		t.s.at(at, what+" "+c.Statement, do)
	}
	if c.Report != "" {
		step(0, "report", func(ctx context.Context) error {
			r, err := t.h.Claims.Report(ctx, regulation.Actor{Lang: "vi"}, claim.ReportInput{Text: c.Report})
			d.report = r.Report.ID
			return err
		})
	}
	if c.End == "reported" {
		return
	}
	step(30*time.Minute, "open", func(ctx context.Context) error { return t.open(ctx, d, c) })
	if c.End == "opened" {
		return
	}
	step(10*time.Minute, "take", func(ctx context.Context) error {
		return d.keep(t.h.Claims.Take(ctx, t.centre("phan-tich"), claim.TakeInput{Claim: d.c.ID}))
	})
	if c.End == "closed" {
		step(hours/2, "close", func(ctx context.Context) error {
			return d.keep(t.h.Claims.Close(ctx, t.centre("phan-tich"), claim.CloseInput{Claim: d.c.ID, Version: d.c.Version, Reason: c.Reason}))
		})
		return
	}
	if c.End == "checking" {
		return
	}
	step(hours*4/10, "give evidence", func(ctx context.Context) error { return t.give(ctx, d, c) })
	if c.End == "proposed" {
		return
	}
	step(hours/10, "approve evidence", func(ctx context.Context) error {
		head, err := t.of(c.Office, regulation.OfficeHead)
		if err != nil {
			return err
		}
		_, err = t.h.Claims.ApproveEvidence(ctx, head, claim.DecideInput{Evidence: d.proof})
		return err
	})
	step(hours*2/10, "draft", func(ctx context.Context) error {
		return d.keep(t.h.Claims.Draft(ctx, t.centre("phan-tich"), claim.DraftInput{
			Claim: d.c.ID, Version: d.c.Version, Verdict: claim.Verdict(c.Verdict), VI: claim.Text{Headline: c.Headline, Said: c.Said, Body: c.Body},
			EN: claim.Text{Headline: c.EN.Headline, Said: c.EN.Said, Body: c.EN.Body}, Press: c.Story != "",
		}))
	})
	if c.End == "drafted" {
		return
	}
	step(hours/10, "send up", func(ctx context.Context) error {
		return d.keep(t.h.Claims.SendUp(ctx, t.centre("phan-tich"), claim.SendUpInput{Claim: d.c.ID, Version: d.c.Version}))
	})
	if c.End == "awaiting" {
		return
	}
	step(hours/10, "agree", func(ctx context.Context) error {
		return d.keep(t.h.Claims.Agree(ctx, t.centre(second), claim.AgreeInput{Claim: d.c.ID, Version: d.c.Version}))
	})
	if c.Story != "" && claim.Verdict(c.Verdict).NeedsOriginal() { // papers printed it: they are answered
		step(5*time.Hour, "answer the press", func(ctx context.Context) error {
			by, err := t.of(c.Office, regulation.FocalPoint)
			if err != nil {
				return err
			}
			return d.keep(t.h.Claims.Respond(ctx, by, claim.RespondInput{Claim: d.c.ID, Text: "Đã gửi các tòa soạn văn bản nêu căn cứ, đề nghị cải chính."}))
		})
	}
}

func (t *teller) open(ctx context.Context, d *doubt, c checked) error {
	in := claim.OpenInput{Statement: c.Statement, Topic: c.Topic, Office: c.Office, Urgent: c.Urgent, Impact: claim.Impact(c.Impact), Shown: c.Shown}
	if in.Impact == "" {
		in.Impact = claim.NoImpact
	}
	if d.report != "" {
		in.Reports = []string{d.report}
	}
	if c.Story != "" {
		id, first, err := t.story(ctx, c.Story)
		if err != nil {
			return err
		}
		in.Story, in.FirstSeen, in.Press = id, first, id != ""
	}
	return d.keep(t.h.Claims.Open(ctx, t.centre("phan-tich"), in))
}

// story finds the radar's story of a matter, by an article of it that was heard; "" when the radar has not heard of it yet.
func (t *teller) story(ctx context.Context, key string) (id string, first time.Time, err error) {
	page, err := t.h.Radar.Stories(ctx, t.centre("phan-tich"), 1, 200, radar.StoryCursor{})
	if err != nil {
		return "", first, err
	}
	for _, s := range page.Stories {
		m, err := t.h.Radar.Mention(ctx, s.First)
		if err != nil {
			return "", first, err
		}
		for _, a := range t.Press.byPath {
			if a.matter == key && m.Title == a.title {
				return s.ID, s.FirstAt, nil
			}
		}
	}
	return "", first, nil
}

func (t *teller) give(ctx context.Context, d *doubt, c checked) error {
	by, err := t.of(c.Office, regulation.FocalPoint)
	if err != nil {
		return err
	}
	kind := claim.ByWord
	if c.Evidence.Link != "" {
		kind = claim.ByLink
	}
	e, err := t.h.Claims.AddEvidence(ctx, by, claim.AddEvidenceInput{Claim: d.c.ID, Kind: kind, Office: c.Office, Title: c.Evidence.Title, Text: c.Evidence.Text, Link: c.Evidence.Link, Original: true, Open: true})
	d.proof = e.ID
	return err
}

// matters gives stories that are neither false nor urgent to the office that must act, and lets it report.
func (t *teller) matters(context.Context) error {
	for _, m := range t.c.Matters {
		if m.Given == "" {
			continue
		}
		at, err := m.of(t.end)
		if err != nil {
			return fmt.Errorf("matter %s: %w", m.Key, err)
		}
		a := &asked{}
		at = at.Add(9 * time.Hour)
		t.s.at(at, "give "+m.Key, func(ctx context.Context) error {
			id, _, err := t.story(ctx, m.Key)
			if err != nil {
				return err
			}
			in := inquiry.OpenMatterInput{Kind: inquiry.Matter, Subject: m.Titles[0], Body: m.Facts[0], Offices: []string{m.Given}, Lang: "vi"}
			if id != "" {
				in.Story = "story/" + id
			}
			r, err := t.h.Inquiries.OpenMatter(ctx, t.centre("truc-ban"), in)
			a.id = r.ID
			return err
		})
		if m.Report == "" {
			continue
		}
		t.s.at(at.Add(30*time.Hour), "report "+m.Key, func(ctx context.Context) error {
			by, err := t.of(m.Given, regulation.FocalPoint)
			if err != nil {
				return err
			}
			return a.keep(t.h.Inquiries.Report(ctx, by, inquiry.ReportInput{Ref: a.ref(), Office: m.Given, Text: m.Report}))
		})
		t.s.at(at.Add(33*time.Hour), "approve the report "+m.Key, func(ctx context.Context) error {
			head, err := t.of(m.Given, regulation.OfficeHead)
			if err != nil {
				return err
			}
			return a.keep(t.h.Inquiries.ApproveOffice(ctx, head, inquiry.ApproveOfficeInput{Ref: a.ref(), Office: m.Given}))
		})
	}
	return nil
}
