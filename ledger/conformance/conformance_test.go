package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"khue/ledger"
	"khue/store"
	"khue/store/storetest"
	"khue/web/frame"
	weblog "khue/web/log"
)

const (
	origin = "khue.test/log"
	size   = 300 // more than one tile; a third is private
)

// served is our log as others see it.
type served struct {
	url      string
	verifier note.Verifier
	earlier  map[uint64][]byte // roots by size, of the checkpoints that were signed on the way
}

// spoil changes what is served on its way out; nil leaves it.
type spoil func(path string, body []byte) []byte

func serve(t *testing.T, change spoil) served {
	t.Helper()
	db := storetest.SQLite(t)
	key, vkey, err := ledger.NewKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), db, ledger.Config{Origin: origin, Key: key, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := served{earlier: map[uint64][]byte{}}
	if s.verifier, err = note.NewVerifier(vkey); err != nil {
		t.Fatal(err)
	}
	for i := range size {
		err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := l.Append(ctx, tx, ledger.Entry{Kind: "test.made", Public: i%3 != 0, Actor: "a", Thing: fmt.Sprint("test/", i), Body: map[string]any{"n": i}, At: time.Now()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := i + 1; n == 100 || n == 256 || n == size {
			text, err := l.Sign(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			root, err := tlog.ParseHash(strings.Split(text, "\n")[2])
			if err != nil {
				t.Fatal(err)
			}
			s.earlier[uint64(n)] = root[:]
		}
	}
	f := frame.New(frame.Config{
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now,
		Problem: func(w http.ResponseWriter, _ *frame.Request, status int, err error) {
			http.Error(w, err.Error(), status)
		},
	})
	weblog.Register(f, l)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		f.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		if change != nil {
			body = change(r.URL.Path, bytes.Clone(body))
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL + "/log"
	return s
}

func (s served) fetcher(t *testing.T) *client.HTTPFetcher {
	t.Helper()
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	f, err := client.NewHTTPFetcher(u, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func leafHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var list [][]byte
	for _, e := range b.Entries {
		list = append(list, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return list, nil
}

// TestTessera has Tessera's client read the checkpoint and prove every entry and every growth, and its fsck rebuild the whole log.
func TestTessera(t *testing.T) {
	s := serve(t, nil)
	f := s.fetcher(t)
	ctx := t.Context()
	cp, _, _, err := client.FetchCheckpoint(ctx, f.ReadCheckpoint, s.verifier, origin)
	if err != nil {
		t.Fatal(err)
	}
	if cp.Size != size || !bytes.Equal(cp.Hash, s.earlier[size]) {
		t.Fatalf("checkpoint of %d entries, want %d", cp.Size, size)
	}
	b, err := client.NewProofBuilder(ctx, cp.Size, f.ReadTile)
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := client.FetchLeafHashes(ctx, f.ReadTile, 0, cp.Size, cp.Size)
	if err != nil {
		t.Fatal(err)
	}
	for i, leaf := range leaves {
		path, err := b.InclusionProof(ctx, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), cp.Size, leaf, path, cp.Hash); err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	for from, root := range s.earlier {
		if from == size {
			continue
		}
		path, err := b.ConsistencyProof(ctx, from, size)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, from, size, path, root, cp.Hash); err != nil {
			t.Errorf("%d to %d: %v", from, size, err)
		}
	}
	if err := fsck.New(origin, s.verifier, f, leafHashes, fsck.Opts{N: 2}).Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestTorchwood has torchwood read every entry and check it against the checkpoint.
func TestTorchwood(t *testing.T) {
	s := serve(t, nil)
	if n, err := torchwoodReads(t, s); err != nil || n != size {
		t.Errorf("%d entries read, want %d: %v", n, size, err)
	}
}

func torchwoodReads(t *testing.T, s served) (int, error) {
	t.Helper()
	f, err := torchwood.NewTileFetcher(s.url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := torchwood.NewClient(f)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range c.AllEntries(t.Context(), tlog.Tree{N: size, Hash: tlog.Hash(s.earlier[size])}, 0) {
		if i != int64(n) {
			t.Fatalf("entry %d, want %d", i, n)
		}
		n++
	}
	return n, c.Err()
}

// TestOneByte holds that a changed byte of an entry is found by both.
func TestOneByte(t *testing.T) {
	s := serve(t, func(path string, body []byte) []byte {
		if strings.HasPrefix(path, "/log/tile/entries/000") && len(body) > 100 {
			body[100] ^= 1
		}
		return body
	})
	if err := fsck.New(origin, s.verifier, s.fetcher(t), leafHashes, fsck.Opts{N: 2}).Check(t.Context()); err == nil {
		t.Error("fsck found nothing")
	}
	if n, err := torchwoodReads(t, s); err == nil {
		t.Errorf("torchwood read %d entries and found nothing", n)
	}
}
