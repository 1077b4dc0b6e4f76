// Package neardup finds which texts are one text, copied or lightly edited, under whatever head and foot.
//
// The nouns: a Print is what is kept of a text, about a kilobyte whatever its length; an Index holds the prints of the texts that
// stand for a group, and puts every further one where it belongs; a Placed says where a text went and how near it was.
//
// Every three syllables in a row, without marks, are a gram. A text keeps those whose hash is small enough, so that two texts keep the
// same ones of what they share (Broder 1997). Grams of five syllables lead to candidates. A candidate is compared by the weight of the
// grams in common, and by how evenly they lie: a copy with a fifth of its syllables exchanged shares some of every stretch, while
// two articles on one event share whole passages and nothing between them. A gram that many groups have is a head, a
// foot or a set phrase and weighs little; how many have it is learned as the texts come. Until it is, two texts that differ in one
// stretch between a common beginning and a common end are taken for strangers in one frame.
//
// What always holds: the same texts in the same order give the same groups; a text in which no syllable stands is a group of its
// own; exact copies leave nothing behind; work for a text does not grow with the number of its copies.
//
// It imports text only. Read print.go first, then compare.go, index.go; scan.go finds the syllables.
package neardup
