package spread

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// post is a post of a test, at a minute.
func post(id string, minute float64, parent string) Post[string] {
	return Post[string]{ID: id, Parent: parent, First: parent == "", At: minutes(minute)}
}

func built(t testing.TB, posts ...Post[string]) *Cascade {
	t.Helper()
	c, err := New(posts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBadCascades(t *testing.T) {
	root := post("a", 0, "")
	for _, c := range []struct {
		name  string
		posts []Post[string]
		want  string
	}{
		{"nothing", nil, "no events"},
		{"no first post", []Post[string]{post("b", 1, "a")}, "the first post is missing"},
		{"two first posts", []Post[string]{root, post("b", 0, "")}, "events 1 and 2 both have no parent"},
		{"the first post later", []Post[string]{post("a", 3, "")}, "event 1: the first post has the time 0"},
		{"before the first", []Post[string]{root, post("b", -1, "a")}, "event 2: its time is before"},
		{"in the far future", []Post[string]{root, {ID: "b", Parent: "a", At: MaxAge + 1}}, "event 2: its time is more than 20 years"},
		{"twice", []Post[string]{root, post("b", 1, "a"), post("b", 2, "a")}, "events 2 and 3 have the same node"},
		{"unknown parent", []Post[string]{root, post("b", 1, "x")}, "event 2: its parent is not among the events"},
		{"its own parent", []Post[string]{root, post("b", 1, "b")}, "event 2: it repeats itself"},
		{"a ring", []Post[string]{root, post("b", 1, "d"), post("c", 2, "b"), post("d", 3, "c")}, "event 2: it repeats itself"},
		{"too many", make([]Post[string], MaxPosts+1), "at most"},
	} {
		if _, err := New(c.posts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestWrongClocksAndOrder(t *testing.T) {
	// c says minute 2 but repeats b of minute 5; d repeats c
	c := built(t, post("d", 3, "c"), post("c", 2, "b"), post("e", 4, "a"), post("b", 5, "a"), post("a", 0, ""))
	want := []struct {
		minute float64
		parent int
	}{{0, -1}, {4, 0}, {5, 0}, {5, 2}, {5, 3}}
	for i, w := range want {
		if at, p := c.Post(i); at != minutes(w.minute) || p != w.parent {
			t.Errorf("post %d: %v, parent %d, want minute %v, parent %d", i, at, p, w.minute, w.parent)
		}
	}
	for _, k := range []struct {
		at   time.Duration
		size int
	}{{0, 1}, {minutes(3.99), 1}, {minutes(4), 2}, {minutes(5), 5}, {MaxAge, 5}, {-1, 1}} {
		if u := c.Until(k.at); u.Len() != k.size {
			t.Errorf("until %v: %d posts, want %d", k.at, u.Len(), k.size)
		}
	}
}

// TestMeasures has values counted by hand.
func TestMeasures(t *testing.T) {
	star := built(t, post("a", 0, ""), post("b", 10, "a"), post("c", 20, "a"), post("d", 60, "a"))
	chain := built(t, post("a", 0, ""), post("b", 10, "a"), post("c", 20, "b"), post("d", 60, "c"))
	mixed := built(t, post("a", 0, ""), post("b", 1, "a"), post("c", 2, "a"), post("d", 3, "b"), post("e", 110, "b"))
	for _, c := range []struct {
		name string
		c    *Cascade
		at   time.Duration
		want Measures
	}{
		{"alone", built(t, post("a", 0, "")), time.Hour, Measures{Size: 1, Breadth: 1}},
		{"at once", star, 0, Measures{Size: 1, Breadth: 1}},
		// 3 pairs at distance 1, 3 at 2: 9/6
		{"a star", star, time.Hour, Measures{4, 1, 3, 1.5, 3, 4}},
		// 3 × 1, 2 × 2, 1 × 3: 10/6
		{"a chain", chain, time.Hour, Measures{4, 3, 1, 10. / 6, 3, 4}},
		// ab ac bd be 1; ad ae bc de 2; cd ce 3: 18/10
		{"both", mixed, 2 * time.Hour, Measures{5, 2, 2, 1.8, 2, 2}},
		{"both, earlier", mixed, time.Hour, Measures{4, 2, 2, 10. / 6, 3, 0}},
	} {
		if got := c.c.Measure(c.at); math.Abs(got.Virality-c.want.Virality) > 1e-12 {
			t.Errorf("%s: virality %v, want %v", c.name, got.Virality, c.want.Virality)
		} else if got.Virality = c.want.Virality; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// grown draws a cascade that could be.
func grown(t *rapid.T) []Post[int] {
	n := rapid.IntRange(1, 60).Draw(t, "posts")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	posts := []Post[int]{{First: true}}
	at := 0.0
	for i := 1; i < n; i++ {
		if rng.IntN(4) > 0 {
			at += rng.ExpFloat64() * 3
		}
		parent := rng.IntN(i)
		if rng.IntN(2) == 0 {
			parent = 0
		}
		posts = append(posts, Post[int]{ID: i, Parent: parent, At: minutes(at)})
	}
	return posts
}

// TestViralityIsTheMeanDistance compares with counting the steps between all pairs.
func TestViralityIsTheMeanDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, err := New(grown(t))
		if err != nil {
			t.Fatal(err)
		}
		n := c.Len()
		depth := func(i int) (d int) {
			for ; i > 0; i = int(c.parent[i]) {
				d++
			}
			return d
		}
		sum := 0
		for i := range n {
			for j := range i {
				a, b, steps := i, j, 0
				for a != b {
					if a > b {
						a = int(c.parent[a])
					} else {
						b = int(c.parent[b])
					}
					steps++
				}
				sum += steps
			}
		}
		m := c.Measure(MaxAge)
		if want := 2 * float64(sum) / float64(max(1, n*(n-1))); math.Abs(m.Virality-want) > 1e-9 {
			t.Fatalf("virality %v, the pairs say %v", m.Virality, want)
		}
		deepest, wide := 0, map[int]int{}
		for i := range n {
			d := depth(i)
			wide[d]++
			deepest = max(deepest, d)
		}
		breadth := 0
		for _, w := range wide {
			breadth = max(breadth, w)
		}
		if m.Depth != deepest || m.Breadth != breadth || m.Size != n {
			t.Fatalf("%+v, want size %d, depth %d, breadth %d", m, n, deepest, breadth)
		}
	})
}
