package claim

import (
	"context"
	"slices"
	"time"

	"khue/store"
)

// Document is a published text as verification compares it.
type Document struct {
	Thing     string // "claim/ID"
	Code      string
	Version   int // the edition
	Lang      string
	Title     string // the headline
	Text      string // what is sealed: headline, what was said, explanation, without Markdown
	Hash      string // of Text
	Entry     string // id of the ledger's entry
	Verdict   Verdict
	Published time.Time
	Current   bool // the newest edition
}

// Documents gives every published text of every edition, in both languages, to fn, oldest claims first; an error of fn ends it.
func (r *Room) Documents(ctx context.Context, fn func(Document) error) error {
	for after := ""; ; {
		rows, err := r.db.Query(ctx, sqlAllOpen, after)
		claims, err := store.All(rows, err, scanClaim)
		if err != nil || len(claims) == 0 {
			return err
		}
		for _, c := range claims {
			if err := r.DocumentsOf(ctx, c.ID, fn); err != nil {
				return err
			}
			after = c.ID
		}
	}
}

// DocumentsOf gives the published texts of one claim, by id or code: for a follower that hears of a new edition.
func (r *Room) DocumentsOf(ctx context.Context, id string, fn func(Document) error) error {
	c, err := r.read(ctx, r.db, id)
	if err != nil {
		return err
	}
	editions, err := readEditions(ctx, r.db, c.ID)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(editions) {
		d := Document{Thing: c.Ref(), Code: c.Code, Version: e.N, Entry: e.Entry, Verdict: e.Verdict, Published: e.At, Current: e.N == c.Edition}
		for _, t := range []struct {
			lang, hash string
			text       Text
		}{{"vi", e.Hash, e.VI}, {"en", e.HashEN, e.EN}} {
			if t.text.Empty() {
				continue
			}
			d.Lang, d.Hash = t.lang, t.hash
			d.Title, d.Text = t.text.Headline, t.text.Sealed()
			if err := fn(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Figures are the numbers of a stretch of time.
type Figures struct {
	Reports     int             `json:"reports"` // tin báo
	Opened      int             `json:"opened"`
	Published   int             `json:"published"` // first editions
	Closed      int             `json:"closed"`    // without a verdict
	Corrections int             `json:"corrections"`
	Verdicts    map[Verdict]int `json:"verdicts"`
	// Median times of what was published; zero when there is nothing to measure.
	FromOpened time.Duration `json:"from_opened"` // from opening to verdict
	FromFirst  time.Duration `json:"from_first"`  // from the first mention that is known to verdict
}

// FalseNews gives how many were found fake or false.
func (f Figures) FalseNews() int { return f.Verdicts[Fake] + f.Verdicts[False] }

// Figures counts what happened from one instant up to another, such as a month.
func (r *Room) Figures(ctx context.Context, from, to time.Time) (f Figures, err error) {
	a, b := store.Micros(from), store.Micros(to)
	f.Verdicts = map[Verdict]int{}
	err = r.db.View(ctx, func(q store.Reader) error {
		for query, n := range map[string]*int{sqlMonthReports: &f.Reports, sqlMonthOpened: &f.Opened, sqlMonthClosed: &f.Closed, sqlMonthChanged: &f.Corrections} {
			if err := q.QueryRow(ctx, query, a, b).Scan(n); err != nil {
				return err
			}
		}
		type line struct {
			v                   Verdict
			first, opened, done int64
		}
		rows, err := q.Query(ctx, sqlMonthPublished, a, b)
		list, err := store.All(rows, err, func(w store.Row) (l line, err error) { err = w.Scan(&l.v, &l.first, &l.opened, &l.done); return l, err })
		if err != nil {
			return err
		}
		var fromOpened, fromFirst []time.Duration
		for _, l := range list {
			f.Published++
			f.Verdicts[l.v]++
			fromOpened = append(fromOpened, store.Time(l.done).Sub(store.Time(l.opened)))
			if l.first > 0 {
				fromFirst = append(fromFirst, store.Time(l.done).Sub(store.Time(l.first)))
			}
		}
		f.FromOpened, f.FromFirst = median(fromOpened), median(fromFirst)
		return nil
	})
	return f, err
}

// median gives the middle one, the mean of the two middle ones for an even number, 0 for none.
func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	if n := len(d); n%2 == 0 {
		return (d[n/2-1] + d[n/2]) / 2
	}
	return d[len(d)/2]
}
