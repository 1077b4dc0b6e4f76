package radar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"khue/problem"
	"khue/radar/cluster"
	"khue/radar/trend"
	"khue/radar/warn"
	"khue/regulation"
	"khue/store"
)

// RerunQuery is a time that is run again, with other settings. What is zero stands as it was.
type RerunQuery struct {
	From, To  time.Time
	Threshold float64 // least nearness of a story that takes a mention, 0.02 to 0.9
	HalfDays  float64 // after how many days a story is half as near, 0.5 to 30
	Raise     float64 // score from which on a story bursts, 1 to 100
	Times     float64 // how many times its pace it tells then, 1.5 to 50
	Voices    int     // distinct voices that it must have had, 2 to 100
}

// Rerun is what a time looks like when it is run again, beside what was decided then.
type Rerun struct {
	From, To  time.Time
	Mentions  int     // in the time
	Warmed    int     // before it, so that the stories that ran are known
	Then, Now int     // stories that the mentions lie in
	Precision float64 // B-cubed: of what lies together now, how much did then
	Recall    float64 // of what lay together then, how much does now
	Signals   []RerunSignal
	Both      int // signals of both
	OnlyThen  int
	OnlyNow   int
	Split     []RerunStory // stories of then that lie in several now, the largest first
	Joined    []RerunStory // stories of now that hold several of then
}

// RerunSignal is a signal of one run or of both.
type RerunSignal struct {
	Kind      SignalKind
	Story     string    // of then; "" where the mentions lie in none of then's
	Then, Now time.Time // zero where it was not raised
}

// RerunStory is a story that lies otherwise now.
type RerunStory struct {
	Stories []string // of then
	Sizes   []int    // of the parts, the largest first
}

const (
	// mostRerun bounds the mentions of one run, those that warm it up among them; they are held to be compared: about 40 MB at most.
	mostRerun = 30_000
	// warmFor is how long before its time a run begins.
	warmFor = 3 * 24 * time.Hour
	// sameSignal is how far apart two signals of one kind and story may lie that are one: a kind is given again after that.
	sameSignal = warn.Again
	// mostDiffering bounds the stories that are named.
	mostDiffering = 20
)

const (
	sqlRerunSpan = `SELECT COUNT(*), COALESCE(MIN(ready), 0), COALESCE(MAX(ready), 0) FROM mention WHERE published >= ?1 AND published < ?2 AND ready IS NOT NULL AND story <> ''`
	sqlRerun     = `SELECT ready, ` + mentionColumns + ` FROM mention WHERE ready > ?1 AND ready <= ?2 AND published >= ?3 AND published < ?4 AND story <> '' ORDER BY ready LIMIT ?5`
	sqlRaisedIn  = `SELECT story, kind, at FROM signal WHERE at >= ?1 AND at < ?2 ORDER BY at, id`
)

// check holds the settings within what can be meant; a value of 0 stands for none.
func (q RerunQuery) check() error {
	var l problem.List
	within := func(field string, v, least, most float64) {
		if v != 0 && (v < least || v > most) {
			l.Add(field, problem.Invalid, "why", "@trend.why.setting")
		}
	}
	within("threshold", q.Threshold, 0.02, 0.9)
	within("half", q.HalfDays, 0.5, 30)
	within("raise", q.Raise, 1, 100)
	within("times", q.Times, 1.5, 50)
	within("voices", float64(q.Voices), 2, 100)
	if !q.From.Before(q.To) {
		l.Add("from", problem.Invalid, "why", "@trend.why.empty")
	}
	return l.Or()
}

// Rerun groups the mentions of a past time again, with its detectors, and holds the result against what was decided then. It writes nothing.
// More mentions than can be held are a problem of field to; a second run while one goes on is problem.Rate.
func (r *Room) Rerun(ctx context.Context, by regulation.Actor, q RerunQuery) (Rerun, error) {
	if err := r.rules.Can(by, "radar.replay", regulation.Thing{Kind: "story", Office: centre}, r.now()); err != nil {
		return Rerun{}, err
	}
	if err := q.check(); err != nil {
		return Rerun{}, err
	}
	if !r.rerunning.TryLock() {
		return Rerun{}, problem.New(problem.Rate, "seconds", "10")
	}
	defer r.rerunning.Unlock()
	var n int
	var first, last int64
	from, to := store.Micros(q.From.Add(-warmFor)), store.Micros(q.To)
	if err := r.db.QueryRow(ctx, sqlRerunSpan, from, to).Scan(&n, &first, &last); err != nil {
		return Rerun{}, err
	}
	if n > mostRerun {
		return Rerun{}, problem.Of("to", problem.Invalid, "why", "@trend.why.many")
	}
	checks, err := r.checks(ctx)
	if err != nil {
		return Rerun{}, err
	}
	x := rerun{
		q: q, pairs: map[pair]int{}, then: map[string]int{}, now: map[uint64]int{}, all: map[pair]int{},
		c: cluster.New(cluster.Options{Threshold: q.Threshold, HalfDays: q.HalfDays, MaxLive: mostRerun}),
		d: warn.New(warn.Options{Trend: trend.Options{Raise: q.Raise, Times: q.Times, Voices: q.Voices}}, checks),
	}
	for after := first - 1; after < last; {
		rows, err := r.db.Query(ctx, sqlRerun, after, last, from, to, groupBatch)
		var number int64
		list, err := store.All(rows, err, func(row store.Row) (Mention, error) { return scanMention(row, &number) })
		if err != nil {
			return Rerun{}, err
		}
		if len(list) == 0 {
			break
		}
		for _, m := range list {
			x.add(m)
		}
		after = number
	}
	rows, err := r.db.Query(ctx, sqlRaisedIn, store.Micros(q.From), to)
	raised, err := store.All(rows, err, func(row store.Row) (s RerunSignal, err error) {
		var kind string
		var at int64
		err = row.Scan(&s.Story, &kind, &at)
		s.Kind, s.Then = SignalKind(kind), store.Time(at)
		return s, err
	})
	if err != nil {
		return Rerun{}, err
	}
	return x.result(raised), nil
}

