package insight

import (
	"context"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
)

// ignoreForbidden drops the refusal of a room that the person has no business in: it simply has no rows for them.
func ignoreForbidden(err error) error {
	switch problem.CodeOf(err) {
	case problem.Forbidden, problem.Session:
		return nil
	}
	return err
}

const (
	// raisedVoices is the number of different texts from which a story is raised.
	raisedVoices = 4
	// raisedWithin is how new its last mention must be.
	raisedWithin = 24 * time.Hour
	// raisedMost bounds the stories that are raised at once.
	raisedMost = 8
)

// stories raises those that several voices tell now and about which nothing was opened yet. It is a reason to look, no verdict.
func (r *Room) stories(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Radar == nil || !by.Staff() {
		return nil, nil
	}
	page, err := r.c.Radar.Stories(ctx, by, raisedVoices, 60, radar.StoryCursor{})
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	now := r.c.Now()
	var work []Work
	for _, s := range page.Stories {
		if len(work) == raisedMost || s.Voices < raisedVoices || now.Sub(s.LastAt) > raisedWithin {
			continue
		}
		opened, err := r.opened(ctx, by, s.ID)
		if err != nil {
			return nil, err
		}
		if opened {
			continue
		}
		ref := s.Thing().Ref()
		work = append(work, Work{Group: Raised, Ref: ref, Title: s.Headline, State: "insight.story-raised", Next: step("radar", "look"), Href: Address(ref), At: s.LastAt})
	}
	return work, nil
}

// opened says whether a claim or a matter came of a story already.
func (r *Room) opened(ctx context.Context, by regulation.Actor, story string) (bool, error) {
	if r.c.Claims != nil {
		claims, err := r.c.Claims.OfStory(ctx, by, story)
		if err != nil || len(claims) > 0 {
			return len(claims) > 0, ignoreForbidden(err)
		}
	}
	if r.c.Inquiries != nil {
		matters, err := r.c.Inquiries.ByStory(ctx, "story/"+story)
		return len(matters) > 0, err
	}
	return false, nil
}
