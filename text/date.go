package text

import "strings"

// daysIn gives the most days that a month can have.
func daysIn(month int16) int16 {
	switch month {
	case 2:
		return 29
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// small reads a numeral of one or two digits.
func (r *Reader) small(i int) (int16, bool) {
	if !r.isNumeral(i) {
		return 0, false
	}
	s := r.Tokens[i].Of(r.Text)
	if len(s) > 2 {
		return 0, false
	}
	n := int16(0)
	for k := 0; k < len(s); k++ {
		if s[k] < '0' || s[k] > '9' {
			return 0, false
		}
		n = n*10 + int16(s[k]-'0')
	}
	return n, true
}

func (r *Reader) year(i int) (int16, bool) {
	if !r.isNumeral(i) {
		return 0, false
	}
	s := r.Tokens[i].Of(r.Text)
	if len(s) != 4 || s[0] != '1' && s[0] != '2' || strings.ContainsAny(s, ".,") {
		return 0, false
	}
	n := int16(0)
	for k := range 4 {
		n = n*10 + int16(s[k]-'0')
	}
	return n, true
}

// isYearWord tells "năm" as a year: a numeral of four digits follows.
func (r *Reader) isYearWord(i int) bool {
	if r.word(i) != WordFive {
		return false
	}
	_, ok := r.year(i + 1)
	return ok
}

// dash reads the sign between the parts of a date, as one of / - . or 0.
func dash(s string) byte {
	switch s {
	case "/", "-", ".":
		return s[0]
	case "–", "‑", "−":
		return '-'
	}
	return 0
}

// date reads 9/5, 9/5/2025, 09-05-2025, 9.5.2025, "ngày 9 tháng 5 năm 2025", "tháng 5/2025", "năm 2025", with the word "ngày" in front.
// A pair a/b or a-b alone is a date only where it can be one and a word for a day stands before it.
func (r *Reader) date(i int) (Value, int) {
	v := Value{Kind: KindDate}
	k, said := i, false
	switch r.word(k) {
	case WordDay:
		said, k = true, k+1
	case WordMonth:
		return r.month(i)
	}
	if r.isYearWord(k) && !said {
		v.Year, _ = r.year(k + 1)
		return v, 2
	}
	if r.isNumeral(k) && strings.Count(r.Tokens[k].Of(r.Text), ".") == 2 { // 9.5.2025
		if d, ok := dotted(r.Tokens[k].Of(r.Text)); ok {
			return d, k + 1 - i
		}
	}
	d, ok := r.small(k)
	if !ok || d < 1 || d > 31 {
		return v, 0
	}
	v.Day = d
	if said {
		v.N = 1
	}
	before := said || r.word(i-1) == WordDay || r.word(i-1) == WordPart || r.Loose && r.word(i-1) == WordDay
	if r.word(k+1) == WordMonth && strings.TrimSpace(r.between(k)) == "" {
		if m, ok := r.small(k + 2); ok && m >= 1 && m <= 12 && d <= daysIn(m) {
			v.Month = m
			return r.withYear(v, i, k+3)
		}
	}
	sign := dash(r.between(k))
	m, ok := r.small(k + 1)
	if ok && sign != 0 && sign != '.' && m >= 1 && m <= 12 && d <= daysIn(m) {
		if y, ok := r.year(k + 2); ok && dash(r.between(k+1)) == sign {
			v.Month, v.Year = m, y
			return v, k + 3 - i
		}
		follows := dash(r.between(k + 1))
		if (before || sign == '/') && follows != '/' && (follows == 0 || !r.isNumeral(k+2)) {
			v.Month = m
			return r.withYear(v, i, k+2)
		}
	}
	if said && sign == 0 {
		return v, k + 1 - i // ngày 9
	}
	return Value{}, 0
}

// withYear takes a year that follows a day and month: "năm 2025", "/2025".
func (r *Reader) withYear(v Value, i, k int) (Value, int) {
	if r.isYearWord(k) && strings.TrimSpace(r.between(k-1)) == "" {
		v.Year, _ = r.year(k + 1)
		return v, k + 2 - i
	}
	if y, ok := r.year(k); ok && dash(r.between(k-1)) != 0 {
		v.Year = y
		return v, k + 1 - i
	}
	return v, k - i
}

// month reads "tháng 5", "tháng 5/2025", "tháng 5 năm 2025".
func (r *Reader) month(i int) (Value, int) {
	m, ok := r.small(i + 1)
	if !ok || m < 1 || m > 12 {
		return Value{}, 0
	}
	return r.withYear(Value{Kind: KindDate, Month: m}, i, i+2)
}

func dotted(s string) (Value, bool) {
	p := strings.Split(s, ".")
	n := [3]int16{}
	for i := range p {
		if len(p[i]) > 4 || len(p[i]) == 0 || strings.Contains(p[i], ",") || i < 2 && len(p[i]) > 2 || i == 2 && len(p[i]) != 4 {
			return Value{}, false
		}
		for k := 0; k < len(p[i]); k++ {
			n[i] = n[i]*10 + int16(p[i][k]-'0')
		}
	}
	if n[1] < 1 || n[1] > 12 || n[0] < 1 || n[0] > daysIn(n[1]) {
		return Value{}, false
	}
	return Value{Kind: KindDate, Day: n[0], Month: n[1], Year: n[2]}, true
}

// clock reads 14:30, 14h30, "14 giờ 30 phút", 14h, "8 giờ".
func (r *Reader) clock(i int) (Value, int) {
	h, ok := r.small(i)
	if !ok || h > 24 {
		return Value{}, 0
	}
	v := Value{Kind: KindClock, N: float64(h) * 60}
	if r.between(i) == ":" {
		m, ok := r.small(i + 1)
		if !ok || m > 59 || r.between(i+1) == ":" {
			return Value{}, 0
		}
		v.N += float64(m)
		v.Alt = v.N
		return v, 2
	}
	if r.word(i+1) != WordHour || strings.TrimSpace(r.between(i)) != "" {
		return Value{}, 0
	}
	n := 2
	if m, ok := r.small(i + 2); ok && m <= 59 && strings.TrimSpace(r.between(i+1)) == "" && r.word(i+3) != WordMonth {
		if r.word(i+3) == WordMinute {
			n++
		} else if r.between(i+1) != "" && r.word(i+1) == WordHour && r.Tokens[i+1].End-r.Tokens[i+1].Start > 1 {
			v.Alt = v.N
			return v, 2 // "8 giờ 30 người"
		}
		v.N += float64(m)
		n++
	}
	v.Alt = v.N
	return v, n
}
