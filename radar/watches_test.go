package radar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/fetch"
	"khue/radar/watch"
	"khue/store"
)

// watchedNews is a mention that is ready to be grouped.
type watchedNews struct{ title, text string }

// ready puts mentions into the database as visits would, seen at a moment.
func ready(t testing.TB, k *testkit.Kit, at time.Time, list ...watchedNews) {
	t.Helper()
	err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, m := range list {
			var n int64
			if err := tx.QueryRow(ctx, sqlNextReady).Scan(&n); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlInsertMention, fmt.Sprintf("m%d", n), "nguon", fmt.Sprintf("https://bao.example/%d", n), m.title, m.text, "vi", store.Micros(at), 0, store.Micros(at), n, kindArticle, store.Micros(at), ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func group1(t *testing.T, k *testkit.Kit, r *Room) {
	t.Helper()
	if _, err := r.GroupReady(k.Ctx); err != nil {
		t.Fatal(err)
	}
}

func hitsOf(t *testing.T, k *testkit.Kit, r *Room, id string) []string {
	t.Helper()
	_, hits, err := r.Watch(k.Ctx, analyst, id, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, h := range hits {
		list = append(list, h.ID)
	}
	slices.Reverse(list)
	return list
}

func marked(list []Piece) string {
	var b strings.Builder
	for _, p := range list {
		if p.Said {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// TestWatch makes, changes and ends a watch: who may, what is wrong with it in words, what it finds meanwhile and not before or after,
// and what the ledger says.
func TestWatch(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		ready(t, k, k.Clock.Now(), watchedNews{"Cháy chợ Bến Gạo lúc rạng sáng", "Lửa bắt đầu từ một quầy vải."})
		group1(t, k, r)
		in := WatchInput{Query: "chay cho", Why: "Ban quản lý chợ hỏi mỗi sáng"}
		if _, _, err := r.AddWatch(k.Ctx, stranger, in); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a head of an office: %v", err)
		}
		if _, _, err := r.AddWatch(k.Ctx, approver, in); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("who only reads: %v", err)
		}
		for field, wrong := range map[string]WatchInput{
			"query": {Query: "cháy (chợ", Why: "vì"}, "why": {Query: "cháy", Why: " "}, "webhook": {Query: "cháy", Why: "vì", Webhook: "ftp://a.example/"}, "pace": {Query: "cháy", Why: "vì", Pace: "never"},
		} {
			_, _, err := r.AddWatch(k.Ctx, analyst, wrong)
			if !errors.Is(err, problem.Of(field, map[bool]problem.Code{true: problem.Required, false: problem.Invalid}[field == "why"])) {
				t.Errorf("%s: %v", field, err)
			}
		}
		w, secret, err := r.AddWatch(k.Ctx, analyst, in)
		if err != nil || secret != "" || w.Pace != AtOnce || w.MadeBy != analyst.ID || w.Owner != analyst.ID {
			t.Fatalf("%+v %q %v", w, secret, err)
		}
		ready(t, k, k.Clock.Now(), watchedNews{"Tiểu thương chợ Bến Gạo dọn lại quầy", "Sau vụ cháy\tchợ hôm qua, mọi người quay lại."}, watchedNews{"Mưa lớn cuối tuần", "Không liên quan."}, watchedNews{"CHÁY CHỢ: ba quầy bị hư", ""})
		group1(t, k, r)
		if got := hitsOf(t, k, r, w.ID); !slices.Equal(got, []string{"m2", "m4"}) {
			t.Fatal(got)
		}
		_, hits, err := r.Watch(k.Ctx, approver, w.ID, 1, 4)
		if err != nil || len(hits) != 1 || marked(hits[0].Marked) != "Tiểu thương chợ Bến Gạo dọn lại quầy" || marked(hits[0].Part) != "Sau vụ [cháy\tchợ] hôm qua, mọi người quay lại." {
			t.Errorf("%+v %v", hits, err)
		}
		// After a start from the kept state the same mentions are read again: nothing is found twice, nor by what came later.
		r.group = nil
		group1(t, k, r)
		change := WatchInput{ID: w.ID, Version: 1, Query: `"cháy chợ" KHÔNG diễn tập`, Why: in.Why, Pace: Daily}
		if _, _, err := r.ChangeWatch(k.Ctx, approver, change); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("who only reads: %v", err)
		}
		if w, _, err = r.ChangeWatch(k.Ctx, analyst, change); err != nil || w.Version != 2 || w.Pace != Daily {
			t.Fatalf("%+v %v", w, err)
		}
		if _, _, err := r.ChangeWatch(k.Ctx, analyst, change); problem.CodeOf(err) != problem.Conflict {
			t.Errorf("a stale version: %v", err)
		}
		ready(t, k, k.Clock.Now(), watchedNews{"Diễn tập chữa cháy chợ", ""}, watchedNews{"Lại cháy chợ", ""})
		group1(t, k, r)
		if got := hitsOf(t, k, r, w.ID); !slices.Equal(got, []string{"m2", "m4", "m6"}) {
			t.Fatal(got)
		}
		if _, err := r.EndWatch(k.Ctx, stranger, w.ID); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a head of an office ends it: %v", err)
		}
		if w, err = r.EndWatch(k.Ctx, analysing, w.ID); err != nil || w.State != WatchEnded || w.EndedBy != analysing.ID {
			t.Fatalf("%+v %v", w, err)
		}
		if _, err := r.EndWatch(k.Ctx, analyst, w.ID); problem.CodeOf(err) != problem.State {
			t.Errorf("an ended one ends again: %v", err)
		}
		ready(t, k, k.Clock.Now(), watchedNews{"Cháy chợ nữa", ""})
		group1(t, k, r)
		list, err := r.Watches(k.Ctx, approver)
		if err != nil || len(list) != 1 || list[0].Day != 3 || list[0].Week != 3 || list[0].State != WatchEnded {
			t.Errorf("%+v %v", list, err)
		}
		if kinds := k.Kinds(t); !slices.Equal(kinds, []string{entryWatchAdded, entryWatchChanged, entryWatchEnded}) {
			t.Errorf("the ledger has %v", kinds)
		}
		for _, rec := range k.Records(t) {
			var body map[string]any
			if err := rec.Decode(&body); err != nil || rec.Public || strings.Contains(fmt.Sprint(body), "chợ") || body["owner"] != analyst.ID {
				t.Errorf("%s: public %v, %v, %v", rec.Kind, rec.Public, body, err)
			}
		}
	})
}

