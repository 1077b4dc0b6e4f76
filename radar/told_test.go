package radar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/profile"
	"khue/radar/fetch"
	"khue/regulation"
	"khue/store"
	"khue/text"
)

// knowing gives a room that knows the city.
func knowing(t *testing.T, k *testkit.Kit) *Room {
	t.Helper()
	knows, err := LoadKnowledge(profile.Hanoi())
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{DB: k.DB, Ledger: k.Ledger, Rules: k.Rules, Fetch: fetch.New(fetch.Config{}), Now: k.Clock.Now, Log: k.Log, Knows: knows})
}

// uttered is a mention that a source published a number of minutes after the clock's start.
type uttered struct {
	id      string
	source  string
	minutes int
	title   string
	text    string
}

// say lets mentions be ready in their order, and groups and tells them.
func say(t *testing.T, k *testkit.Kit, r *Room, list ...uttered) {
	t.Helper()
	var all []fresh
	for _, s := range list {
		m := fresh{Mention: Mention{ID: s.id, Source: s.source, URL: "https://bao.example/" + s.id, Title: s.title, Text: s.text, Published: testkit.Start.Add(time.Duration(s.minutes) * time.Minute), Seen: k.Clock.Now()}, whole: true}
		m.Lang = string(text.GuessLanguage(s.title + "\n" + s.text))
		all = append(all, m)
	}
	err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := insertMentions(ctx, tx, all)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	settleAll(t, k, r)
}

