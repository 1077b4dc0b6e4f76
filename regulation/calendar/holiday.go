package calendar

import (
	"slices"
	"sync"
	"time"

	"khue/regulation/place"
)

// Calendar knows which days are worked. It is safe for use by many at once.
type Calendar struct {
	weekend  [7]bool
	holidays []Holiday
	notices  map[int]Notice

	mu    sync.Mutex
	years map[int]map[Day]string // days off and why; "" is a day that a notice makes a working one
}

// Holiday is a rule for days off each year (ngày nghỉ lễ).
type Holiday struct {
	ID        string `yaml:"id"`
	Solar     string `yaml:"solar"`  // MM-DD
	Lunar     string `yaml:"lunar"`  // MM-DD of the lunar calendar, computed at UTC+7
	Before    int    `yaml:"before"` // how many of the days lie before it
	Days      int    `yaml:"days"`
	On        *bool  `yaml:"on"`         // false: known, but a person has to switch it on
	ValidFrom string `yaml:"valid_from"` // first day on which the rule holds
	Vi        string `yaml:"vi"`
	En        string `yaml:"en"`
	Source    string `yaml:"source"`

	month, day int
	from       Day
}

// Notice is a year's announcement by the government: which days a holiday takes, and swapped days.
type Notice struct {
	Year    int                 `yaml:"year"`
	Days    map[string][]string `yaml:"days"` // holiday's id to its days, instead of the rule's
	Off     []string            `yaml:"off"`  // working days that are swapped for a day off
	Work    []string            `yaml:"work"` // days off that are worked to make up
	Source  string              `yaml:"source"`
	Checked bool                `yaml:"checked"`
}

type file struct {
	Version  int       `yaml:"version"`
	Weekend  []string  `yaml:"weekend"`
	Holidays []Holiday `yaml:"holidays"`
	Notices  []Notice  `yaml:"notices"`
}

var weekdays = map[string]time.Weekday{"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

// Load reads a calendar's YAML; name is the file's, for errors. All faults are given together as place.Faults.
func Load(name string, data []byte) (*Calendar, error) {
	var f file
	src, faults := place.Read(name, data, &f)
	if len(faults) > 0 {
		return nil, faults
	}
	found := func(err error, path ...any) { faults = append(faults, src.At(err, path...)) }
	if f.Version != 1 {
		found(place.Say("version", "have", f.Version, "need", 1), "version")
	}
	c := &Calendar{notices: map[int]Notice{}, years: map[int]map[Day]string{}}
	off := 0
	for i, w := range f.Weekend {
		d, ok := weekdays[w]
		if !ok {
			found(place.Say("weekday", "text", w), "weekend", i)
			continue
		}
		if !c.weekend[d] {
			off++
		}
		c.weekend[d] = true
	}
	if off > 5 {
		found(place.Say("weekend"), "weekend")
	}
	for i, h := range f.Holidays {
		if err := h.check(); err != nil {
			found(err, "holidays", i)
		}
		if slices.ContainsFunc(c.holidays, func(o Holiday) bool { return o.ID == h.ID }) {
			found(place.Say("twice", "what", h.ID, "place", name), "holidays", i)
		}
		c.holidays = append(c.holidays, h)
	}
	for i, n := range f.Notices {
		if err := c.checkNotice(n); err != nil {
			found(err, "notices", i)
		}
		c.notices[n.Year] = n
	}
	if err := faults.Or(); err != nil {
		return nil, err
	}
	return c, nil
}

func (h *Holiday) check() error {
	if h.ID == "" || h.Vi == "" || h.En == "" || h.Source == "" {
		return place.Say("needed", "keys", "id, vi, en, source")
	}
	text := h.Solar + h.Lunar
	t, err := time.Parse(time.DateOnly, "2024-"+text) // a leap year, so that 02-29 is taken
	if (h.Solar == "") == (h.Lunar == "") || err != nil {
		return place.Say("day-of-year", "text", text)
	}
	h.month, h.day = int(t.Month()), t.Day()
	if h.Days == 0 {
		h.Days = 1
	}
	if h.Days < 0 || h.Days > 15 || h.Before < 0 || h.Before >= h.Days {
		return place.Say("holiday-days", "days", h.Days, "before", h.Before)
	}
	if h.ValidFrom != "" {
		h.from, err = Parse(h.ValidFrom)
	}
	return err
}

func (c *Calendar) checkNotice(n Notice) error {
	if n.Source == "" {
		return place.Say("needed", "keys", "source")
	}
	if _, twice := c.notices[n.Year]; twice {
		return place.Say("twice", "what", n.Year, "place", "notices")
	}
	lists := [][]string{n.Off, n.Work}
	for id, days := range n.Days {
		if !slices.ContainsFunc(c.holidays, func(h Holiday) bool { return h.ID == id }) {
			return place.Say("no-holiday", "id", id)
		}
		lists = append(lists, days)
	}
	for _, list := range lists {
		for _, s := range list {
			d, err := Parse(s)
			if err != nil {
				return err
			}
			if y, _, _ := d.Date(); y != n.Year {
				return place.Say("other-year", "day", s, "year", n.Year)
			}
		}
	}
	return nil
}

// Holidays lists the rules, in the order of the file.
func (c *Calendar) Holidays() []Holiday { return slices.Clone(c.holidays) }

// Off says why a day is not worked: "weekend", a holiday's id, "swap", or "" for a working day.
func (c *Calendar) Off(d Day) string {
	y, _, _ := d.Date()
	c.mu.Lock()
	days, ok := c.years[y]
	if !ok {
		days = c.year(y)
		c.years[y] = days
	}
	c.mu.Unlock()
	if why, set := days[d]; set {
		return why
	}
	if c.weekend[d.Weekday()] {
		return "weekend"
	}
	return ""
}

// year computes a year's special days. A holiday that falls on a weekly day off is taken on the next working day (Labour Code
// 2019, Art. 111(3)); where a notice gives the days of a holiday, they stand as announced.
func (c *Calendar) year(y int) map[Day]string {
	days := map[Day]string{}
	n := c.notices[y]
	var moved []string
	for _, h := range c.holidays {
		if announced, ok := n.Days[h.ID]; ok {
			for _, s := range announced {
				d, _ := Parse(s) // checked when it was loaded
				days[d] = h.ID
			}
			continue
		}
		first := Date(y, time.Month(h.month), h.day)
		if h.Lunar != "" {
			first = FromLunar(y, h.month, h.day)
		}
		if (h.On != nil && !*h.On) || first < h.from {
			continue
		}
		for i := range h.Days {
			d := first - Day(h.Before) + Day(i)
			if _, taken := days[d]; taken || c.weekend[d.Weekday()] {
				moved = append(moved, h.ID+"@"+d.String())
			}
			if _, taken := days[d]; !taken {
				days[d] = h.ID
			}
		}
	}
	slices.SortFunc(moved, func(a, b string) int { // by day, the last ten characters
		if a[len(a)-10:] < b[len(b)-10:] {
			return -1
		}
		return 1
	})
	for _, m := range moved {
		d, _ := Parse(m[len(m)-10:])
		for _, taken := days[d]; taken || c.weekend[d.Weekday()]; _, taken = days[d] {
			d++
		}
		days[d] = m[:len(m)-11]
	}
	for _, s := range n.Off {
		d, _ := Parse(s)
		days[d] = "swap"
	}
	for _, s := range n.Work {
		d, _ := Parse(s)
		days[d] = ""
	}
	return days
}