// TestTry tells what a query would have found, within its bounds.
func TestTry(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		now := k.Clock.Now()
		ready(t, k, now.AddDate(0, 0, -31), watchedNews{"Ngập phố Mẫu năm ngoái", ""})
		for day := 20; day > 0; day-- {
			at := now.AddDate(0, 0, -day)
			ready(t, k, at, watchedNews{"Tin thường ngày", "Ngoài phố không có gì."}, watchedNews{"Phố Mẫu ngập", "Nước rút sau một giờ."})
			if day == 5 {
				ready(t, k, at, watchedNews{"Ngập sâu ở phố Mẫu", ""}, watchedNews{"Lại ngập phố Mẫu", ""})
			}
		}
		if _, err := r.TryWatch(k.Ctx, approver, "ngap"); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("who only reads: %v", err)
		}
		if _, err := r.TryWatch(k.Ctx, analyst, "ngap GẦN pho"); !errors.Is(err, problem.Of("query", problem.Invalid)) {
			t.Errorf("a fault: %v", err)
		}
		got, err := r.TryWatch(k.Ctx, analyst, "ngap GẦN/3 pho mau")
		if err != nil || got.Total != 22 || got.Read != 42 || !got.Whole || got.PerDay != 1.1 || got.Busiest != 3 || !got.Day.Equal(dayOf(now.AddDate(0, 0, -5))) || len(got.Hits) != trialHits {
			t.Fatalf("%+v %v", got, err)
		}
		if h := got.Hits[0]; !h.At.Equal(now.AddDate(0, 0, -1)) || marked(h.Marked) != "[Phố Mẫu] [ngập]" || h.Part != nil {
			t.Errorf("%+v", h)
		}
		for i := range 3 * trialBatch {
			ready(t, k, now, watchedNews{fmt.Sprintf("Ngập phố %d", i), ""})
		}
		q, bad := parseWatch("ngap")
		if bad != nil {
			t.Fatal(bad)
		}
		got, err = r.try(k.Ctx, watch.Compile([]*watch.Query{q}), 2*trialBatch)
		if err != nil || got.Whole || got.Read != 2*trialBatch || got.Total != got.Read || got.PerDay != float64(got.Total) {
			t.Errorf("of more than may be read: %d of %d, %v a day, whole %v, %v", got.Total, got.Read, got.PerDay, got.Whole, err)
		}
	})
}

// ear is a webhook's server.
type ear struct {
	mu     sync.Mutex
	bodies [][]byte
	signs  []string
	status int
}

func (e *ear) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	e.bodies, e.signs = append(e.bodies, body), append(e.signs, r.Header.Get(SignatureHeader))
	w.WriteHeader(e.status)
}

func (e *ear) say(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

func (e *ear) heard() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.bodies)
}

