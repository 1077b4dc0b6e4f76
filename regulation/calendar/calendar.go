package calendar

import (
	"fmt"
	"time"

	"khue/regulation/place"
)

// Day is a civil day in Vietnam: days since 1970-01-01.
type Day int

// Zone is Vietnam's time, UTC+7 without summer time.
var Zone = time.FixedZone("+07", 7*3600)

// Date gives the day of a date; an overflow runs on as in time.Date.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DayOf gives the Vietnamese day of an instant.
func DayOf(t time.Time) Day {
	y, m, d := t.In(Zone).Date()
	return Date(y, m, d)
}

// Parse reads 2006-01-02 and refuses days that do not exist.
func Parse(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, place.Say("day", "text", s)
	}
	return Date(t.Date()), nil
}

// Date gives year, month and day.
func (d Day) Date() (int, time.Month, int) { return time.Unix(int64(d)*86400, 0).UTC().Date() }

// Start gives the instant at which the day begins in Vietnam.
func (d Day) Start() time.Time {
	y, m, n := d.Date()
	return time.Date(y, m, n, 0, 0, 0, 0, Zone)
}

// Weekday gives the day of the week.
func (d Day) Weekday() time.Weekday { return time.Unix(int64(d)*86400, 0).UTC().Weekday() }

// String gives 2006-01-02.
func (d Day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }

// Unit is what a limit is counted in.
type Unit string

// The units of limits.
const (
	Hours       Unit = "hours"        // giờ
	Days        Unit = "days"         // ngày
	WorkingDays Unit = "working days" // ngày làm việc
	Months      Unit = "months"       // tháng
)

// Counted is one day that the counting met: its number, or why it was not counted.
type Counted struct {
	Day string `json:"day"`
	N   int    `json:"n,omitzero"`
	Off string `json:"off,omitzero"` // "weekend" or a holiday's id
}

// Due gives the instant at which a limit of n units that is triggered at an instant ends, and the days that were met on the way
// (none for hours). n must not be negative.
func (c *Calendar) Due(at time.Time, n int, unit Unit) (time.Time, []Counted, error) {
	if n < 0 || n > 10000 {
		return time.Time{}, nil, fmt.Errorf("a limit of %d %s; write 0 to 10000", n, unit)
	}
	d := DayOf(at)
	switch unit {
	case Hours:
		return at.In(Zone).Add(time.Duration(n) * time.Hour), nil, nil
	case WorkingDays:
		var met []Counted
		for k := 0; k < n; {
			d++
			if off := c.Off(d); off != "" {
				met = append(met, Counted{Day: d.String(), Off: off})
				continue
			}
			k++
			met = append(met, Counted{Day: d.String(), N: k})
		}
		return (d + 1).Start(), met, nil
	case Days:
		var met []Counted
		for k := 1; k <= n; k++ {
			met = append(met, Counted{Day: (d + Day(k)).String(), N: k})
		}
		return c.end(d+Day(n), met)
	case Months:
		y, m, day := d.Date()
		last := Date(y, m+time.Month(n)+1, 0)
		return c.end(min(Date(y, m+time.Month(n), 1)+Day(day-1), last), nil)
	}
	return time.Time{}, nil, fmt.Errorf("unit %q; write hours, days, working days or months", unit)
}

// end moves a last day that is off to the next working day (Civil Code, Art. 148(5)).
func (c *Calendar) end(d Day, met []Counted) (time.Time, []Counted, error) {
	for off := c.Off(d); off != ""; off = c.Off(d) {
		if len(met) > 0 && met[len(met)-1].Day == d.String() {
			met[len(met)-1].Off = off
		} else {
			met = append(met, Counted{Day: d.String(), Off: off})
		}
		d++
	}
	if len(met) == 0 || met[len(met)-1].Day != d.String() {
		met = append(met, Counted{Day: d.String()})
	}
	return (d + 1).Start(), met, nil
}