// pair is a story of then with one of now.
type pair struct {
	then string
	now  uint64
}

// rerun is a run that goes on.
type rerun struct {
	q      RerunQuery
	c      *cluster.Clusterer
	d      *warn.Detector
	placed []placedAgain
	merged map[uint64]uint64
	raised []warn.Signal

	pairs map[pair]int // in the time itself
	all   map[pair]int // with what warmed it up
	then  map[string]int
	now   map[uint64]int
}

type placedAgain struct {
	then string
	now  uint64
	in   bool // it lies in the time itself
}

func (x *rerun) add(m Mention) {
	a := x.c.Add(m.toGroup())
	in := !m.Published.Before(x.q.From)
	x.placed = append(x.placed, placedAgain{m.Story, a.Story, in})
	for _, s := range x.d.Add(m.toWarn(a)) {
		if in {
			x.raised = append(x.raised, s)
		}
	}
	for _, one := range x.c.Merges() {
		x.d.Merge(one.From, one.Into)
		if x.merged == nil {
			x.merged = map[uint64]uint64{}
		}
		x.merged[one.From] = one.Into
	}
}

// last gives the story that one became part of in the end, as those of then are kept.
func (x *rerun) last(n uint64) uint64 {
	for range 100 {
		into, ok := x.merged[n]
		if !ok {
			break
		}
		n = into
	}
	return n
}

func (x *rerun) result(raised []RerunSignal) Rerun {
	out := Rerun{From: x.q.From, To: x.q.To}
	for _, p := range x.placed {
		key := pair{p.then, x.last(p.now)}
		x.all[key]++
		if !p.in {
			out.Warmed++
			continue
		}
		out.Mentions++
		x.pairs[key]++
		x.then[key.then]++
		x.now[key.now]++
	}
	out.Then, out.Now = len(x.then), len(x.now)
	keys := x.sorted(x.pairs)
	for _, k := range keys {
		n := float64(x.pairs[k])
		out.Precision += n * n / float64(x.now[k.now])
		out.Recall += n * n / float64(x.then[k.then])
	}
	if out.Mentions > 0 {
		out.Precision /= float64(out.Mentions)
		out.Recall /= float64(out.Mentions)
	}
	x.differing(&out, keys)
	x.signals(&out, raised)
	return out
}

func (x *rerun) sorted(m map[pair]int) []pair {
	keys := make([]pair, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b pair) int {
		return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a.then, b.then), cmp.Compare(a.now, b.now))
	})
	return keys
}

// differing names the stories that lie otherwise.
func (x *rerun) differing(out *Rerun, keys []pair) {
	parts, whole := map[string][]int{}, map[uint64][]pair{}
	for _, k := range keys { // the largest first
		parts[k.then] = append(parts[k.then], x.pairs[k])
		whole[k.now] = append(whole[k.now], k)
	}
	for story, sizes := range parts {
		if len(sizes) > 1 {
			out.Split = append(out.Split, RerunStory{[]string{story}, sizes})
		}
	}
	for _, list := range whole {
		if len(list) > 1 {
			one := RerunStory{}
			for _, k := range list {
				one.Stories, one.Sizes = append(one.Stories, k.then), append(one.Sizes, x.pairs[k])
			}
			out.Joined = append(out.Joined, one)
		}
	}
	for _, list := range []*[]RerunStory{&out.Split, &out.Joined} {
		slices.SortFunc(*list, func(a, b RerunStory) int { // by what was moved: all but the largest part
			moved := func(s RerunStory) (n int) {
				for _, k := range s.Sizes[1:] {
					n += k
				}
				return n
			}
			return cmp.Or(cmp.Compare(moved(b), moved(a)), slices.Compare(a.Stories, b.Stories))
		})
		*list = (*list)[:min(len(*list), mostDiffering)]
	}
}

// signals holds the signals of both runs against each other: those of one kind and story that lie near in time are one.
func (x *rerun) signals(out *Rerun, raised []RerunSignal) {
	home := map[uint64]string{} // of a story of now, that of then which most of its mentions lie in
	for _, k := range x.sorted(x.all) {
		if _, there := home[k.now]; !there {
			home[k.now] = k.then
		}
	}
	list := raised
	for _, s := range x.raised {
		story := home[x.last(s.Story)]
		best := -1
		for i, o := range list {
			if o.Kind != s.Kind || o.Story != story || o.Then.IsZero() || !o.Now.IsZero() || o.Then.Sub(s.At).Abs() > sameSignal {
				continue
			}
			if best < 0 || o.Then.Sub(s.At).Abs() < list[best].Then.Sub(s.At).Abs() {
				best = i
			}
		}
		if best >= 0 {
			list[best].Now = s.At
			continue
		}
		list = append(list, RerunSignal{Kind: s.Kind, Story: story, Now: s.At})
	}
	for _, s := range list {
		switch {
		case s.Then.IsZero():
			out.OnlyNow++
		case s.Now.IsZero():
			out.OnlyThen++
		default:
			out.Both++
		}
	}
	at := func(s RerunSignal) time.Time {
		if s.Then.IsZero() {
			return s.Now
		}
		return s.Then
	}
	slices.SortStableFunc(list, func(a, b RerunSignal) int {
		return cmp.Or(at(a).Compare(at(b)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Story, b.Story))
	})
	out.Signals = list
}
