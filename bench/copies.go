package main

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"

	"khue/text/neardup"
)

func copyBenchmarks() []benchmark {
	wanted := []figure{
		{"F1", "", atLeast(0.995)},
		{"edit-5", "recall", atLeast(0.99)},
		{"edit-10", "recall", atLeast(0.99)},
		{"edit-20", "recall", atLeast(0.9)},
		{"shuffle", "recall", atLeast(0.99)},
		{"boilerplate", "recall", atLeast(0.99)},
		{"edit-5+boilerplate", "recall", atLeast(0.99)},
		{"form", "recall", atLeast(0.99)},
		{"rate", "texts/s of CPU", atLeast(30_000)},
	}
	with := func(name, peer string, group func([]string) []int) benchmark {
		return benchmark{name: "copies/" + name, peer: peer, figures: wanted, prepare: func(s *stage) (ours, theirs func() (figures, error), err error) {
			set := makeCopies(s)
			return func() (figures, error) { return set.score(neardups), nil }, func() (figures, error) { return set.score(group), nil }, nil
		}}
	}
	return []benchmark{
		with("grams", "5-grams, capped", sharedGrams),
		with("minhash", "MinHash 128, 32×4", minHash),
		with("simhash", "SimHash-64, 3 bits", simHash),
	}
}

// copySet is texts of which it is known which are one, made as in eval/make_neardup.py of the design.
type copySet struct {
	rng    *rand.Rand
	words  []string
	texts  []string
	group  []string
	level  []string
	origin map[string]int
}

// outlets are made-up heads and feet.
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

// makeCopies takes the articles of the public set, one a story with copies of every kind and the others as strangers.
func makeCopies(s *stage) *copySet {
	c := &copySet{rng: rand.New(rand.NewPCG(7, 1)), origin: map[string]int{}}
	story := map[string]string{}
	for _, a := range jsonLines[struct{ ID, Story string }](s, "vi-clusters", "gold.jsonl") {
		story[a.ID] = a.Story
	}
	list := jsonLines[article](s, "vi-clusters", "mentions.jsonl")
	c.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, a := range list {
		c.words = append(c.words, strings.Fields(a.Text)...)
	}
	told := map[string][]map[uint64]bool{}
	for i, a := range list {
		if len(strings.Fields(a.Text)) < 80 {
			continue
		}
		grams, before := gramSet(a.Text, 5), told[story[a.ID]]
		if slices.ContainsFunc(before, func(b map[uint64]bool) bool { return shared(grams, b) > 0.3 }) {
			continue // whether such are copies is a matter of taste
		}
		told[story[a.ID]] = append(before, grams)
		switch {
		case before == nil:
			c.copies(a.ID, a.Text)
		case i%2 == 0:
			c.add(a.ID, "other", c.dress(a.Text))
		default:
			c.add(a.ID, "other", a.Text)
		}
	}
	c.rng.Shuffle(len(c.texts), func(i, j int) {
		c.texts[i], c.texts[j] = c.texts[j], c.texts[i]
		c.group[i], c.group[j] = c.group[j], c.group[i]
		c.level[i], c.level[j] = c.level[j], c.level[i]
	})
	for i, l := range c.level {
		if l == "original" {
			c.origin[c.group[i]] = i
		}
	}
	return c
}

func (c *copySet) add(group, level, text string) {
	c.texts, c.group, c.level = append(c.texts, text), append(c.group, group), append(c.level, level)
}

func (c *copySet) copies(group, text string) {
	c.add(group, "original", text)
	for _, percent := range []int{5, 10, 20} {
		c.add(group, fmt.Sprint("edit-", percent), c.edit(text, float64(percent)/100))
	}
	if parts := strings.SplitAfter(strings.ReplaceAll(text, "\n", " "), ". "); len(parts) >= 5 {
		c.rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		c.add(group, "shuffle", strings.Join(parts, " "))
	}
	c.add(group, "boilerplate", c.dress(text))
	c.add(group, "edit-5+boilerplate", c.dress(c.edit(text, 0.05)))
	c.add(group, "form", strings.ReplaceAll(strings.ToLower(text), " ", "\u00a0"))
}

func (c *copySet) dress(text string) string {
	o := outlets[c.rng.IntN(len(outlets))]
	return o[0] + "\n" + text + "\n" + o[1]
}

// edit exchanges, leaves out or puts in a share of the words: half, a quarter, a quarter.
func (c *copySet) edit(text string, share float64) string {
	words, out := strings.Fields(text), []string(nil)
	chosen := map[int]bool{}
	for _, i := range c.rng.Perm(len(words))[:int(share*float64(len(words))+0.5)] {
		chosen[i] = true
	}
	for i, w := range words {
		other := c.words[c.rng.IntN(len(c.words))]
		switch n := c.rng.IntN(4); {
		case !chosen[i]:
			out = append(out, w)
		case n < 2:
			out = append(out, other)
		case n == 2:
			out = append(out, w, other)
		}
	}
	return strings.Join(out, " ")
}

