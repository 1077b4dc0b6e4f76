package neardup

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Made-up heads and feet, the same for all texts of an outlet.
var outlets = [][2]string{
	{
		"Báo Bến Xanh điện tử. Trang nhất, Thời sự, Chợ búa, Học đường, Sân bóng, Sức khỏe, Bạn viết. Gọi cho chúng tôi suốt ngày đêm.",
		"Cùng mục này. Người đọc để ý. Gửi bài này cho bạn. Mọi quyền thuộc Báo Bến Xanh, xin đừng chép lại khi chưa hỏi bằng thư.",
	},
	{
		"Cổng tin Đồi Thông. Vào trang của bạn. Nhận thư mỗi sáng. Mới đăng, Nhiều người đọc, Nhiều lời bàn. Lịch đăng. Xem trên điện thoại.",
		"Bạn nghĩ gì. Viết lời bàn, gõ có dấu giúp người sau. Từ hay tìm. Tin liên quan. Giấy phép do nơi có quyền cấp. Đặt quảng cáo ở đây.",
	},
	{
		"Tạp chí Ruộng Xa. Tiếng nói của hội những người làm vườn. Mục lục, Chuyện dài, Ảnh, Kho cũ. Tìm kỹ hơn. Bản cho người ở xa.",
		"Đi cùng chúng tôi. In trang. Về đầu trang. Nhà báo và nhà in. Số máy, hộp thư. Ghi rõ nơi lấy khi đăng lại tin của trang này.",
	},
}

// made is a set of texts of which it is known which are one.
type made struct {
	rng    *rand.Rand
	words  []string // that edits put in
	texts  []string
	group  []int
	level  []string
	origin map[int]int // the original of each group
}

func (m *made) add(text string, group int, level string) {
	if level == "original" {
		m.origin[group] = len(m.texts)
	}
	m.texts, m.group, m.level = append(m.texts, text), append(m.group, group), append(m.level, level)
}

// edit exchanges, leaves out or puts in a share of the words: half, a quarter, a quarter.
func (m *made) edit(text string, share float64) string {
	words := strings.Fields(text)
	var out []string
	chosen := m.rng.Perm(len(words))[:int(share*float64(len(words))+0.5)]
	slices.Sort(chosen)
	for i, w := range words {
		if _, found := slices.BinarySearch(chosen, i); !found {
			out = append(out, w)
			continue
		}
		switch n := m.rng.IntN(4); n {
		case 0, 1:
			out = append(out, m.words[m.rng.IntN(len(m.words))])
		case 2:
			out = append(out, w, m.words[m.rng.IntN(len(m.words))])
		}
	}
	return strings.Join(out, " ")
}

func (m *made) dress(text string) string {
	o := outlets[m.rng.IntN(len(outlets))]
	return o[0] + "\n" + text + "\n" + o[1]
}

// copies adds a text with copies of every kind.
func (m *made) copies(sentences []string, group int) {
	text := strings.Join(sentences, " ")
	m.add(text, group, "original")
	m.add(m.edit(text, 0.05), group, "edit-5")
	m.add(m.edit(text, 0.10), group, "edit-10")
	m.add(m.edit(text, 0.20), group, "edit-20")
	m.add(m.dress(text), group, "boilerplate")
	m.add(m.dress(m.edit(text, 0.05)), group, "edit-5+boilerplate")
	m.add(strings.ReplaceAll(norm.NFD.String(strings.ToUpper(text)), " ", "  "), group, "form")
	if len(sentences) >= 5 {
		other := slices.Clone(sentences)
		m.rng.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		m.add(strings.Join(other, " "), group, "shuffle")
	}
}

// shuffle puts the texts into any order.
func (m *made) shuffle() {
	at := make([]int, len(m.texts))
	m.rng.Shuffle(len(m.texts), func(i, j int) {
		m.texts[i], m.texts[j] = m.texts[j], m.texts[i]
		m.group[i], m.group[j] = m.group[j], m.group[i]
		m.level[i], m.level[j] = m.level[j], m.level[i]
	})
	for i, l := range m.level {
		if at[i] = i; l == "original" {
			m.origin[m.group[i]] = i
		}
	}
}

// found puts the texts into groups, as they are in the end.
func (m *made) found() []uint32 {
	x, all := New(), make([]uint32, len(m.texts))
	for i, t := range m.texts {
		all[i] = x.Add("", t).Group
	}
	for i, g := range all {
		all[i] = x.Root(g)
	}
	return all
}

// check wants the share of pairs and of each level's copies that the design asks for.
func (m *made) check(t *testing.T) {
	t.Helper()
	found := m.found()
	if f := m.pairs(found); f < 0.995 {
		t.Errorf("F1 of all pairs but those with a fifth exchanged: %.4f", f)
	}
	hits, all := map[string]int{}, map[string]int{}
	for i, l := range m.level {
		if at, ok := m.origin[m.group[i]]; ok && l != "original" && l != "other" {
			all[l]++
			if found[i] == found[at] {
				hits[l]++
			}
		}
	}
	for l, n := range all {
		want := 0.99
		if l == "edit-20" {
			want = 0.9
		}
		if r := float64(hits[l]) / float64(n); r < want {
			t.Errorf("%s: %d of %d found, %.3f", l, hits[l], n, r)
		}
	}
}

