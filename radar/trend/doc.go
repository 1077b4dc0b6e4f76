// Package trend tells when a story bursts: when it is told by many more voices than are to be expected of it.
//
// The nouns: a Detector holds the stories that were told lately; a Burst is the moment at which one was seen to burst, with its reasons.
//
// A voice is a source that says something of its own: copies of one text and floods of one source are one. Each voice of a story moves a score:
// up by how much likelier a burst is to bring it than the story's own pace, down by the time that passed without one (a CUSUM of Poisson
// rates; Page 1954, Lucas 1985).
//
// What always holds: a decision looks at nothing that comes later; a story is named again after six hours at the soonest; memory is bounded by the
// stories of the last two days.
//
// It imports nothing of ours. Read trend.go first.
package trend
