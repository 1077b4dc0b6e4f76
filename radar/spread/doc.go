// Package spread tells how a story spreads: its measures so far, how large it will get, and whether its shape is one that rumours have.
//
// The nouns: a Cascade is a tree of posts with their times, each but the first one repeating or answering another; Measures are what a page
// shows of it; a Forecast is its size in the end with an interval, and the probability that it is a rumour, with Reasons.
//
// A cascade up to a moment becomes some eighty numbers (feature.go): how many came when, how the last of them followed each other, how deep and
// how wide the tree is. Forests of small trees (model.json, learned by TestTrain from a public set of cascades, each looked at from four minutes
// to three days after its first post) turn them into a forecast. The one of the size has the least mean relative error; the two of the interval
// are quantiles, moved so that four of five cascades that were not learned from lie within (conformal; Romano, Patterson, Candès 2019).
//
// What always holds: a forecast looks at nothing after its moment; low ≤ size ≤ high and none is below what is there already; the names of
// authors, the words and the day play no part; the same cascade gives the same forecast, in whatever order its posts were given.
//
// What it does not know: posts that hardly spread. The set has none that ended below some 55 events, and its rumours were chosen in another
// way than its other stories; so a probability here is a reason to look, and no more.
//
// It imports nothing of ours. Read cascade.go first, then feature.go.
package spread
