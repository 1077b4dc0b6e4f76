// Package calendar counts legal time on Vietnam's working calendar (lịch làm việc).
//
// A Day is a civil day in Vietnam; a Calendar knows which of them are worked;
// Due gives the instant at which a time limit ends, by Articles 144-148 of the
// Civil Code: hours run through; the day of the trigger is not counted; a limit
// in days or months that ends on a day off ends with the next working day; the
// end of a day is written as 00:00 +07:00 of the following one.
//
// Invariants: no limit ends before its trigger, and a later trigger never ends
// earlier. Pure: no clock, no file. Imports regulation/place. Read calendar.go first, then lunar.go.
package calendar
