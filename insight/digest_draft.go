package insight

import (
	"context"
	"slices"
	"strings"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/store"
	"khue/text"
)

// draftDigest makes a day's draft out of the stories since the digest before; where there are none, none is kept.
func (r *Room) draftDigest(ctx context.Context, day string) (Digest, error) {
	now := r.c.Now()
	system := regulation.SystemActor("digest")
	d := Digest{Day: day, State: DigestDraft, Version: 1, DraftedAt: now}
	since := now.Add(-digestNight)
	var last int64
	if err := r.c.DB.QueryRow(ctx, sqlLastDigest, day).Scan(&last); err == nil && store.Time(last).After(since.Add(-2*digestNight)) {
		since = store.Time(last)
	}
	stories, err := r.night(ctx, system, since)
	if err != nil || len(stories) == 0 { // a night of which nobody told anything leaves no trace: what it would say is on the page
		return d, err
	}
	for i, s := range stories {
		it, err := r.digestItem(ctx, system, s)
		if err != nil {
			return d, err
		}
		it.Ticked = i < digestTicked
		d.Items = append(d.Items, it)
	}
	err = r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlInsertDigest, d.Day, string(d.State), store.Micros(now)); err != nil {
			return err
		}
		for i, it := range d.Items {
			if _, err := tx.Exec(ctx, sqlInsertDigestItem, d.Day, it.Story, i, store.Bool(it.Ticked), it.Headline, it.Line, it.URL, it.Source, it.Sources, it.Topic, it.Office, it.Said.Code, it.Said.Title, it.Said.Path); err != nil {
				return err
			}
		}
		return r.enterDigest(ctx, tx, system, d, "digest.drafted", 0, now)
	})
	if store.IsUnique(err) { // another node drafted it at the same moment
		return r.digest(ctx, r.c.DB, day)
	}
	return d, err
}

// night gives the stories that were told since a moment by several sources, the most told first.
func (r *Room) night(ctx context.Context, by regulation.Actor, since time.Time) ([]radar.Story, error) {
	var list []radar.Story
	var after radar.StoryCursor
	for range 20 { // pages; the stories come with the newest mention first
		page, err := r.c.Radar.Stories(ctx, by, digestSources, 100, after)
		if err != nil {
			return nil, err
		}
		for _, s := range page.Stories {
			if s.LastAt.Before(since) {
				page.Next = radar.StoryCursor{}
				break
			}
			if s.Sources >= digestSources {
				list = append(list, s)
			}
		}
		if after = page.Next; after.ID == "" {
			break
		}
	}
	slices.SortStableFunc(list, func(a, b radar.Story) int { return b.Sources - a.Sources })
	return list[:min(len(list), digestMost)], nil
}

func (r *Room) digestItem(ctx context.Context, by regulation.Actor, s radar.Story) (DigestItem, error) {
	it := DigestItem{Story: s.ID, Headline: s.Headline, Sources: s.Sources}
	_, mentions, err := r.c.Radar.Story(ctx, by, s.ID, 1)
	if err != nil {
		return it, err
	}
	if len(mentions) > 0 {
		m := mentions[0]
		it.URL, it.Line = m.URL, oneLine(m.Title, m.Text)
		src, err := r.c.Radar.Source(ctx, by, m.Source)
		if err != nil && problem.CodeOf(err) != problem.NotFound {
			return it, err
		}
		it.Source = src.Name
	}
	claims, err := r.c.Claims.OfStory(ctx, by, s.ID)
	if err != nil {
		return it, err
	}
	for _, c := range claims {
		it.Topic, it.Office = c.Topic, c.Office
		if c.Edition > 0 {
			it.Said = Said{c.Code, c.Draft.VI.Headline, "/claims/" + c.Code}
		}
	}
	matters, err := r.c.Inquiries.ByStory(ctx, "story/"+s.ID)
	if err != nil {
		return it, err
	}
	for _, q := range matters {
		if it.Office == "" {
			it.Office = q.Office
		}
	}
	if it.Said.Code == "" && len(mentions) > 0 {
		near, err := r.Touching(mentions[0].Title, mentions[0].Text)
		if err == nil && near.Document != "" && near.Paper.Status != TakenBack {
			it.Said = Said{near.Paper.Code, near.Paper.Title, near.Paper.Path()}
		} else if err != nil && problem.CodeOf(err) != problem.Loading && problem.CodeOf(err) != problem.Required {
			return it, err
		}
	}
	return it, nil
}

// oneLine gives the first sentence of a text that is not its title again.
func oneLine(title, body string) string {
	body = strings.Join(strings.Fields(body), " ")
	for _, span := range text.Sentences(body) {
		s := strings.TrimSpace(span.Of(body))
		if len(s) < 20 || text.Fold(s) == text.Fold(title) || text.Fold(strings.TrimRight(s, ".")) == text.Fold(title) {
			continue
		}
		return cutWords(s, digestLine)
	}
	return cutWords(body, digestLine)
}

// cutWords shortens a text to at most n bytes at the end of a word.
func cutWords(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = text.Cut(s, n)
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + "…"
}
