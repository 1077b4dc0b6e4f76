package cluster

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// data holds public test sets that are not part of the repository; tests that need them are skipped without.
const data = "../../../shared/data/"

func eachLine[T any](tb testing.TB, file string, f func(T)) {
	fh, err := os.Open(file)
	if err != nil {
		tb.Skip(err)
	}
	defer fh.Close()
	sc := bufio.NewScanner(fh)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			tb.Fatal(err)
		}
		f(v)
	}
}

type line struct {
	ID, Lang, Source, Title, Text, Story string
	Time                                 time.Time
}

func (l line) mention() Mention {
	return Mention{ID: l.ID, Time: l.Time, Lang: l.Lang, Source: l.Source, Title: l.Title, Text: l.Text}
}

func public(tb testing.TB) (ms []Mention, gold map[string]string) {
	eachLine(tb, data+"vi-clusters/mentions.jsonl", func(l line) { ms = append(ms, l.mention()) })
	gold = map[string]string{}
	eachLine(tb, data+"vi-clusters/gold.jsonl", func(l line) { gold[l.ID] = l.Story })
	return ms, gold
}

// bcubed is the B-cubed F1 (Amigo et al. 2009).
func bcubed(found map[string]uint64, gold map[string]string) (p, r, f float64) {
	type cell struct {
		g string
		s uint64
	}
	both, g, s := map[cell]float64{}, map[string]float64{}, map[uint64]float64{}
	for id, story := range gold {
		both[cell{story, found[id]}]++
		g[story]++
		s[found[id]]++
	}
	n := float64(len(gold))
	for c, k := range both {
		p += k * k / s[c.s] / n
		r += k * k / g[c.g] / n
	}
	return p, r, 2 * p * r / (p + r)
}

func TestPublicStories(t *testing.T) {
	ms, gold := public(t)
	c := New(Options{})
	found, final := map[string]uint64{}, map[string]uint64{}
	for _, m := range ms {
		found[m.ID] = c.Add(m).Story
		c.Merges()
	}
	for id, s := range found {
		final[id] = c.Root(s)
	}
	p, r, f := bcubed(found, gold)
	_, _, g := bcubed(final, gold)
	t.Logf("B-cubed precision %.4f, recall %.4f, F1 %.4f; after merging %.4f", p, r, f, g)
	if f < 0.94 {
		t.Errorf("B-cubed F1 fell to %.4f", f)
	}
}

func at(minute int) time.Time { return time.Date(2031, 3, 3, 8, minute, 0, 0, time.UTC) }

func TestStories(t *testing.T) {
	c := New(Options{})
	for i := range 30 { // what the city talks about anyway
		c.Add(Mention{ID: fmt.Sprint("b", i), Time: at(0), Text: fmt.Sprintf("Phường số %d tổ chức hội nghị lần thứ %d về cây xanh, vỉa hè và vệ sinh đường phố năm nay", i, i*7%13)})
	}
	first := c.Add(Mention{ID: "1", Time: at(1), Title: "Sập giàn giáo ở công trường cầu Mây", Text: "Giàn giáo tại công trường cầu Mây đổ sập lúc 7 giờ sáng, ba công nhân bị thương."})
	again := c.Add(Mention{ID: "2", Time: at(5), Title: "Ba công nhân bị thương vì sập giàn giáo cầu Mây", Text: "Sáng nay giàn giáo công trường cầu Mây sập khiến ba công nhân bị thương, phải vào viện."})
	other := c.Add(Mention{ID: "3", Time: at(6), Title: "Triển lãm gốm Bát Tràng mở cửa", Text: "Triển lãm gốm với ba trăm hiện vật mở cửa tại làng nghề đến hết tháng."})
	wire := c.Add(Mention{ID: "4", Time: at(7), Title: "SẬP GIÀN GIÁO Ở CÔNG TRƯỜNG CẦU MÂY", Text: "Giàn giáo tại công trường cầu Mây đổ sập lúc 7 giờ sáng, ba công nhân bị thương"})
	byline := c.Add(Mention{ID: "5", Time: at(8), Title: "Sập giàn giáo ở công trường cầu Mây", Text: "Giàn giáo tại công trường cầu Mây đổ sập lúc 7 giờ sáng, ba công nhân bị thương. Theo hãng tin."})
	switch {
	case !first.New || first.Copy:
		t.Errorf("the first mention: %+v", first)
	case again.New || again.Copy || again.Story != first.Story:
		t.Errorf("the same event in other words: %+v, first %+v", again, first)
	case !other.New:
		t.Errorf("another event: %+v", other)
	case !wire.Copy || wire.CopyOf != "1" || wire.Story != first.Story:
		t.Errorf("a copy in capitals: %+v", wire)
	case !byline.Copy || byline.CopyOf != "1":
		t.Errorf("a copy with a byline: %+v", byline)
	}
	late := c.Add(Mention{ID: "6", Time: at(0).AddDate(0, 2, 0), Title: "Sập giàn giáo ở công trường cầu Mây", Text: "Giàn giáo tại công trường cầu Mây đổ sập lúc 7 giờ sáng, ba công nhân bị thương."})
	if !late.New || c.Live() != 1 || c.Stories() != 1 {
		t.Errorf("two months later: %+v, %d live in %d stories", late, c.Live(), c.Stories())
	}
	if e := c.Add(Mention{ID: "7", Time: at(0).AddDate(0, 2, 0)}); !e.New {
		t.Errorf("an empty mention: %+v", e)
	}
}

