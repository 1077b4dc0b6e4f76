package radar

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"khue/internal/testkit"
	"khue/store"
)

// TestOneRequestAtATime: fifty sources on one host are visited one after another, never two at once.
func TestOneRequestAtATime(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	var now, most, all atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		all.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		p.ServeHTTP(w, req)
	}))
	defer s.Close()
	p.url = s.URL
	const sources = 50
	for i := range sources {
		path := fmt.Sprintf("/%d.rss", i)
		p.add(path, item{fmt.Sprintf("/a/%d", i), fmt.Sprintf("%s, tin %d", waterTitle, i), waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
		if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: s.URL + path}); err != nil {
			t.Fatal(err)
		}
	}
	all.Store(0)
	for _, step := range []func(context.Context) (int, error){r.VisitDue, r.ReadDue} {
		if n, err := step(k.Ctx); n != sources || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if most.Load() != 1 || all.Load() != 2*sources {
		t.Errorf("%d requests, %d at once", all.Load(), most.Load())
	}
}

// TestThousandEntries: a feed of a thousand entries is taken whole, once; a second visit brings nothing.
func TestThousandEntries(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p, r := newPress(t), room(t, k)
		const entries = 1000
		var items []item
		for i := range entries {
			items = append(items, item{fmt.Sprintf("/a/%d", i), fmt.Sprintf("Tin thử số %d của phường Mẫu", i), "", "Mon, 09 Nov 2026 07:30:00 +0700"})
		}
		p.add("/a.rss", items...)
		s, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := r.VisitDue(k.Ctx); err != nil {
				t.Fatal(err)
			}
			if news, err := r.News(k.Ctx, analyst, s.ID, 2*entries); err != nil || len(news) != entries {
				t.Fatalf("%d mentions, %v", len(news), err)
			}
			k.Clock.Add(24 * time.Hour)
			p.mu.Lock()
			p.items["/a.rss"][0].title += ", sửa"
			p.items["/a.rss"] = append(p.items["/a.rss"], item{"/a/0", "Tin thử số 0 của phường Mẫu", "", "Mon, 09 Nov 2026 07:30:00 +0700"}) // the ETag changes, nothing is new
			p.mu.Unlock()
		}
		if _, err := r.VisitDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
		news, err := r.News(k.Ctx, analyst, s.ID, 2*entries)
		if err != nil || len(news) != entries {
			t.Fatalf("%d mentions, %v", len(news), err)
		}
	})
}

