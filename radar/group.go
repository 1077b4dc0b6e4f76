package radar

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"khue/radar/cluster"
	"khue/radar/warn"
	"khue/store"
)

var errTooDeep = errors.New("radar: stories merged in a circle")

const (
	// groupBatch is the number of mentions that are grouped and written at once.
	groupBatch = 500
	// keepEvery is after how many mentions, at most, the grouping's state is kept.
	keepEvery = 5000

	stateCluster  = "cluster"  // the state of the grouping, up to a position
	stateWarn     = "trend"    // that of the detector of signals, up to the same position; its name is from when it knew bursts alone
	stateAssigned = "assigned" // the position up to which mentions have their story
)

// group is the grouping in memory: up to which mention it has read, and up to which they are written.
type group struct {
	c        *cluster.Clusterer
	d        *warn.Detector
	book     *watchBook // nil before the first look
	position int64      // of the last mention that c has read
	assigned int64      // of the last mention that is written
	kept     int64      // position of the last kept state
	hands    int64      // the last act by hand that c has done
	quiet    time.Time
}

// loadGroup takes up the last state that was kept, or begins with an empty one: the mentions since then are read again.
func (r *Room) loadGroup(ctx context.Context) (*group, error) {
	g := &group{c: cluster.New(cluster.Options{}), d: warn.New(warn.Options{}, warn.Checks{})}
	var data []byte
	err := r.db.QueryRow(ctx, sqlState, stateAssigned).Scan(&g.assigned, &data)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	var position int64
	err = r.db.QueryRow(ctx, sqlState, stateCluster).Scan(&position, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return g, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := cluster.Unmarshal(data)
	if err != nil {
		r.log.Warn("radar: the grouping's state cannot be read; mentions are grouped again from the first", "err", err)
		return g, nil
	}
	g.c, g.position, g.kept = c, position, position
	if err := r.loadHands(ctx, g); err != nil {
		return nil, err
	}
	err = r.db.QueryRow(ctx, sqlState, stateWarn).Scan(&position, &data)
	if errors.Is(err, sql.ErrNoRows) || err == nil && position != g.position {
		return g, nil // kept by a version without signals: it begins to learn the stories' pace now
	}
	if err != nil {
		return nil, err
	}
	if d, err := warn.Unmarshal(data, warn.Options{}, warn.Checks{}); err == nil {
		g.d = d
	} else {
		r.log.Warn("radar: the detector of signals begins anew", "err", err)
	}
	return g, nil
}

// keepGroup keeps the grouping's state, so that the next start need not read everything again.
func (r *Room) keepGroup(ctx context.Context) error {
	g := r.group
	if g == nil || g.position == g.kept || g.position > g.assigned {
		return nil
	}
	data := g.c.Marshal()
	paces, err := g.d.Marshal()
	if err != nil {
		return err
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlPutState, stateCluster, g.position, data, store.Micros(r.now())); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPutState, handState, g.hands, []byte{}, store.Micros(r.now())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlPutState, stateWarn, g.position, paces, store.Micros(r.now()))
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
	ready int64
	story string
	copy  string
	keys  []SeriesKey // what it is counted in: its topic, the places and offices that it names
}

// merge says that a story turned out to be part of another.
type merge struct{ from, into string }

// decided is what a batch of mentions led to, to be written at once.
type decided struct {
	placed   []placed
	merges   []merge // in the order in which they were found
	signals  []Signal
	hits     []watchHit
	from     int64 // position up to which was written before
	position int64 // and with this
}

// GroupReady gives the mentions that are ready their stories, in order, and says how many there were.
func (r *Room) GroupReady(ctx context.Context) (int, error) {
	if r.group == nil {
		g, err := r.loadGroup(ctx)
		if err != nil {
			return 0, err
		}
		r.group = g
		if err := r.tellAnew(ctx); err != nil {
			return 0, err
		}
	}
	g := r.group
	pending, err := r.handsAfter(ctx, g.hands)
	if err != nil {
		return 0, err
	}
	ready, list, err := r.readReady(ctx, g.position)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		g.acts(pending, g.position+1)
		if n, err := r.tellDue(ctx); n > 0 || err != nil {
			return n, err
		}
		return 0, r.settle(ctx)
	}
	checks, err := r.checks(ctx)
	if err != nil {
		return 0, err
	}
	g.d.Check(checks)
	out := decided{from: g.assigned}
	for i, m := range list {
		pending = g.acts(pending, ready[i])
		g.decide(&out, ready[i], m)
	}
	out.position = g.position
	if err := r.subjectsOf(ctx, out.placed); err != nil {
		return 0, err
	}
	if out.position > g.assigned {
		if out.hits, err = r.hold(ctx, g, out.placed); err == nil {
			err = r.write(ctx, out)
		}
		if err != nil {
			// What is in memory went ahead of what is written: begin again from the last kept state.
			r.group = nil
			if errors.Is(err, errHanded) {
				return 1, nil
			}
			return 0, err
		}
		g.assigned = out.position
		r.tell()
		if len(out.hits) > 0 {
			r.found()
		}
	}
	if g.position-g.kept >= keepEvery {
		if err := r.keepGroup(ctx); err != nil {
			return len(list), err
		}
	}
	_, err = r.tellDue(ctx)
	return len(list), err
}

