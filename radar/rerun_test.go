package radar

import (
	"fmt"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/radar/warn"
	"khue/regulation"
)

// smellWords are what eight outlets tell of one smell, each in words of its own: copies are no voices.
var smellWords = []string{
	"Chị bán bún ở ngã tư Thử Nghiệm kể mùi khét nồng như nhựa cháy, bay theo gió từ phía hồ, khách phải bịt khăn ngồi ăn.",
	"Một bảo vệ kho hàng trên đường Thử Nghiệm cho biết mùi khét đậm nhất lúc xẩm tối, đèn đường vàng đục vì khói mỏng.",
	"Ban quản trị tòa nhà mười tám tầng ở Thử Nghiệm đã đóng quạt gió tầng hầm và xem lại tủ điện, không thấy mùi khét trong phòng.",
	"Người chạy xe ôm đi vòng quanh khu Thử Nghiệm ba lượt vẫn chưa tìm ra nơi bốc mùi khét, chỉ thấy bãi đất trống có vệt tro.",
	"Cô giáo mầm non ở ngõ Thử Nghiệm cho trẻ vào lớp sớm, đóng cửa sổ và đợi mùi khét tan mới cho ra sân.",
	"Bác sĩ ở trạm y tế cạnh đường Thử Nghiệm khám cho bốn người đau đầu vì hít mùi khét, đều về nhà trong buổi.",
	"Đội chữa cháy khu vực nói có nhận hai cuộc gọi về mùi khét quanh Thử Nghiệm và cử người đi xem.",
	"Một kỹ sư môi trường giải thích mùi khét ở Thử Nghiệm giống cao su âm ỉ, cần đo mới biết có hại hay không.",
}

// heardCity lets eight made-up outlets tell of a smell within an hour, and two of a library, and groups what they say.
func heardCity(t *testing.T, k *testkit.Kit, r *Room) {
	t.Helper()
	p := newPress(t)
	for i := range 8 {
		at := k.Clock.Now().Add(-time.Duration(70-7*i) * time.Minute)
		title := []string{"Mùi khét lạ quanh đường Thử Nghiệm", "Người Thử Nghiệm hỏi nhau mùi khét từ đâu", "Đi tìm mùi khét ở Thử Nghiệm"}[i%3]
		items := []item{{fmt.Sprintf("/%d/khet", i), title, "Chiều tối qua nhiều người sống quanh đường Thử Nghiệm ngửi thấy mùi khét lạ.\n" + smellWords[i], at.Format(time.RFC1123Z)}}
		if i < 2 {
			items = append(items, item{fmt.Sprintf("/%d/sach", i), "Thư viện ngoài trời ở trường Giả Định", schoolText + fmt.Sprintf("\nLớp %d góp thêm %d cuốn.", i+1, 5*i+3), at.Format(time.RFC1123Z)})
		}
		p.add(fmt.Sprintf("/%d.rss", i), items...)
		if _, err := r.AddSource(k.Ctx, analyst, AddSourceInput{Address: fmt.Sprintf("%s/%d.rss", p.url, i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Step(k.Ctx); err != nil {
		t.Fatal(err)
	}
}

func TestRerun(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		heardCity(t, k, r)
		q := RerunQuery{From: k.Clock.Now().Add(-24 * time.Hour), To: k.Clock.Now()}
		same, err := r.Rerun(k.Ctx, analyst, q)
		if err != nil || same.Mentions != 10 || same.Then != 2 || same.Now != 2 || same.Precision != 1 || same.Recall != 1 || len(same.Split)+len(same.Joined) != 0 {
			t.Fatalf("with the settings of then: %+v, %v", same, err)
		}
		if same.OnlyThen != 0 || same.OnlyNow != 0 || same.Both == 0 {
			t.Errorf("with the settings of then: %+v", same.Signals)
		}
		// Nothing was written.
		if page, err := r.Stories(k.Ctx, analyst, 1, 10, StoryCursor{}); err != nil || len(page.Stories) != 2 {
			t.Errorf("%d stories, %v", len(page.Stories), err)
		}
		// A detector that wants more does not raise what was raised.
		deaf := q
		deaf.Raise = 90
		less, err := r.Rerun(k.Ctx, analyst, deaf)
		if err != nil || less.Recall != 1 {
			t.Fatalf("%+v, %v", less, err)
		}
		bursts := func(x Rerun) (then, now int) {
			for _, s := range x.Signals {
				if s.Kind != warn.Burst {
					continue
				}
				if !s.Then.IsZero() {
					then++
				}
				if !s.Now.IsZero() {
					now++
				}
			}
			return then, now
		}
		if then, now := bursts(less); then != 1 || now != 0 || less.OnlyThen == 0 {
			t.Errorf("a score of 90: %d bursts then, %d now: %+v", then, now, less.Signals)
		}
		if then, now := bursts(same); then != 1 || now != 1 {
			t.Errorf("as it was: %d bursts then, %d now", then, now)
		}
		// A grouping that wants more nearness splits.
		fine := q
		fine.Threshold = 0.9
		split, err := r.Rerun(k.Ctx, analyst, fine)
		if err != nil || split.Now <= split.Then || split.Recall >= 1 || split.Precision != 1 || len(split.Split) == 0 || len(split.Joined) != 0 {
			t.Errorf("a threshold of 0.9: %+v, %v", split, err)
		}
		// What came before its time warms the run up and is not counted.
		late := q
		late.From = k.Clock.Now().Add(-30 * time.Minute)
		warm, err := r.Rerun(k.Ctx, analyst, late)
		if err != nil || warm.Warmed == 0 || warm.Warmed+warm.Mentions != 10 {
			t.Errorf("%+v, %v", warm, err)
		}
		empty, err := r.Rerun(k.Ctx, analyst, RerunQuery{From: q.From.Add(-30 * 24 * time.Hour), To: q.From.Add(-20 * 24 * time.Hour)})
		if err != nil || empty.Mentions != 0 || len(empty.Signals) != 0 {
			t.Errorf("%+v, %v", empty, err)
		}
	})
}

func TestRerunRefuses(t *testing.T) {
	k := testkit.SQLite(t)
	r := room(t, k)
	now := k.Clock.Now()
	day := RerunQuery{From: now.Add(-24 * time.Hour), To: now}
	if _, err := r.Rerun(k.Ctx, testkit.Centre("duty", regulation.DutyOfficer), day); problem.CodeOf(err) != problem.Forbidden {
		t.Errorf("a duty officer: %v", err)
	}
	for _, change := range []func(*RerunQuery){
		func(q *RerunQuery) { q.From = now }, func(q *RerunQuery) { q.Threshold = 2 }, func(q *RerunQuery) { q.HalfDays = 0.01 }, func(q *RerunQuery) { q.Voices = 1 }, func(q *RerunQuery) { q.Raise = -3 },
	} {
		q := day
		change(&q)
		if _, err := r.Rerun(k.Ctx, analyst, q); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
	r.rerunning.Lock()
	defer r.rerunning.Unlock()
	if _, err := r.Rerun(k.Ctx, analyst, day); problem.CodeOf(err) != problem.Rate {
		t.Errorf("a second run: %v", err)
	}
}