func settleAll(t *testing.T, k *testkit.Kit, r *Room) {
	t.Helper()
	for range 100 {
		n, err := r.GroupReady(k.Ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
	t.Fatal("grouping does not end")
}

func storyOf(t *testing.T, k *testkit.Kit, r *Room, mention string) string {
	t.Helper()
	m, err := r.Mention(k.Ctx, mention)
	if err != nil || m.Story == "" {
		t.Fatalf("mention %s: %+v %v", mention, m, err)
	}
	return m.Story
}

// Two matters that a machine takes for one: water in two wards, told in the same words.
var (
	langWater = []uttered{
		{"l1", "a", 0, "Phường Láng ngừng cấp nước hai giờ chiều thứ Năm", "Phường Láng cho biết nước ngừng từ 13 giờ đến 15 giờ thứ Năm để nối đường ống mới ở phố Mẫu.\nXe bồn đứng ở đầu phố Mẫu trong suốt thời gian nối ống."},
		{"l2", "b", 20, "Nối ống phố Mẫu, phường Láng mất nước hai giờ", "Nước ngừng từ 13 giờ đến 15 giờ thứ Năm ở phường Láng do nối đường ống mới ở phố Mẫu.\nUBND phường Láng khuyên các hộ trữ nước trước buổi trưa.\nÔng Nguyễn Văn Mẫu ở tổ 3 nói nhà ông đã trữ đủ nước dùng cả ngày."},
		{"l3", "c", 40, "Phường Láng: nước ngừng hai giờ, có xe bồn ở phố Mẫu", "Phường Láng bố trí xe bồn ở đầu phố Mẫu khi nước ngừng từ 13 giờ đến 15 giờ thứ Năm.\nViệc nối đường ống mới dự kiến xong sớm nửa giờ."},
	}
	schoolNews = []uttered{
		{"s1", "a", 50, "Bốn mươi trường mở thư viện ngoài trời", "Bốn mươi trường tiểu học mở thư viện ngoài trời vào giờ ra chơi.\nHọc sinh tự ghi sổ mượn sách và tự xếp lại giá."},
		{"s2", "b", 60, "Học sinh mượn sách ở thư viện ngoài trời", "Học sinh bốn mươi trường tiểu học mượn sách ở thư viện ngoài trời vào giờ ra chơi.\nSở Giáo dục và Đào tạo khen cách làm của các trường."},
	}
)

func TestTold(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := knowing(t, k)
		say(t, k, r, append(slices.Clone(langWater), schoolNews...)...)
		id := storyOf(t, k, r, "l1")
		if storyOf(t, k, r, "l3") != id || storyOf(t, k, r, "s1") == id || storyOf(t, k, r, "s2") != storyOf(t, k, r, "s1") {
			t.Fatal("grouped otherwise")
		}
		a, err := r.About(k.Ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if a.Topic.Key != "city.water" || a.Topic.By != "" || len(a.Topic.Why) == 0 || a.Topic.P < 0.3 {
			t.Errorf("topic %+v", a.Topic)
		}
		if !slices.Contains(a.Names, Name{"ward", "00199", 3}) || !slices.Contains(a.Names, Name{"office", "00199", 1}) {
			t.Errorf("names %+v", a.Names)
		}
		if len(a.Sentences) == 0 || len(a.Sentences) > 3 || strings.Contains(fmt.Sprint(a.Sentences, a.Terms), "Mẫu ở tổ 3") || strings.Contains(fmt.Sprint(a.Terms, a.Topic.Why, a.Field.Why), "Văn Mẫu") {
			t.Errorf("sentences %q, terms %+v", a.Sentences, a.Terms)
		}
		if len(a.Terms) == 0 {
			t.Error("no terms")
		}
		s, _, err := r.Story(k.Ctx, analyst, id, 1)
		if err != nil || !slices.ContainsFunc(langWater, func(m uttered) bool { return m.title == s.Headline }) {
			t.Errorf("headline %q %v", s.Headline, err)
		}
		for _, f := range []struct {
			StoryFilter
			n int
		}{
			{StoryFilter{Topic: "city"}, 1},
			{StoryFilter{Topic: "city.water"}, 1},
			{StoryFilter{Topic: "education"}, 1},
			{StoryFilter{Ward: "00199"}, 1},
			{StoryFilter{Ward: "00004"}, 0},
			{StoryFilter{Office: "SGDĐT"}, 1},
			{StoryFilter{Topic: "city", Office: "SGDĐT"}, 0},
			{StoryFilter{Followed: true}, 0},
			{StoryFilter{}, 2},
		} {
			f.AtLeast = 1
			page, err := r.StoriesOf(k.Ctx, analyst, f.StoryFilter, 10, StoryCursor{})
			if err != nil || len(page.Stories) != f.n {
				t.Errorf("%+v: %d stories, %v", f.StoryFilter, len(page.Stories), err)
			}
		}
		// It is told again only when it has grown by half.
		k.Clock.Add(time.Hour)
		say(t, k, r, uttered{"l4", "d", 55, "Phường Láng nối ống phố Mẫu", "Nước ngừng từ 13 giờ đến 15 giờ thứ Năm ở phường Láng.\nXe bồn đứng ở đầu phố Mẫu."})
		if b, _ := r.About(k.Ctx, id); b.Mentions != 3 || !b.At.Equal(a.At) {
			t.Errorf("told again at %d mentions", b.Mentions)
		}
		say(t, k, r, uttered{"l5", "e", 58, "Nước ngừng hai giờ ở phường Láng vì nối ống", "Phường Láng nối đường ống mới ở phố Mẫu, nước ngừng từ 13 giờ đến 15 giờ thứ Năm."})
		if b, _ := r.About(k.Ctx, id); b.Mentions != 5 || b.At.Equal(a.At) {
			t.Errorf("not told again: %d mentions", b.Mentions)
		}
		// A second room over the same data tells the same.
		again, err := knowing(t, k).About(k.Ctx, id)
		if b, _ := r.About(k.Ctx, id); err != nil || fmt.Sprint(again) != fmt.Sprint(b) {
			t.Errorf("%v\n%v\n%v", again, b, err)
		}
	})
}

func TestSplitByHandIsKept(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := knowing(t, k)
		say(t, k, r, langWater...)
		kim := strings.NewReplacer("phường Láng", "phường Kim Liên", "Phường Láng", "Phường Kim Liên", "phố Mẫu", "phố Thử", "13 giờ", "9 giờ", "15 giờ", "11 giờ")
		kl := func(id string, minutes, of int) uttered {
			m := langWater[of]
			return uttered{id, "k" + id, minutes, kim.Replace(m.title), kim.Replace(m.text)}
		}
		near := func(id string, minutes int) uttered {
			m := kl(id, minutes, 0)
			m.text += "\nTin " + id + "."
			return m
		}
		say(t, k, r, kl("k1", 70, 0), kl("k2", 80, 1))
		old := storyOf(t, k, r, "l1")
		if storyOf(t, k, r, "k1") != old || storyOf(t, k, r, "k2") != old {
			t.Skip("the machine tells the two matters apart by itself")
		}
		duty := testkit.Centre("duty", regulation.DutyOfficer)
		if _, err := r.Split(k.Ctx, duty, old, []string{"k1"}, ""); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a duty officer splits: %v", err)
		}
		for _, bad := range [][]string{nil, {"none"}, {"l1", "l2", "l3", "k1", "k2"}} {
			if _, err := r.Split(k.Ctx, analyst, old, bad, ""); problem.CodeOf(err) != problem.Invalid {
				t.Errorf("split %v: %v", bad, err)
			}
		}
		made, err := r.Split(k.Ctx, analyst, old, []string{"k1", "k2"}, "Hai phường khác nhau")
		if err != nil || made.Mentions != 2 || made.ID == old || !strings.HasPrefix(made.ID, "h") {
			t.Fatalf("%+v %v", made, err)
		}
		settleAll(t, k, r)
		// What comes now goes where a person put its like, and the machine does not merge the two again.
		more := []uttered{near("k3", 90), {"l4", "d", 95, langWater[0].title, langWater[0].text + "\nPhường Láng hẹn báo lại khi xong."}}
		for i := range 6 { // near to both, again and again
			more = append(more, uttered{fmt.Sprintf("b%d", i), fmt.Sprintf("z%d", i), 100 + i, "Phường Láng, phường Kim Liên ngừng nước hai giờ thứ Năm", langWater[1].text + "\n" + kim.Replace(langWater[1].text) + fmt.Sprintf("\nTin thứ %d.", i)})
		}
		say(t, k, r, more...)
		check := func(r *Room, when string) {
			t.Helper()
			if a, b := storyOf(t, k, r, "k3"), storyOf(t, k, r, "l4"); a != made.ID || b != old {
				t.Errorf("%s: k3 in %s, l4 in %s, want %s and %s", when, a, b, made.ID, old)
			}
			for _, id := range []string{old, made.ID} {
				if s, err := resolve(k.Ctx, k.DB, id); err != nil || s.ID != id {
					t.Errorf("%s: %s became part of %s, %v", when, id, s.ID, err)
				}
			}
		}
		check(r, "at once")
		// A program that starts anew, with a kept state from before the split or none, decides the same.
		anew := knowing(t, k)
		say(t, k, anew, near("k4", 130))
		if got := storyOf(t, k, anew, "k4"); got != made.ID {
			t.Errorf("after a start without a kept state: %s", got)
		}
		if err := anew.Keep(k.Ctx); err != nil {
			t.Fatal(err)
		}
		kept := knowing(t, k)
		say(t, k, kept, near("k5", 140))
		if got := storyOf(t, k, kept, "k5"); got != made.ID {
			t.Errorf("after a start with a kept state: %s", got)
		}
		check(kept, "after a start")
		events, err := kept.History(k.Ctx, old)
		if err != nil || len(events) != 1 || events[0].Kind != EventSplit || events[0].By != analyst.ID || events[0].Other != made.ID || events[0].Words != "Hai phường khác nhau" {
			t.Errorf("%+v %v", events, err)
		}
		// Merged again by hand: the older one remains, and takes what comes.
		into, err := kept.Merge(k.Ctx, analyst, made.ID, old, "Cùng một đợt nối ống")
		if err != nil || into.ID != old {
			t.Fatalf("%+v %v", into, err)
		}
		say(t, k, kept, near("k6", 150))
		if got := storyOf(t, k, kept, "k6"); got != old {
			t.Errorf("after merging: %s", got)
		}
		s, _, err := kept.Story(k.Ctx, analyst, made.ID, 1)
		if err != nil || s.ID != old || s.Mentions != len(langWater)+2+len(more)+3 {
			t.Errorf("%+v %v", s, err)
		}
	})
}

