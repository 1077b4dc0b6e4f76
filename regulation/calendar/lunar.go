package calendar

import "math"

// Lunar is a date of the Vietnamese lunisolar calendar (âm lịch).
type Lunar struct {
	Year, Month, Day int
	Leap             bool
}

const (
	synodic   = 29.530588861 // mean days between new moons, Meeus ch. 49
	unixJulan = 2440587.5    // Julian date of 1970-01-01T00:00Z
	zoneDays  = 7.0 / 24     // UTC+7, by Decision 121/CP of 1967
)

// newMoon gives the Vietnamese day of the k-th new moon after that of 6 January 2000.
// Periodic terms: J. Meeus, Astronomical Algorithms, 2nd ed., ch. 49, terms above 0.0005 day; ΔT taken as 70 s, so that the
// instant is right to about two minutes in this century.
func newMoon(k int) Day {
	kf := float64(k)
	t := kf / 1236.85
	jde := 2451550.09766 + synodic*kf + t*t*(0.00015437-0.000000150*t)
	e := 1 - 0.002516*t - 0.0000074*t*t
	m := rad(2.5534 + 29.10535670*kf - 0.0000014*t*t)
	mp := rad(201.5643 + 385.81693528*kf + 0.0107582*t*t)
	f := rad(160.7108 + 390.67050284*kf - 0.0016118*t*t)
	om := rad(124.7746 - 1.56375588*kf + 0.0020672*t*t)
	jde += -0.40720*math.Sin(mp) + 0.17241*e*math.Sin(m) + 0.01608*math.Sin(2*mp) + 0.01039*math.Sin(2*f) +
		0.00739*e*math.Sin(mp-m) - 0.00514*e*math.Sin(mp+m) + 0.00208*e*e*math.Sin(2*m) - 0.00111*math.Sin(mp-2*f) -
		0.00057*math.Sin(mp+2*f) + 0.00056*e*math.Sin(2*mp+m) - 0.00042*math.Sin(3*mp) + 0.00042*e*math.Sin(m+2*f) +
		0.00038*e*math.Sin(m-2*f) - 0.00024*e*math.Sin(2*mp-m) - 0.00017*math.Sin(om)
	jde += 0.000325*math.Sin(rad(299.77+0.107408*kf-0.009173*t*t)) + 0.000165*math.Sin(rad(251.88+0.016321*kf))
	const deltaT = 70.0 / 86400
	return Day(math.Floor(jde - deltaT - unixJulan + zoneDays))
}

// sunSector gives which twelfth of the ecliptic (0 from the March equinox) the sun stands in as a day begins in Vietnam.
// Apparent longitude: Meeus ch. 25, to 0.01 degree.
func sunSector(d Day) int {
	jd := float64(d) + unixJulan - zoneDays + 70.0/86400
	t := (jd - 2451545) / 36525
	m := rad(357.52911 + 35999.05029*t - 0.0001537*t*t)
	c := (1.914602-0.004817*t)*math.Sin(m) + (0.019993-0.000101*t)*math.Sin(2*m) + 0.000289*math.Sin(3*m)
	l := 280.46646 + 36000.76983*t + 0.0003032*t*t + c - 0.00569 - 0.00478*math.Sin(rad(125.04-1934.136*t))
	l = math.Mod(l, 360)
	if l < 0 {
		l += 360
	}
	return int(l / 30)
}

func rad(deg float64) float64 { return math.Mod(deg, 360) * math.Pi / 180 }

// moonBefore gives the number of the last new moon on or before a day.
func moonBefore(d Day) int {
	k := int(math.Floor((float64(d)+unixJulan-2451550.1)/synodic)) + 1
	for newMoon(k) > d {
		k--
	}
	return k
}

// eleventh gives the new moon that opens the 11th month of a lunar year: the month that holds the winter solstice.
func eleventh(year int) int {
	k := moonBefore(Date(year, 12, 31))
	if sunSector(newMoon(k)) >= 9 { // the solstice lies before this month
		k--
	}
	return k
}

// leapAfter gives which month after the 11th (1…) is leap, 0 for none: in a year of thirteen months the first without a principal term.
func leapAfter(a, b int) int {
	if b-a != 13 {
		return 0
	}
	for i := 1; i < 14; i++ {
		if sunSector(newMoon(a+i)) == sunSector(newMoon(a+i+1)) {
			return i
		}
	}
	return 0
}

// FromLunar gives the day of a date of the lunar calendar that is not in a leap month.
func FromLunar(year, month, day int) Day {
	from := year - 1
	off := month + 1 // months after the 11th
	if month >= 11 {
		from, off = year, month-11
	}
	a := eleventh(from)
	if leap := leapAfter(a, eleventh(from+1)); leap > 0 && off >= leap {
		off++
	}
	return newMoon(a+off) + Day(day-1)
}

// ToLunar gives a day's date in the lunar calendar.
func ToLunar(d Day) Lunar {
	k := moonBefore(d)
	year, _, _ := d.Date()
	a := eleventh(year)
	if a > k {
		year--
		a = eleventh(year)
	}
	leap := leapAfter(a, eleventh(year+1))
	off := k - a
	l := Lunar{Year: year, Day: int(d-newMoon(k)) + 1}
	if leap > 0 && off >= leap {
		l.Leap = off == leap
		off--
	}
	l.Month = off + 11
	if l.Month > 12 {
		l.Month -= 12
		l.Year++
	}
	return l
}
