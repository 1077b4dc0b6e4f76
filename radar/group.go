package radar

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"khue/radar/cluster"
	"khue/store"
)

var errTooDeep = errors.New("radar: stories merged in a circle")

const (
	// groupBatch is the number of mentions that are grouped and written at once.
	groupBatch = 500
	// mergeEvery is after how many mentions stories are looked at that turned out to be one: counted, not timed, so that a
	// replay after a crash decides the same.
	mergeEvery = 200
	// keepEvery is after how many mentions, at most, the grouping's state is kept.
	keepEvery = 5000

	stateCluster  = "cluster"  // the state of the grouping, up to a position
	stateAssigned = "assigned" // the position up to which mentions have their story
)

// group is the grouping in memory: up to which mention it has read, and up to which they are written.
type group struct {
	c        *cluster.Clusterer
	position int64 // of the last mention that c has read
	assigned int64 // of the last mention that is written
	kept     int64 // position of the last kept state
	quiet    time.Time
}

// loadGroup takes up the last state that was kept, or begins with an empty one: the mentions since then are read again.
func (r *Room) loadGroup(ctx context.Context) (*group, error) {
	g := &group{}
	var data []byte
	err := r.db.QueryRow(ctx, sqlState, stateAssigned).Scan(&g.assigned, &data)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	err = r.db.QueryRow(ctx, sqlState, stateCluster).Scan(&g.position, &data)
	if err == nil {
		if g.c, err = cluster.Unmarshal(data); err == nil {
			g.kept = g.position
			return g, nil
		}
		r.log.Warn("radar: the grouping's state cannot be read; mentions are grouped again from the first", "err", err)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	g.c, g.position = cluster.New(cluster.Options{}), 0
	return g, nil
}

// keepGroup keeps the grouping's state, so that the next start need not read everything again.
func (r *Room) keepGroup(ctx context.Context) error {
	g := r.group
	if g == nil || g.position == g.kept || g.position > g.assigned {
		return nil
	}
	data := g.c.Marshal()
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlPutState, stateCluster, g.position, data, store.Micros(r.now()))
		return err
	})
	if err == nil {
		g.kept = g.position
	}
	return err
}

// Keep keeps the grouping's state, for who steps the radar instead of running it.
func (r *Room) Keep(ctx context.Context) error { return r.keepGroup(ctx) }

// placed is what was decided about one mention.
type placed struct {
	Mention
	story string
	fresh bool // the mention opens the story
	copy  string
}

// GroupReady gives the mentions that are ready their stories, in order, and says how many there were.
func (r *Room) GroupReady(ctx context.Context) (int, error) {
	if r.group == nil {
		g, err := r.loadGroup(ctx)
		if err != nil {
			return 0, err
		}
		r.group = g
	}
	g := r.group
	ready, list, err := r.readReady(ctx, g.position)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, r.settle(ctx)
	}
	var out []placed
	merges := map[string]string{}
	before := g.position
	for i, m := range list {
		a := g.c.Add(cluster.Mention{ID: m.ID, Time: m.Published, Lang: m.Lang, Source: m.Source, Title: m.Title, Text: m.Text})
		if ready[i] > g.assigned {
			out = append(out, placed{Mention: m, story: storyID(a.Story), fresh: a.New, copy: a.CopyOf})
		}
		if ready[i]%mergeEvery == 0 {
			for _, one := range g.c.Merges() {
				merges[storyID(one.From)] = storyID(one.Into)
			}
		}
		g.position = ready[i]
	}
	if err := r.write(ctx, out, merges, g.position); err != nil {
		// What is in memory went ahead of what is written: begin again from the last kept state.
		r.group = nil
		return 0, err
	}
	g.assigned = max(g.assigned, g.position)
	if g.position > before {
		r.tell()
	}
	if g.position-g.kept >= keepEvery {
		if err := r.keepGroup(ctx); err != nil {
			return len(list), err
		}
	}
	return len(list), nil
}

func (r *Room) readReady(ctx context.Context, after int64) ([]int64, []Mention, error) {
	rows, err := r.db.Query(ctx, sqlReadyAfter, after, groupBatch)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var numbers []int64
	var list []Mention
	for rows.Next() {
		var n int64
		m, err := scanMention(rows, &n)
		if err != nil {
			return nil, nil, err
		}
		numbers, list = append(numbers, n), append(list, m)
	}
	return numbers, list, rows.Err()
}

// storyID writes a story's number.
func storyID(n uint64) string { return "s" + strconv.FormatUint(n, 36) }

// write gives mentions their stories and counts the stories anew, in one transaction.
func (r *Room) write(ctx context.Context, list []placed, merges map[string]string, position int64) error {
	now := r.now()
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		touched := map[string]time.Time{}
		for _, p := range list {
			if _, err := tx.Exec(ctx, sqlInsertStory, p.story, p.Title, p.Lang, string(Live), p.ID, store.Micros(p.Published), store.Micros(p.Published)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlAssign, p.story, p.copy, p.ID); err != nil {
				return err
			}
			if p.Published.After(touched[p.story]) {
				touched[p.story] = p.Published
			}
		}
		for from, into := range merges {
			if _, err := tx.Exec(ctx, sqlMoveMentions, into, from); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlMergeStory, into, from); err != nil {
				return err
			}
			touched[into] = now
		}
		for id, last := range touched {
			if _, err := tx.Exec(ctx, sqlCountStory, id, string(stateAt(last, now))); err != nil {
				return err
			}
			// Who said it first gives the headline: articles become ready in another order than they were published.
			var first, headline string
			if err := tx.QueryRow(ctx, sqlFirstOfStory, id).Scan(&first, &headline); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlHeadline, headline, first, id); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, sqlMovePosition, stateAssigned, position, []byte{}, store.Micros(now))
		return err
	})
}

// settleEvery is how often quiet stories are marked.
const settleEvery = 10 * time.Minute

// settle marks stories that have gone quiet; what a page shows is counted from the time of the last mention anyway.
func (r *Room) settle(ctx context.Context) error {
	g, now := r.group, r.now()
	if now.Sub(g.quiet) < settleEvery {
		return nil
	}
	g.quiet = now
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		cool, shut := now.Add(-coolsAfter), now.Add(-closesAfter)
		if _, err := tx.Exec(ctx, sqlQuiet, string(Cooling), store.Micros(cool), store.Micros(shut)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlQuiet, string(Closed), store.Micros(shut), int64(0))
		return err
	})
}