// TestHandMeetsGrouping: an act that comes while a batch is being decided makes the batch be decided again.
func TestHandMeetsGrouping(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := knowing(t, k)
		say(t, k, r, append(slices.Clone(langWater), schoolNews...)...)
		water, school := storyOf(t, k, r, "l1"), storyOf(t, k, r, "s1")
		g := r.group
		m := Mention{ID: "l9", Source: "f", Title: langWater[0].title, Text: langWater[0].text + "\nThêm một câu.", Published: testkit.Start.Add(time.Hour), Lang: "vi"}
		out := decided{from: g.assigned, position: g.position + 1}
		g.decide(&out, g.position+1, m)
		if _, err := r.Merge(k.Ctx, analyst, school, water, ""); err != nil {
			t.Fatal(err)
		}
		if err := r.write(k.Ctx, out); !errors.Is(err, errHanded) {
			t.Errorf("written over an act: %v", err)
		}
	})
}

func TestMergeByHand(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := knowing(t, k)
		say(t, k, r, append(slices.Clone(langWater), schoolNews...)...)
		water, school := storyOf(t, k, r, "l1"), storyOf(t, k, r, "s1")
		duty := testkit.Centre("duty", regulation.DutyOfficer)
		for _, id := range []string{school, water} {
			if err := r.Follow(k.Ctx, duty, id, true); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Follow(k.Ctx, duty, school, true); err != nil { // twice changes nothing
			t.Fatal(err)
		}
		if err := r.Note(k.Ctx, duty, school, "Hỏi sở xem có đúng bốn mươi trường."); err != nil {
			t.Fatal(err)
		}
		if err := r.Note(k.Ctx, duty, school, " "); problem.CodeOf(err) != problem.Required {
			t.Errorf("an empty note: %v", err)
		}
		if _, err := r.Merge(k.Ctx, duty, school, water, ""); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a duty officer merges: %v", err)
		}
		if _, err := r.Merge(k.Ctx, analyst, school, school, ""); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("with itself: %v", err)
		}
		if _, err := r.Merge(k.Ctx, analyst, school, "none", ""); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("with none: %v", err)
		}
		into, err := r.Merge(k.Ctx, analyst, school, water, "Thử")
		if err != nil || into.ID != water {
			t.Fatalf("%+v %v", into, err)
		}
		settleAll(t, k, r)
		list, err := r.Followers(k.Ctx, water)
		if err != nil || !slices.Equal(list, []string{duty.ID}) {
			t.Errorf("followers %v %v", list, err)
		}
		var kinds []string
		events, err := r.History(k.Ctx, water)
		for _, e := range events {
			kinds = append(kinds, string(e.Kind))
		}
		slices.Sort(kinds)
		if err != nil || !slices.Equal(kinds, []string{"followed", "followed", "merged", "note"}) {
			t.Errorf("%v %v", kinds, err)
		}
		if a, err := r.About(k.Ctx, water); err != nil || a.Mentions != 5 {
			t.Errorf("told at %d, %v", a.Mentions, err)
		}
		parts, err := r.Parts(k.Ctx, water)
		if err != nil || !slices.Equal(parts, []string{school}) {
			t.Errorf("%v %v", parts, err)
		}
		if err := r.Follow(k.Ctx, duty, school, false); err != nil { // by its old address
			t.Fatal(err)
		}
		if list, _ := r.Followers(k.Ctx, water); len(list) != 0 {
			t.Errorf("still followed by %v", list)
		}
	})
}

