package claim

import (
	"context"
	"fmt"
	"sync"
	"time"

	"khue/claim/match"
	"khue/regulation"
	"khue/store"
)

// Similar is a claim that a text may be about: a machine's guess, shown as one, never a verdict.
type Similar struct {
	Public
	Link  match.Link // same, likely or possible
	Score float64    // probability, as calibrated
}

// memory is the library of claims in memory, read on from the database by the time of their last change. Several nodes each
// keep their own.
type memory struct {
	mu   sync.Mutex
	lib  *match.Library
	last time.Time // of the newest change that is in lib

	refuted map[string]string // codes of the claims whose published verdict refutes them, by id
}

const sqlChangedSince = `SELECT ` + claimColumns + ` FROM claim WHERE updated >= ?1 ORDER BY updated, id`

// refresh reads what changed since the last time. A change of the very same instant is read again, which changes nothing.
func (r *Room) refresh(ctx context.Context) (*match.Library, error) {
	m := &r.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lib == nil {
		m.lib, m.refuted = match.New(), map[string]string{}
	}
	rows, err := r.db.Query(ctx, sqlChangedSince, store.Micros(m.last))
	list, err := store.All(rows, err, scanClaim)
	if err != nil {
		return nil, fmt.Errorf("read claims to match: %w", err)
	}
	for _, c := range list {
		m.last = c.Updated
		if delete(m.refuted, c.ID); c.Edition > 0 && c.State == Published && c.Draft.Verdict.Sign() == "bad" {
			m.refuted[c.ID] = c.Code
		}
		if c.State == Closed && c.Edition == 0 {
			m.lib.Delete(c.ID)
			continue
		}
		title := ""
		if c.Edition > 0 {
			title = c.Draft.VI.Headline
		}
		m.lib.Put(c.ID, match.Claim{Text: c.Statement, Title: title})
	}
	return m.lib, nil
}

const (
	// most bounds the guesses that are looked at for one text.
	most = 8
	// toStaff and toAll are the least probabilities of a guess that is shown: an analyst looks at what is right once in ten
	// times, the public is spared that.
	toStaff = 0.1
	toAll   = 0.3
)

// Like gives the claims that a text may be about, the likeliest first, to the centre's people; those at work too.
func (r *Room) Like(ctx context.Context, by regulation.Actor, text string) ([]Similar, error) {
	if err := r.seesReports(by); err != nil {
		return nil, err
	}
	return r.like(ctx, text, toStaff, func(Claim) bool { return true })
}

// LikePublic gives the published verdicts and the claims shown as being checked that a text may well be about.
func (r *Room) LikePublic(ctx context.Context, text string) ([]Similar, error) {
	return r.like(ctx, text, toAll, func(c Claim) bool { return c.Edition > 0 || c.Shown })
}

func (r *Room) like(ctx context.Context, text string, least float64, may func(Claim) bool) ([]Similar, error) {
	if words(text) == "" {
		return nil, nil
	}
	lib, err := r.refresh(ctx)
	if err != nil {
		return nil, err
	}
	var list []Similar
	for _, g := range lib.Match(text, most) {
		if g.Score < least {
			break
		}
		c, err := scanClaim(r.db.QueryRow(ctx, sqlClaim, g.Claim))
		if err != nil {
			return nil, err
		}
		if !may(c) {
			continue
		}
		p, err := face(ctx, r.db, c)
		if err != nil {
			return nil, err
		}
		list = append(list, Similar{Public: p, Link: g.Link, Score: g.Score})
	}
	return list, nil
}

// Refuted gives what tells which published verdict refutes the claim that a text says again, as they stand now: a machine's sign,
// never a verdict on the text.
func (r *Room) Refuted(ctx context.Context) (func(text string) (code string, score float64, ok bool), error) {
	lib, err := r.refresh(ctx)
	if err != nil {
		return nil, err
	}
	return func(text string) (string, float64, bool) {
		if words(text) == "" {
			return "", 0, false
		}
		found, ok := lib.Repeats(text)
		if !ok {
			return "", 0, false
		}
		r.memory.mu.Lock()
		defer r.memory.mu.Unlock()
		code, ok := r.memory.refuted[found.Claim]
		return code, found.Score, ok
	}, nil
}
