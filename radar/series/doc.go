// Package series says how much of what is told by the hour and by the day is to be expected. The counts themselves are kept by the room.
//
// The nouns: a Key names a series, a Step is the width of its buckets; a Profile is what it usually does, by hour of the week and on holidays; a Band is what is to be expected of one hour or day; a Burst is a run of hours above its band.
//
// What is usual is told robustly: of each hour of the week the values of the last weeks, those far above their median (by the median absolute
// deviation; Hampel 1974) put back to it, so that last week's burst is no habit. Counts scatter more than by chance alone: the band is of the negative
// binomial law, its spread learned from the hours themselves, with the doubt about the mean in it.
//
// What always holds: a Profile knows nothing of what came after it was learned; an hour in which some
// sources could not be heard is expected to bring less by their share.
//
// It imports nothing of ours. Read step.go, then profile.go.
package series