// TestCorrected: a correction stands, is a lesson, and moves the stories that are like it; every process learns it.
func TestCorrected(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := knowing(t, k)
		say(t, k, r, schoolNews...)
		id := storyOf(t, k, r, "s1")
		before, err := r.About(k.Ctx, id)
		if err != nil || before.Topic.Key != "education.schools" {
			t.Fatalf("%+v %v", before.Topic, err)
		}
		editor := testkit.Centre("editor", regulation.Editor)
		if err := r.Correct(k.Ctx, editor, id, ByTopic, "culture.festivals"); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("an editor corrects: %v", err)
		}
		for _, bad := range []string{"", "culture", "none.such"} {
			if err := r.Correct(k.Ctx, analyst, id, ByTopic, bad); problem.CodeOf(err) != problem.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := r.Correct(k.Ctx, analyst, id, ByTopic, "culture.festivals"); err != nil {
			t.Fatal(err)
		}
		if err := r.Correct(k.Ctx, analyst, id, ByField, "other"); err != nil {
			t.Fatal(err)
		}
		again := schoolNews[0]
		again.id, again.source, again.minutes = "s9", "z", 9000 // another story in the same words, a week later
		again.text += "\nSách do phụ huynh góp."
		say(t, k, r, again)
		for _, room := range []*Room{r, knowing(t, k)} {
			if a, err := room.About(k.Ctx, id); err != nil || a.Topic.Key != "culture.festivals" || a.Topic.By != analyst.ID || a.Field.Key != "other" {
				t.Errorf("%+v %v", a.Topic, err)
			}
			page, err := room.SubjectPage(k.Ctx, analyst, ByTopic, "culture.festivals")
			if err != nil || len(page.Lessons) != 1 || page.Lessons[0].Was != "education.schools" || len(page.Strongest) == 0 {
				t.Errorf("%+v %v", page.Lessons, err)
			}
		}
		if a, err := r.About(k.Ctx, storyOf(t, k, r, "s9")); err != nil || a.Topic.Key != "culture.festivals" {
			t.Errorf("not learned: %+v %v", a.Topic, err)
		}
		stories, lessons, err := r.SubjectCounts(k.Ctx, analyst, ByTopic, time.Time{})
		if err != nil || stories["culture"] == 0 || lessons["culture"] != 1 || lessons["culture.festivals"] != 1 {
			t.Errorf("%v %v %v", stories, lessons, err)
		}
	})
}