// A state written and read goes on as the one that was not, wherever it is cut, also when the window slides and stories merge.
func TestSnapshotGoesOn(t *testing.T) {
	tell := newTeller(t)
	var ms []Mention
	for range 3000 {
		ms = append(ms, tell.next())
	}
	rapid.Check(t, func(t *rapid.T) {
		o := Options{MaxLive: rapid.IntRange(10, 1500).Draw(t, "live"), Threshold: rapid.SampledFrom([]float64{.05, .1, .2}).Draw(t, "threshold")}
		n := rapid.IntRange(0, 1500).Draw(t, "cut")
		a := New(o)
		for i, m := range ms[:n] {
			a.Add(m)
			if i%100 == 99 {
				a.Merges()
			}
		}
		bytes := a.Marshal()
		b, err := Unmarshal(bytes)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(b.Marshal(), bytes) {
			t.Fatal("written again, the state differs")
		}
		for i, m := range ms[n : n+300] {
			if x, y := a.Add(m), b.Add(m); x != y {
				t.Fatalf("mention %d: %+v, after reading %+v", i, x, y)
			}
			if i%50 == 49 && !slices.Equal(a.Merges(), b.Merges()) {
				t.Fatal("merges differ")
			}
		}
		if a.Live() > o.MaxLive {
			t.Fatalf("%d live, at most %d", a.Live(), o.MaxLive)
		}
	})
}

func TestDamagedSnapshot(t *testing.T) {
	c := New(Options{})
	c.Add(Mention{ID: "1", Time: at(0), Title: "Cầu Mây", Text: "Giàn giáo sập"})
	b := c.Marshal()
	for i := range b {
		d := slices.Clone(b)
		d[i] ^= 4
		if _, err := Unmarshal(d); err == nil {
			t.Fatalf("byte %d changed and nobody noticed", i)
		}
		if _, err := Unmarshal(b[:i]); err == nil {
			t.Fatalf("cut at %d and nobody noticed", i)
		}
	}
}

// The checksum is put right, so that what lies behind it is tried too.
func FuzzUnmarshal(f *testing.F) {
	c := New(Options{})
	f.Add(c.Marshal())
	for i := range 5 {
		c.Add(Mention{ID: fmt.Sprint(i), Time: at(i), Title: "Cầu Mây", Text: fmt.Sprint("Giàn giáo sập ", i/2)})
	}
	c.Merges()
	f.Add(c.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4 {
			b = binary.LittleEndian.AppendUint32(slices.Clone(b[:len(b)-4]), crc32.ChecksumIEEE(b[:len(b)-4]))
		}
		c, err := Unmarshal(b)
		if err != nil {
			return
		}
		c.Add(Mention{ID: "x", Time: at(1), Text: "Giàn giáo sập"})
		c.Merges()
		c.Marshal()
	})
}

func FuzzAdd(f *testing.F) {
	f.Add("Cầu Mây", "Giàn giáo sập", int64(0))
	f.Add("", "\xff\u0301 a1b2", int64(-1<<60))
	f.Fuzz(func(t *testing.T, title, body string, when int64) {
		c := New(Options{MaxLive: 3})
		for i := range 5 {
			c.Add(Mention{ID: fmt.Sprint(i), Time: time.Unix(when%(1<<40), 0), Title: title, Text: body + fmt.Sprint(i%2)})
		}
		if c.Live() > 3 {
			t.Fatal(c.Live())
		}
	})
}