// TestSilentFeed: a feed that never held anything is told as a fault; one that did may be silent.
func TestSilentFeed(t *testing.T) {
	k := testkit.SQLite(t)
	p, r := newPress(t), room(t, k)
	p.add("/a.rss")
	p.mu.Lock()
	p.items["/a.rss"] = []item{}
	p.mu.Unlock()
	s, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + "/a.rss"})
	if err != nil {
		t.Fatal(err)
	}
	look := func() Source {
		t.Helper()
		k.Clock.Add(48 * time.Hour)
		if _, err := r.VisitDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
		got, err := r.Source(k.Ctx, analyst, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := look(); got.Fault != noItems || got.Next.Sub(k.Clock.Now()) > emptyEvery {
		t.Errorf("never anything: %q, next in %s", got.Fault, got.Next.Sub(k.Clock.Now()))
	}
	p.add("/a.rss", item{"/a/1", waterTitle, waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
	if got := look(); got.Fault != "" {
		t.Errorf("with an entry: %q", got.Fault)
	}
	p.mu.Lock()
	p.items["/a.rss"] = []item{}
	p.mu.Unlock()
	if got := look(); got.Fault != "" {
		t.Errorf("silent for once: %q", got.Fault)
	}
}

// TestBurstOnce: a story that many sources tell within an hour is raised once, whatever restarts come between and however often
// the same mentions are read again; both engines and both ways give the same signals.
func TestBurstOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var first []Signal
		for way := range 2 {
			if way == 1 { // forget everything that was grouped, keep the mentions: the replay must say the same
				err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
					for _, q := range []string{`DELETE FROM signal`, `DELETE FROM story`, `DELETE FROM radar_state`, `UPDATE mention SET story = '', copy_of = ''`} {
						if _, err := tx.Exec(ctx, q); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			} else {
				burst(t, k)
			}
			for range 3 { // each time another room, which begins with what was kept
				r := room(t, k)
				for {
					n, err := r.GroupReady(k.Ctx)
					if err != nil {
						t.Fatal(err)
					}
					if n == 0 {
						break
					}
				}
				if err := r.Keep(k.Ctx); err != nil {
					t.Fatal(err)
				}
			}
			r := room(t, k)
			raised, err := r.RaisedSince(k.Ctx, analyst, time.Time{}, 10)
			if err != nil || len(raised) != 1 || raised[0].Reasons[0].With["sources"].(float64) < 5 || raised[0].Of.Mentions < 8 {
				t.Fatalf("%+v %v", raised, err)
			}
			signals, err := r.SignalsOf(k.Ctx, analyst, raised[0].Story, 10)
			if err != nil || len(signals) != 1 {
				t.Fatalf("%+v %v", signals, err)
			}
			if way == 0 {
				first = signals
			} else if !reflect.DeepEqual(first[0], signals[0]) {
				t.Errorf("the replay says\n%+v, before\n%+v", signals[0], first[0])
			}
		}
	})
}

// said are parts of a matter that one source found out and no other.
var said = []string{
	"Chị bán bún kể mùi khét như nhựa cháy bay từ phía hồ", "Bảo vệ kho hàng thấy khói mỏng dưới đèn đường lúc xẩm tối", "Ban quản trị tòa nhà đóng quạt gió tầng hầm và xem tủ điện",
	"Người chạy xe ôm đi ba vòng chưa tìm ra chỗ cháy", "Cô giáo mầm non đóng cửa sổ cho trẻ vào lớp sớm", "Trạm y tế khám bốn người đau đầu rồi cho về",
	"Đội chữa cháy nhận hai cuộc gọi và cử người đi xem", "Kỹ sư môi trường đoán cao su âm ỉ ở bãi đất trống", "Nhóm khu phố ghi giờ và hướng gió được mười chín dòng",
	"Chủ xưởng tái chế mời phường vào xem lò nguội", "Trạm đo ghi bụi mịn tăng gấp rưỡi trong một giờ", "Lái xe buýt phải đóng kính vì khách kêu khó thở",
}

// burst lets twelve sources tell one matter within half an hour, each in its own words, on a day on which others tell this and that.
func burst(t *testing.T, k *testkit.Kit) {
	t.Helper()
	p, r := newPress(t), room(t, k)
	for i, own := range said {
		path := fmt.Sprintf("/%d.rss", i)
		p.add(path, item{fmt.Sprintf("/a/%d", i), "Mùi khét lạ quanh đường Minh Họa", own + ". Chiều tối nhiều người sống quanh đường Minh Họa ngửi thấy mùi khét lạ.", fmt.Sprintf("Mon, 09 Nov 2026 07:%02d:00 +0700", 10+2*i)})
		if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + path}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []func(context.Context) (int, error){r.VisitDue, func(ctx context.Context) (int, error) { return r.readDue(ctx, 1) }} {
		if _, err := step(k.Ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRunTwice: Run is started and stopped twice, with work under way, and leaves nothing behind.
func TestRunTwice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p, r := newPress(t), room(t, k)
		for i := range 5 {
			path := fmt.Sprintf("/%d.rss", i)
			p.add(path, item{fmt.Sprintf("/a/%d", i), fmt.Sprintf("%s, tin %d", waterTitle, i), waterText, "Mon, 09 Nov 2026 07:30:00 +0700"})
			if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: p.url + path}); err != nil {
				t.Fatal(err)
			}
		}
		before := goleak.IgnoreCurrent()
		for range 2 {
			ctx, stop := context.WithCancel(k.Ctx)
			heard := make(chan struct{}, 100)
			r.OnChange(func() { heard <- struct{}{} })
			done := make(chan error, 1)
			go func() { done <- r.Run(ctx) }()
			<-heard
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
			p.add("/0.rss", item{fmt.Sprintf("/more/%d", len(p.items["/0.rss"])), waterTitle + " lần nữa", waterText, "Mon, 09 Nov 2026 07:55:00 +0700"})
			k.Clock.Add(7 * time.Hour)
		}
		goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
			goleak.IgnoreAnyFunction("net/http.(*conn).serve"), goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"), goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
	})
}