// decide reads one mention. What follows from it is to be written unless it was already: after a start, the mentions since the
// last kept state are read again. Stories and bursts depend on nothing but the mentions and their order, so that the same is decided again.
func (g *group) decide(out *decided, ready int64, m Mention) {
	fresh := ready > g.assigned
	a := g.c.Add(m.toGroup())
	if fresh {
		out.placed = append(out.placed, placed{Mention: m, ready: ready, story: storyID(a.Story), copy: a.CopyOf})
	}
	for _, s := range g.d.Add(m.toWarn(a)) {
		if fresh {
			out.signals = append(out.signals, signalOf(s, m.ID))
		}
	}
	for _, one := range g.c.Merges() {
		g.d.Merge(one.From, one.Into)
		if fresh {
			out.merges = append(out.merges, merge{storyID(one.From), storyID(one.Into)})
		}
	}
	g.position = ready
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
func storyID(n uint64) string {
	if n >= cluster.Hand { // split off by hand
		return "h" + strconv.FormatUint(n-cluster.Hand, 36)
	}
	return "s" + strconv.FormatUint(n, 36)
}

// errOvertaken says that another process grouped these mentions meanwhile.
var errOvertaken = errors.New("radar: another process groups the mentions of this database")

// write gives mentions their stories, keeps what was raised and counts the stories anew, in one transaction.
func (r *Room) write(ctx context.Context, d decided) error {
	now := r.now()
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := movePosition(ctx, tx, d, now); err != nil {
			return err
		}
		if err := r.group.unhanded(ctx, tx); err != nil {
			return err
		}
		touched := map[string]bool{}
		for _, p := range d.placed {
			if _, err := tx.Exec(ctx, sqlInsertStory, p.story, p.Title, p.Lang, string(Live), p.ID, store.Micros(p.Published), store.Micros(p.Published)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlAssign, p.story, p.copy, p.ID); err != nil {
				return err
			}
			touched[p.story] = true
		}
		if err := r.countPlaced(ctx, tx, d.placed); err != nil {
			return err
		}
		for _, s := range d.signals {
			if err := insertSignal(ctx, tx, s); err != nil {
				return err
			}
		}
		if err := r.insertHits(ctx, tx, d.hits); err != nil {
			return err
		}
		for _, m := range d.merges {
			if err := r.mergeRows(ctx, tx, m, "", ""); err != nil {
				return err
			}
			delete(touched, m.from)
			touched[m.into] = true
		}
		for _, id := range slices.Sorted(maps.Keys(touched)) {
			if err := countStory(ctx, tx, id, now); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlDueStory, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// movePosition notes up to which mention stories are written; it fails when another process did meanwhile.
func movePosition(ctx context.Context, tx *store.Tx, d decided, now time.Time) error {
	if d.from == 0 {
		if _, err := tx.Exec(ctx, sqlFirstPosition, stateAssigned, []byte{}, store.Micros(now)); err != nil {
			return err
		}
	}
	res, err := tx.Exec(ctx, sqlMovePosition, d.position, store.Micros(now), stateAssigned, d.from)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errOvertaken, err)
	}
	return nil
}

// countStory counts a story's mentions anew. Who said it first gives the headline: articles become ready in another order than
// they were published.
func countStory(ctx context.Context, tx *store.Tx, id string, now time.Time) error {
	var first, headline string
	var last int64
	if err := tx.QueryRow(ctx, sqlFirstOfStory, id).Scan(&first, &headline); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, sqlLastOfStory, id).Scan(&last); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlCountStory, id, string(stateAt(store.Time(last), now))); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlHeadline, headline, first, id)
	return err
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
		if _, err := tx.Exec(ctx, sqlQuiet, string(Closed), store.Micros(shut), int64(0)); err != nil {
			return err
		}
		return r.trimCounts(ctx, tx)
	})
}
