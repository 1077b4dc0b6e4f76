// Package walk looks at the whole: it fills a house with the demo, serves it, and goes through it with a browser as people do,
// by clicking and typing. It has no code of its own, only tests:
//
//   - TestWalk goes the eight steps of one loop, each person with a browser of their own, at the width they would hold;
//   - TestPages opens every page of every face as each role, in both languages;
//   - TestAxe holds every kind of page against axe-core, TestZoom against 400 % zoom, TestKeyboard against a walk by keys;
//   - TestPictures draws every kind of page (KHUE_PICTURES=1), to be looked at;
//   - TestWords holds that what is written on pages stands in the catalogue.
//
// Chromium is needed; KHUE_REQUIRE_CHROMIUM makes its absence a failure. Read world_test.go, then person_test.go.
package walk
