// Package warn tells early what is worth a look: signals of five kinds, each with its reasons. A signal is no verdict and names no person.
//
// The nouns: a Detector is told of every mention with the story it was put into and gives Signals. Burst is a story told by many more
// voices than expected (khue/radar/trend); KnownFalse a mention that says again what a published fact-check refuted; Altered a near copy
// of an official text whose sense was turned; Rumour a story in the words of hearsay without an official source; Coordinated one text or
// link from many accounts within seconds, again and again.
//
// What always holds: a decision looks at nothing that comes later; a kind is given again for a story after six hours at the soonest; memory is
// bounded by what was said in the last two days; accounts are known as keyed numbers alone and never leave the package.
//
// It imports khue/text and khue/radar/trend. Read warn.go first.
package warn
