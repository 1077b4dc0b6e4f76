// Package problem holds the one kind of error that people see.
//
// Rooms make a problem where the rule was broken; one place in web and one in
// cmd turn it into words of the reader's language. What went wrong inside is
// kept apart in Err, goes to the log with a request id, and never reaches a
// page. Every code has its sentence in the catalogue under problem.CODE.
//
// Imports nothing of ours.
package problem