func (m *made) pairs(found []uint32) float64 {
	type both struct {
		group int
		found uint32
	}
	same, right, said := map[both]int{}, map[int]int{}, map[uint32]int{}
	for i, l := range m.level {
		if l != "edit-20" {
			same[both{m.group[i], found[i]}]++
			right[m.group[i]]++
			said[found[i]]++
		}
	}
	a, b, c := pairsIn(same), pairsIn(right), pairsIn(said)
	return 2 * a / (b + c) // harmonic mean of a/b and a/c
}

func pairsIn[K comparable](sizes map[K]int) (n float64) {
	for _, k := range sizes {
		n += float64(k*(k-1)) / 2
	}
	return n
}

// syllables is a made-up vocabulary, common ones first.
func syllables(rng *rand.Rand) []string {
	var all []string
	for _, head := range strings.Fields("b c ch d đ g h kh l m n nh ng ph qu r s t th tr v x") {
		for _, tail := range strings.Fields("a à ạ an àn anh ánh ao áo ăn ấm âu ây e em én ê ên êu i inh iêu o oan óc ôi ông ốt ơ ơi ơm u ung úp ư ưa ường ươu ượt") {
			all = append(all, head+tail)
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// writer makes sentences of made-up words.
type writer struct {
	rng   *rand.Rand
	words []string
}

func newWriter(seed uint64) *writer {
	rng := rand.New(rand.NewPCG(seed, 1))
	return &writer{rng, syllables(rng)}
}

// sentence gives one of about n syllables; a few syllables are said very often, as in a language.
func (w *writer) sentence(n int) string {
	words := make([]string, n-2+w.rng.IntN(5))
	for i := range words {
		f := w.rng.Float64()
		words[i] = w.words[int(f*f*f*float64(len(w.words)))]
	}
	return strings.ToUpper(words[0][:1]) + strings.Join(words, " ")[1:] + "."
}

func (w *writer) text(sentences int) []string {
	all := make([]string, sentences)
	for i := range all {
		all[i] = w.sentence(18)
	}
	return all
}

func TestMadeCopiesAreFoundAndStrangersAreNot(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		w := newWriter(seed)
		m := &made{rng: w.rng, words: w.words, origin: map[int]int{}}
		for g := range 150 {
			m.copies(w.text(5+w.rng.IntN(20)), g)
		}
		for g := range 100 {
			m.add(m.dress(strings.Join(w.text(4), " ")), 1000+g, "other")
		}
		m.shuffle()
		m.check(t)
	}
}

// TestArticles does what ../shared/eval/make_neardup.py does, on the articles that people put into stories.
func TestArticles(t *testing.T) {
	type article struct{ ID, Text, Story string }
	const folder = "../../../shared/data/vi-clusters/"
	list := readLines[article](t, folder+"mentions.jsonl")
	story := map[string]string{}
	for _, a := range readLines[article](t, folder+"gold.jsonl") {
		story[a.ID] = a.Story
	}
	for _, seed := range []uint64{11, 12, 13} {
		rng := rand.New(rand.NewPCG(seed, 2))
		m := &made{rng: rng, origin: map[int]int{}}
		for _, a := range list {
			m.words = append(m.words, strings.Fields(a.Text)...)
		}
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		told := map[string][]map[string]bool{}
		for g, a := range list {
			if len(strings.Fields(a.Text)) < 80 {
				continue
			}
			grams := fives(a.Text)
			before := told[story[a.ID]]
			if slices.ContainsFunc(before, func(b map[string]bool) bool { return alike(grams, b) }) {
				continue
			}
			told[story[a.ID]] = append(before, grams)
			switch sentences := strings.SplitAfter(strings.ReplaceAll(a.Text, "\n", " "), ". "); {
			case before == nil:
				m.copies(sentences, g)
			case g%2 == 0:
				m.add(m.dress(a.Text), g, "other")
			default:
				m.add(a.Text, g, "other")
			}
		}
		m.shuffle()
		m.check(t)
	}
}

func fives(text string) map[string]bool {
	words, all := strings.Fields(strings.ToLower(text)), map[string]bool{}
	for i := 0; i+5 <= len(words); i++ {
		all[strings.Join(words[i:i+5], " ")] = true
	}
	return all
}

// alike tells articles of a story that may or may not be called copies.
func alike(a, b map[string]bool) bool {
	n := 0
	for g := range a {
		if b[g] {
			n++
		}
	}
	return 10*n > 3*min(len(a), len(b))
}

// readLines reads a file of JSON lines, or skips the test.
func readLines[T any](t testing.TB, file string) []T {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("development data is not here: %v", err)
	}
	var all []T
	for line := range strings.Lines(string(data)) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}
