package cluster

import (
	"fmt"
	"testing"
	"time"
)

// TestHand: what was split stays apart and takes its like, what was joined is one, also across a snapshot to which the acts are told.
func TestHand(t *testing.T) {
	base := time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC)
	n := 0
	say := func(c *Clusterer, text string) Assigned {
		n++
		return c.Add(Mention{ID: fmt.Sprint("m", n), Time: base.Add(time.Duration(n) * time.Minute), Lang: "vi", Title: text, Text: text + fmt.Sprintf(". Tin thứ %d kể thêm.", n)})
	}
	c := New(Options{})
	for i := range 40 { // other matters, so that words have their weight
		say(c, fmt.Sprintf("Chuyện số %d: giá rau quả chợ %d, bến xe %d, lớp học %d", i, i*7, i*3, i*11))
	}
	const red, blue = "Cầu đỏ phố trên đóng một làn sửa mặt đường ban đêm", "Cầu xanh phố dưới đóng một làn sửa mặt đường ban đêm"
	first := say(c, red)
	if a := say(c, red+" tới sáng"); a.Story != first.Story {
		t.Fatal("two tellings of one matter were parted")
	}
	moved := map[string]bool{}
	for i := range 2 {
		a := say(c, blue+fmt.Sprint(" lần ", i))
		if a.Story != first.Story {
			t.Skip("the two bridges are told apart without a hand")
		}
		moved[fmt.Sprint("m", n)] = true
	}
	c.Split(first.Story, moved, Hand+1)
	check := func(c *Clusterer, when string) {
		t.Helper()
		if a := say(c, blue+" "+when); a.Story != Hand+1 {
			t.Errorf("%s: blue goes to %d", when, a.Story)
		}
		if a := say(c, red+" "+when); a.Story != first.Story {
			t.Errorf("%s: red goes to %d", when, a.Story)
		}
	}
	check(c, "lúc này")
	back, err := Unmarshal(c.Marshal())
	if err != nil {
		t.Fatal(err)
	}
	back.Apart(first.Story, Hand+1)
	check(back, "sau khi mở lại")
	for range 5 { // near to both, again and again
		say(back, red+" "+blue)
		if m := back.Merges(); len(m) > 0 {
			t.Errorf("merged %v", m)
		}
	}
	c.Join(Hand+1, first.Story)
	if a := say(c, blue+" sau cùng"); a.Story != first.Story || c.Root(Hand+1) != first.Story {
		t.Errorf("joined, and yet in %d", a.Story)
	}
	if _, err := Unmarshal(c.Marshal()); err != nil {
		t.Error(err)
	}
	// What is no longer live, or never was, changes nothing.
	c.Split(12345, map[string]bool{"m1": true}, Hand+2)
	c.Join(99999, 12345)
	if _, err := Unmarshal(c.Marshal()); err != nil {
		t.Error(err)
	}
}
