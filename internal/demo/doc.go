// Package demo fills an empty house with fourteen days that are wholly made up: outlets, people and matters are invented, in
// sentences of our own. It does so through the same commands as a user's actions, under a clock of its own, so that what is
// shown was really submitted, edited, approved, asked, answered, heard, checked and published by the rooms.
//
// Main nouns: Clock, Stage (what happens when), Press (the made-up outlets, served to the radar without a network).
//
// The content is data in content/*.yaml. Imports internal/house and the rooms. Read demo.go, then stage.go.
package demo
