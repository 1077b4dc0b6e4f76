package release_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"khue/internal/testkit"
	"khue/media"
	"khue/release"
)

// many makes n releases that stand where their approver or editor finds them.
func many(b *testing.B, k *testkit.Kit, n int, up bool) (*release.Room, []release.Release) {
	m := media.New(media.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Folder: b.TempDir(), Now: k.Clock.Now})
	r := release.New(release.Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Media: m, Now: k.Clock.Now})
	list := make([]release.Release, n)
	spread(n, func(i int) {
		rel, err := r.Submit(k.Ctx, thu, release.SubmitInput{Kind: release.QuickNotice, Text: water})
		if err == nil {
			rel, err = r.Take(k.Ctx, minh, release.Ref{ID: rel.ID})
		}
		if err == nil && up {
			rel, err = r.SendUp(k.Ctx, minh, release.Ref{ID: rel.ID})
		}
		if err != nil {
			b.Error(err)
		}
		list[i] = rel
	})
	return r, list
}

// spread runs fn for each of n things from 64 clients.
func spread(n int, fn func(int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				fn(i)
			}
		})
	}
	all.Wait()
}

// BenchmarkApprove is durable approvals from 64 clients on SQLite: one operation is one approval with its entry.
func BenchmarkApprove(b *testing.B) {
	k := testkit.SQLite(b)
	r, list := many(b, k, b.N, true)
	b.ResetTimer()
	spread(b.N, func(i int) {
		if _, err := r.Approve(context.Background(), phong, release.Ref{ID: list[i].ID}); err != nil {
			b.Error(err)
		}
	})
}

// BenchmarkEdit is durable edits of 1 KB, each a version with its entry, from 64 clients on SQLite.
func BenchmarkEdit(b *testing.B) {
	k := testkit.SQLite(b)
	r, list := many(b, k, b.N, false)
	text := water
	text.Body = strings.Repeat("Một câu về nước máy. ", 40)
	b.ResetTimer()
	spread(b.N, func(i int) {
		if _, err := r.Edit(context.Background(), minh, release.EditInput{Ref: release.Ref{ID: list[i].ID, Version: list[i].Version}, Text: text}); err != nil {
			b.Error(err)
		}
	})
}
