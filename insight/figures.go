package insight

import (
	"context"
	"slices"
	"time"

	"khue/claim"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// Figures are one month in numbers.
type Figures struct {
	From, To time.Time // the month, in Vietnam's time

	Published int // releases, first editions
	Corrected int
	Updated   int
	Withdrawn int

	Asked    int // inquiries received
	Answered int
	Public   int // answers given in public
	Refused  int

	Met     int // duties that ended in time
	MetLate int // duties that ended late
	Late    int // duties still open whose limit has passed
	Offices []OfficeFigures

	Claims claim.Figures
}

// InTime is the share that was met in time of all duties that were due: one that is still open and late counts as late. ok is false
// when none was due.
func (f Figures) InTime() (share float64, ok bool) {
	return OfficeFigures{Met: f.Met, MetLate: f.MetLate, Late: f.Late}.InTime()
}

// OfficeFigures are how one office kept its limits.
type OfficeFigures struct {
	Office             string
	Met, MetLate, Late int
}

// InTime is the share that was met in time of all that count; ok is false when there are none.
func (o OfficeFigures) InTime() (share float64, ok bool) {
	if o.Total() == 0 {
		return 0, false
	}
	return float64(o.Met) / float64(o.Total()), true
}

// Total is the number of duties that count.
func (o OfficeFigures) Total() int { return o.Met + o.MetLate + o.Late }

const (
	sqlCountKinds = `SELECT kind, COUNT(*) FROM ledger_entry WHERE at >= ?1 AND at < ?2
AND kind IN ('release.published', 'release.corrected', 'release.updated', 'release.withdrawn', 'inquiry.asked', 'inquiry.noted', 'inquiry.opened', 'inquiry.answered', 'inquiry.answered-privately', 'inquiry.reported', 'inquiry.refused')
GROUP BY kind`
	// A duty counts in the month in which it was due.
	sqlDutyFigures = `SELECT office, state, COUNT(*) FROM duty WHERE due >= ?1 AND due < ?2 AND state IN ('met', 'met-late', 'missed', 'running')
AND (state <> 'running' OR due < ?3) GROUP BY office, state ORDER BY office, state`
)

// Month gives the instants between which a month lies in Vietnam's time.
func Month(year int, month time.Month) (from, to time.Time) {
	from = time.Date(year, month, 1, 0, 0, 0, 0, vietnam)
	return from, from.AddDate(0, 1, 0)
}

// Figures gives a month's figures to whom the rulebook lets see them.
func (r *Room) Figures(ctx context.Context, by regulation.Actor, year int, month time.Month) (Figures, error) {
	if err := r.c.Rules.Can(by, "insight.view", regulation.Thing{Kind: "figures"}, r.c.Now()); err != nil {
		return Figures{}, err
	}
	return r.month(ctx, year, month)
}

// Deadlines gives how the offices kept their limits in a month. It is public: the city shows its own lateness.
func (r *Room) Deadlines(ctx context.Context, year int, month time.Month) (Figures, error) {
	return r.month(ctx, year, month)
}

// Kept gives how limits that ended since a moment were kept: of every office for the centre's people, of their own for others.
func (r *Room) Kept(ctx context.Context, by regulation.Actor, since time.Time) (OfficeFigures, error) {
	if by.Kind != regulation.Person {
		return OfficeFigures{}, problem.New(problem.Session)
	}
	now := r.c.Now()
	f := Figures{From: since, To: now}
	if err := f.countDuties(ctx, r.c.DB, now); err != nil {
		return OfficeFigures{}, err
	}
	var all OfficeFigures
	for _, o := range f.Offices {
		if by.Staff() || slices.ContainsFunc(by.Posts, func(p regulation.Post) bool { return p.Office == o.Office }) {
			all.Met, all.MetLate, all.Late = all.Met+o.Met, all.MetLate+o.MetLate, all.Late+o.Late
		}
	}
	return all, nil
}

func (r *Room) month(ctx context.Context, year int, month time.Month) (Figures, error) {
	from, to := Month(year, month)
	f := Figures{From: from, To: to}
	err := r.c.DB.View(ctx, func(q store.Reader) error {
		if err := f.countKinds(ctx, q); err != nil {
			return err
		}
		return f.countDuties(ctx, q, r.c.Now())
	})
	if err != nil {
		return f, err
	}
	if r.c.Claims != nil {
		f.Claims, err = r.c.Claims.Figures(ctx, from, to)
	}
	return f, err
}

func (f *Figures) countKinds(ctx context.Context, q store.Reader) error {
	rows, err := q.Query(ctx, sqlCountKinds, store.Micros(f.From), store.Micros(f.To))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var n int
		if err := rows.Scan(&kind, &n); err != nil {
			return err
		}
		switch kind {
		case "release.published":
			f.Published += n
		case "release.corrected":
			f.Corrected += n
		case "release.updated":
			f.Updated += n
		case "release.withdrawn":
			f.Withdrawn += n
		case "inquiry.refused":
			f.Refused += n
		case "inquiry.asked", "inquiry.noted", "inquiry.opened":
			f.Asked += n
		case "inquiry.answered":
			f.Public += n
			f.Answered += n
		case "inquiry.answered-privately", "inquiry.reported":
			f.Answered += n
		}
	}
	return rows.Err()
}

func (f *Figures) countDuties(ctx context.Context, q store.Reader, now time.Time) error {
	rows, err := q.Query(ctx, sqlDutyFigures, store.Micros(f.From), store.Micros(f.To), store.Micros(now))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var office, state string
		var n int
		if err := rows.Scan(&office, &state, &n); err != nil {
			return err
		}
		if len(f.Offices) == 0 || f.Offices[len(f.Offices)-1].Office != office {
			f.Offices = append(f.Offices, OfficeFigures{Office: office})
		}
		o := &f.Offices[len(f.Offices)-1]
		switch regulation.DutyState(state) {
		case regulation.DutyMet:
			o.Met, f.Met = o.Met+n, f.Met+n
		case regulation.DutyMetLate:
			o.MetLate, f.MetLate = o.MetLate+n, f.MetLate+n
		default:
			o.Late, f.Late = o.Late+n, f.Late+n
		}
	}
	return rows.Err()
}