// score runs a method over the texts until half a second of CPU went, and says how right it is: F1 of all pairs but those with a fifth
// exchanged, and the share of each kind of copy that is with its original.
func (c *copySet) score(group func([]string) []int) figures {
	var found []int
	texts, busy := 0, cpu()
	for (cpu() - busy).Seconds() < 0.5 {
		found = group(c.texts)
		texts += len(c.texts)
	}
	f := figures{"rate": float64(texts) / (cpu() - busy).Seconds()}
	type both struct {
		group string
		found int
	}
	same, right, said, all := map[both]int{}, map[string]int{}, map[int]int{}, map[string]float64{}
	for i, l := range c.level {
		if l != "edit-20" {
			same[both{c.group[i], found[i]}]++
			right[c.group[i]]++
			said[found[i]]++
		}
		if l == "original" || l == "other" {
			continue
		}
		all[l]++
		if found[i] == found[c.origin[c.group[i]]] {
			f[l]++
		}
	}
	for l, n := range all {
		f[l] /= n
	}
	f["F1"] = 2 * pairs(same) / (pairs(right) + pairs(said))
	return f
}

func pairs[K comparable](sizes map[K]int) (n float64) {
	for _, k := range sizes {
		n += float64(k*(k-1)) / 2
	}
	return n
}

func neardups(texts []string) []int {
	x, all := neardup.New(), make([]int, len(texts))
	for i, t := range texts {
		all[i] = int(x.Add("", t).Group)
	}
	for i, g := range all {
		all[i] = int(x.Root(uint32(g)))
	}
	return all
}

// union is which texts were found to be one.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) root(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int) { u[u.root(j)] = u.root(i) }

func (u union) groups() []int {
	all := make([]int, len(u))
	for i := range u {
		all[i] = u.root(i)
	}
	return all
}

// gramHashes are the hashes of every k words in a row, in small letters.
func gramHashes(text string, k int) []uint64 {
	words := strings.Fields(strings.ToLower(text))
	hashes := make([]uint64, len(words))
	for i, w := range words {
		h := uint64(14695981039346656037)
		for _, b := range []byte(w) {
			h = (h ^ uint64(b)) * 1099511628211
		}
		hashes[i] = h
	}
	var all []uint64
	for i := 0; i+k <= len(hashes); i++ {
		h := uint64(0)
		for _, w := range hashes[i : i+k] {
			h = (h ^ w) * 0x9E3779B97F4A7C15
			h ^= h >> 29
		}
		all = append(all, h)
	}
	return all
}

func gramSet(text string, k int) map[uint64]bool {
	set := map[uint64]bool{}
	for _, h := range gramHashes(text, k) {
		set[h] = true
	}
	return set
}

// shared is how much of the smaller set is in the other.
func shared(a, b map[uint64]bool) float64 {
	n := 0
	for g := range a {
		if b[g] {
			n++
		}
	}
	return float64(n) / float64(max(1, min(len(a), len(b))))
}

// sharedGrams joins texts that share three tenths of the smaller one's 5-grams, by those that at most 24 texts have. Both numbers are the best
// for this very set, whose strangers were chosen to share less than three tenths.
func sharedGrams(texts []string) []int {
	const mostTexts, share = 24, 0.3
	sets, in := make([]map[uint64]bool, len(texts)), map[uint64][]int{}
	for i, t := range texts {
		sets[i] = gramSet(t, 5)
		for g := range sets[i] {
			in[g] = append(in[g], i)
		}
	}
	u, counts := newUnion(len(texts)), map[int]int{}
	for i, set := range sets {
		clear(counts)
		for g := range set {
			if l := in[g]; len(l) <= mostTexts {
				for _, j := range l {
					counts[j]++
				}
			}
		}
		for j, n := range counts {
			if j > i && float64(n) >= share*float64(min(len(set), len(sets[j]))) {
				u.join(i, j)
			}
		}
	}
	return u.groups()
}

// minHash joins texts that have a band of four of 128 smallest hashes in common and agree in 45 of them (Broder 1997; a Jaccard index of
// 0.35 of the 3-grams).
func minHash(texts []string) []int {
	const values, bands = 128, 32
	sums := make([][values]uint64, len(texts))
	u, in := newUnion(len(texts)), map[[5]uint64][]int{}
	for i, t := range texts {
		s := &sums[i]
		for k := range s {
			s[k] = ^uint64(0)
		}
		for _, h := range gramHashes(t, 3) {
			for k := range s {
				s[k] = min(s[k], h*(2*uint64(k)+0x9E3779B97F4A7C15)^h>>32*uint64(k))
			}
		}
		for b := range bands {
			key := [5]uint64{uint64(b), s[4*b], s[4*b+1], s[4*b+2], s[4*b+3]}
			for _, j := range in[key] {
				agree := 0
				for k := range s {
					if s[k] == sums[j][k] {
						agree++
					}
				}
				if agree >= 45 {
					u.join(i, j)
				}
			}
			in[key] = append(in[key], i)
		}
	}
	return u.groups()
}

// simHash joins texts whose 64 bits differ in three at most (Charikar 2002; Manku 2007), of 3-grams.
func simHash(texts []string) []int {
	u, in, sums := newUnion(len(texts)), map[[2]uint64][]int{}, make([]uint64, len(texts))
	for i, t := range texts {
		var votes [64]int
		for _, h := range gramHashes(t, 3) {
			for k := range votes {
				votes[k] += int(h>>k&1)*2 - 1
			}
		}
		for k, v := range votes {
			if v > 0 {
				sums[i] |= 1 << k
			}
		}
		for b := range uint64(4) {
			key := [2]uint64{b, sums[i] >> (16 * b) & 0xFFFF}
			for _, j := range in[key] {
				if bits.OnesCount64(sums[i]^sums[j]) <= 3 {
					u.join(i, j)
				}
			}
			in[key] = append(in[key], i)
		}
	}
	return u.groups()
}