func TestTwoLanguages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := knowing(t, k)
		say(t, k, r, append(slices.Clone(langWater), schoolNews...)...)
		say(t, k, r,
			uttered{"e1", "x", 90, "Lang Ward to have no water for two hours on Thursday", "Lang Ward said the water will be off from 1 p.m. to 3 p.m. on Thursday while a new pipe is joined in Mau street. Tank trucks will stand at the head of the street."},
			uttered{"e2", "y", 95, "Football team wins again", "Striker scores twice before halftime; fans celebrate all night."})
		vi, en := storyOf(t, k, r, "l1"), storyOf(t, k, r, "e1")
		pairs, err := r.Pairs(k.Ctx, vi)
		if err != nil || len(pairs) != 1 || pairs[0].Other(vi) != en || pairs[0].State != PairSuggested && pairs[0].State != PairJoined {
			t.Fatalf("%+v %v", pairs, err)
		}
		if !slices.Contains(pairs[0].Shared, "pward:00199") || !slices.Contains(pairs[0].Shared, "c780") {
			t.Errorf("shared %v", pairs[0].Shared)
		}
		if p, err := r.Pairs(k.Ctx, storyOf(t, k, r, "e2")); err != nil || len(p) != 0 {
			t.Errorf("%+v %v", p, err)
		}
		if err := r.Join(k.Ctx, analyst, vi, storyOf(t, k, r, "s1"), true); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("two of one language: %v", err)
		}
		if _, err := r.Merge(k.Ctx, analyst, vi, en, ""); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("two languages merged: %v", err)
		}
		if err := r.Join(k.Ctx, analyst, en, vi, false); err != nil {
			t.Fatal(err)
		}
		say(t, k, r, uttered{"l4", "d", 55, langWater[1].title, langWater[1].text + "\nThêm."}, uttered{"l5", "e", 58, langWater[2].title, langWater[2].text + "\nThêm nữa."})
		if p, err := r.Pairs(k.Ctx, en); err != nil || len(p) != 0 {
			t.Errorf("refused and yet there: %+v %v", p, err)
		}
		if err := r.Join(k.Ctx, analyst, vi, en, true); err != nil {
			t.Fatal(err)
		}
		if p, err := r.Pairs(k.Ctx, en); err != nil || len(p) != 1 || p[0].State != PairJoined || p[0].By != analyst.ID {
			t.Errorf("%+v %v", p, err)
		}
	})
}
