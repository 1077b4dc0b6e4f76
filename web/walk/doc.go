// Package walk looks at the whole: it fills a house with the demo, serves it, and goes through it with a browser as people do,
// by clicking and typing. It has no code of its own, only tests:
//
//   - TestWalk goes the loop, each person with a browser of their own, at the width they would hold: a rumour is heard, doubted,
//     answered and sent up (the steps after it are still to be walked);
//   - TestPages opens every page of every face as each role, in both languages; TestWithoutScript the forms without script;
//   - TestAxe holds every kind of page against axe-core, and against scrolling sideways down to 400 % zoom;
//   - TestPictures draws every kind of page (KHUE_PICTURES=1), to be looked at.
//
// Chromium is needed; KHUE_REQUIRE_CHROMIUM makes its absence a failure. Read world_test.go, then person_test.go.
package walk
