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
	// raisedVoices is the number of different texts from which a story is raised that no signal names: a radar that was just set
	// up knows no pace yet.
	raisedVoices = 4
	// raisedWithin is how new its last mention must be.
	raisedWithin = 24 * time.Hour
	// RaisedFor is how long a signal stands on the Now page when nobody acts on it.
	RaisedFor = 72 * time.Hour
	// raisedMost bounds the stories that are raised at once.
	raisedMost = 8
	// raisedLook bounds those that are looked at.
	raisedLook = 60
)

// stories raises those that burst, and those that several voices tell now, as long as nothing was opened about them. It is a
// reason to look, no verdict.
func (r *Room) stories(ctx context.Context, by regulation.Actor) ([]Work, error) {
	if r.c.Radar == nil || !by.Staff() {
		return nil, nil
	}
	now := r.c.Now()
	signals, err := r.c.Radar.RaisedSince(ctx, by, now.Add(-RaisedFor), raisedLook)
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	page, err := r.c.Radar.Stories(ctx, by, raisedVoices, raisedLook, radar.StoryCursor{})
	if err != nil {
		return nil, ignoreForbidden(err)
	}
	var work []Work
	raised := map[string]bool{}
	raise := func(s radar.Story, signal radar.Signal, at time.Time) error {
		if len(work) == raisedMost || raised[s.ID] {
			return nil
		}
		opened, err := r.opened(ctx, by, s.ID)
		if err != nil || opened {
			return err
		}
		raised[s.ID] = true
		ref := s.Thing().Ref()
		work = append(work, Work{Group: Raised, Ref: ref, Title: s.Headline, State: "insight.story-raised", Next: step("radar", "look"), Href: Address(ref), At: at, Signal: signal, Story: s})
		return nil
	}
	for _, one := range signals {
		if err := raise(one.Of, one.Signal, one.At); err != nil {
			return nil, err
		}
	}
	for _, s := range page.Stories {
		if s.Voices < raisedVoices || now.Sub(s.LastAt) > raisedWithin {
			continue
		}
		if err := raise(s, radar.Signal{}, s.LastAt); err != nil {
			return nil, err
		}
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
