package people_test

import (
	"testing"

	"khue/internal/testkit"
	"khue/regulation"
)

// BenchmarkActorOf is what every request of a person costs before its page begins.
func BenchmarkActorOf(b *testing.B) {
	h := open(b, testkit.SQLite(b))
	h.person(b, "lan@sxd.example", "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"}, regulation.Post{Role: regulation.Officer, Office: "SXD"})
	token, _, err := h.LogIn(h.Ctx, login("lan@sxd.example", good))
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := h.ActorOf(h.Ctx, token); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFindOffice finds a ward by a name that it had before July 2025, typed without marks.
func BenchmarkFindOffice(b *testing.B) {
	h := open(b, testkit.SQLite(b))
	for b.Loop() {
		if got, err := h.FindOffice(h.Ctx, "truc bach"); err != nil || len(got) == 0 {
			b.Fatal(got, err)
		}
	}
}