// TestWebhook tells a webhook, signed, once; tries again later when it fails, and stops when it fails again and again.
func TestWebhook(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		r.origin = "https://khue.example"
		e := &ear{status: 204}
		srv := httptest.NewServer(e)
		t.Cleanup(srv.Close)
		step := func() {
			t.Helper()
			if _, err := r.HookDue(k.Ctx); err != nil {
				t.Fatal(err)
			}
		}
		w, secret, err := r.AddWatch(k.Ctx, analyst, WatchInput{Query: "ngập", Why: "Trực thoát nước", Webhook: srv.URL + "/khue"})
		if err != nil || len(secret) < 20 {
			t.Fatal(secret, err)
		}
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập phố Mẫu", "Đường ngập nửa mét."})
		group1(t, k, r)
		select {
		case <-r.Hits():
		default:
			t.Error("nobody was woken")
		}
		step()
		step()
		if e.heard() != 1 {
			t.Fatalf("told %d times", e.heard())
		}
		if want := Sign(secret, k.Clock.Now(), e.bodies[0]); e.signs[0] != want {
			t.Errorf("signed %s, want %s", e.signs[0], want)
		}
		var b hookBody
		if err := json.Unmarshal(e.bodies[0], &b); err != nil || b.Watch.URL != "https://khue.example/desk/watches/"+w.ID || len(b.Hits) != 1 || b.Hits[0].Title != "Ngập phố Mẫu" ||
			b.Hits[0].Excerpt != "Đường ngập nửa mét." || len(b.Hits[0].Places) != 2 || b.Hits[0].Places[1] != (hookPlace{"text", 10, 16}) {
			t.Errorf("%s %v", e.bodies[0], err)
		}
		e.say(500)
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập nữa", ""})
		group1(t, k, r)
		step()
		step()
		if e.heard() != 2 {
			t.Errorf("told again before its time: %d", e.heard())
		}
		e.say(200)
		k.Clock.Add(hookFirst)
		step()
		if w, _, err = r.Watch(k.Ctx, analyst, w.ID, 1, 0); err != nil || e.heard() != 3 || w.HookFailures != 0 || w.HookFault != "" || !w.PostedAt.Equal(k.Clock.Now()) {
			t.Errorf("told %d times: %+v %v", e.heard(), w, err)
		}
		e.say(500)
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập thêm", ""})
		group1(t, k, r)
		for range hookTries + 3 {
			step()
			k.Clock.Add(hookLongest)
		}
		if w, _, err = r.Watch(k.Ctx, analyst, w.ID, 1, 0); err != nil || !w.HookOff || w.HookFailures != hookTries || w.HookFault != fetch.Status || w.HookStatus != 500 || e.heard() != 3+hookTries {
			t.Fatalf("%d %+v %v", e.heard(), w, err)
		}
		if kinds := k.Kinds(t); !slices.Equal(kinds, []string{entryWatchAdded, EntryWebhookStopped}) {
			t.Errorf("the ledger has %v", kinds)
		}
		// Saved anew it is tried again, with what comes from now on and the same secret.
		e.say(200)
		if w, again, err := r.ChangeWatch(k.Ctx, analyst, WatchInput{ID: w.ID, Version: w.Version, Query: w.Query, Why: w.Why, Webhook: w.Webhook}); err != nil || again != "" || w.HookOff {
			t.Fatalf("%+v %q %v", w, again, err)
		}
		step()
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập hôm nay", ""})
		group1(t, k, r)
		step()
		if err := json.Unmarshal(e.bodies[len(e.bodies)-1], &b); err != nil || e.heard() != 4+hookTries || len(b.Hits) != 1 || b.Hits[0].Title != "Ngập hôm nay" || e.signs[len(e.signs)-1] != Sign(secret, k.Clock.Now(), e.bodies[len(e.bodies)-1]) {
			t.Errorf("%d %+v %v", e.heard(), b, err)
		}
		// Gone is gone.
		e.say(410)
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập tối nay", ""})
		group1(t, k, r)
		step()
		if w, _, err = r.Watch(k.Ctx, analyst, w.ID, 1, 0); err != nil || !w.HookOff || w.HookFailures != 1 {
			t.Errorf("%+v %v", w, err)
		}
		// An owner who may not see stories any more is told nothing.
		n := e.heard()
		if w, _, err = r.ChangeWatch(k.Ctx, analyst, WatchInput{ID: w.ID, Version: w.Version, Query: w.Query, Why: w.Why, Webhook: srv.URL + "/new"}); err != nil {
			t.Fatal(err)
		}
		r.reads = func(context.Context, string) bool { return false }
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập đêm nay", ""})
		group1(t, k, r)
		step()
		if w, _, err = r.Watch(k.Ctx, analyst, w.ID, 1, 0); err != nil || !w.HookOff || w.HookFault != hookNoOwner || e.heard() != n {
			t.Errorf("%+v %v", w, err)
		}
	})
}

// TestLetters gathers what is to be told to a person: at once, by the hour and by the day, and not too often.
func TestLetters(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		add := func(in WatchInput) Watch {
			t.Helper()
			in.Why = "vì"
			w, _, err := r.AddWatch(k.Ctx, analyst, in)
			if err != nil {
				t.Fatal(err)
			}
			return w
		}
		now := add(WatchInput{Query: "ngập", Mail: true})
		hour := add(WatchInput{Query: "phố Mẫu", Mail: true, Pace: Hourly})
		day := add(WatchInput{Query: "mẫu", Pace: Daily})
		tell := func() (said []string) {
			t.Helper()
			letters, err := r.DueWatchLetters(k.Ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range letters {
				for _, p := range l.Parts {
					said = append(said, fmt.Sprintf("%s %d/%d %v", map[string]string{now.ID: "now", hour.ID: "hour", day.ID: "day"}[p.Watch.ID], len(p.Hits), p.Count, l.Mail))
				}
				note := func(ctx context.Context, tx *store.Tx) error { return r.NoteTold(ctx, tx, l) }
				if err := k.DB.Write(k.Ctx, note); err != nil {
					t.Fatal(err)
				}
				if err := k.DB.Write(k.Ctx, note); !errors.Is(err, ErrTold) {
					t.Errorf("told twice: %v", err)
				}
			}
			slices.Sort(said)
			return said
		}
		want := func(what string, list ...string) {
			t.Helper()
			if got := tell(); !slices.Equal(got, list) {
				t.Errorf("%s: %q, want %q", what, got, list)
			}
		}
		speak := func(n int) {
			t.Helper()
			for range n {
				ready(t, k, k.Clock.Now(), watchedNews{"Ngập phố Mẫu", ""})
			}
			group1(t, k, r)
		}
		k.Clock.Add(20 * time.Minute) // 08:20
		speak(1)
		want("at once", "now 1/1 true")
		want("nothing new")
		k.Clock.Add(40 * time.Minute) // 09:00
		want("on the hour nothing has waited since before", "hour 1/1 true")
		for i := range lettersAnHour - 1 {
			k.Clock.Add(time.Minute)
			speak(1)
			if i < lettersAnHour-2 {
				want("at once", "now 1/1 true")
			}
		}
		want("too often")
		k.Clock.Add(25 * time.Minute) // the first letter's hour is over
		speak(letterHits)
		want("what waited comes together", fmt.Sprintf("now %d/%d true", letterHits, letterHits+1))
		k.Clock.Set(testkit.Start.Add(22*time.Hour + 59*time.Minute)) // 06:59
		want("the hour's", fmt.Sprintf("hour %d/%d true", letterHits, letterHits+lettersAnHour-1))
		k.Clock.Add(time.Minute)
		want("the day's", fmt.Sprintf("day %d/%d false", letterHits, letterHits+lettersAnHour))
		speak(1)
		r.reads = func(context.Context, string) bool { return false }
		letters, err := r.DueWatchLetters(k.Ctx)
		if err != nil || len(letters) != 1 || !letters[0].Lost {
			t.Errorf("%+v %v", letters, err)
		}
		// Who takes a watch over is told of what comes from then on.
		if w, _, err := r.ChangeWatch(k.Ctx, analysing, WatchInput{ID: now.ID, Version: 1, Query: now.Query, Why: "vì", Mail: true, Take: true}); err != nil || w.Owner != analysing.ID || w.MadeBy != analyst.ID {
			t.Errorf("%+v %v", w, err)
		}
		want("nothing for the new owner yet")
	})
}

// TestForgetHits keeps what was found for ninety days.
func TestForgetHits(t *testing.T) {
	k := testkit.SQLite(t)
	r := room(t, k)
	w, _, err := r.AddWatch(k.Ctx, analyst, WatchInput{Query: "ngập", Why: "vì"})
	if err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{0, 50, 41} {
		k.Clock.Set(k.Clock.Now().AddDate(0, 0, days))
		ready(t, k, k.Clock.Now(), watchedNews{"Ngập phố Mẫu", ""})
		group1(t, k, r)
		if _, err := r.HookDue(k.Ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := hitsOf(t, k, r, w.ID); !slices.Equal(got, []string{"m2", "m3"}) {
		t.Error(got)
	}
}
