package topic

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// of makes features of words, of length 1.
func of(words string) Features {
	f := Features{}
	list := strings.Fields(words)
	for _, w := range list {
		f[w] += 1 / math.Sqrt(float64(len(list)))
	}
	return f
}

var (
	labels = []string{"water", "bus", "school"}
	known  = []Example{
		{of("nước ống vỡ"), "water"}, {of("nước ngừng cấp"), "water"}, {of("xe buýt tuyến"), "bus"}, {of("buýt vé khách"), "bus"}, {of("trường học sinh"), "school"}, {of("lớp học cô"), "school"},
	}
)

func trained(t testing.TB) *Model {
	t.Helper()
	m, err := Train(labels, known)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGuess(t *testing.T) {
	m := trained(t)
	for words, want := range map[string]string{"ống nước": "water", "tuyến buýt": "bus", "học sinh lớp": "school", "vỡ ống ở trường": "water"} {
		g := m.Guess(of(words))
		sum := 0.0
		for _, one := range g {
			sum += one.P
		}
		if g[0].Label != want || math.Abs(sum-1) > 1e-9 || len(g) != len(labels) {
			t.Errorf("%q: %+v", words, g)
		}
	}
	why := m.Explain(of("vỡ ống ở trường"), "water", 5)
	if len(why) != 2 || why[0].Weight < why[1].Weight {
		t.Errorf("%+v", why)
	}
	if s := m.Strongest("bus", 2); len(s) != 2 || s[0].Feature != "buýt" {
		t.Errorf("%+v", s)
	}
	if m.Explain(of("nước"), "none", 5) != nil || m.Strongest("none", 5) != nil {
		t.Error("a label that there is not is explained")
	}
}

// TestTeach: what was taught is guessed so, and what was known before is mostly kept.
func TestTeach(t *testing.T) {
	m := trained(t)
	lesson := Example{of("nước mắm phú quốc"), "school"}
	if !m.Teach(lesson) {
		t.Fatal("not taught")
	}
	if g := m.Guess(lesson.Features); g[0].Label != "school" || g[0].P < taughtP {
		t.Errorf("%+v", g)
	}
	if g := m.Guess(of("nước ống vỡ")); g[0].Label != "water" {
		t.Errorf("forgotten: %+v", g)
	}
	if m.Teach(Example{of("x"), "none"}) {
		t.Error("taught a label that there is not")
	}
}

func TestTrainFaults(t *testing.T) {
	if _, err := Train(labels, []Example{{of("x"), "none"}}); err == nil || !strings.Contains(err.Error(), "example 1") {
		t.Errorf("%v", err)
	}
}

func TestModelFile(t *testing.T) {
	m := trained(t)
	data, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Unmarshal(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Marshal()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("%v\n%s\n%s", err, data, again)
	}
	for _, bad := range []string{
		"", "{}", `{"version":2}`, `{"version":1,"labels":["a"],"bias":[]}`, `{"version":1,"labels":["a"],"bias":[0],"weight":{"x":[1]}}`, `{"version":1,"labels":["a"],"bias":[0],"weight":{"x":[1,5]}}`,
		`{"version":1,"labels":["a"],"bias":[0],"weight":{"x":[-1,5]}}`,
	} {
		if _, err := Unmarshal([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestLaws: training gives the same bits each time, and a lesson is always learned, on any examples.
func TestLaws(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"})
	example := rapid.Custom(func(t *rapid.T) Example {
		return Example{of(strings.Join(rapid.SliceOfNDistinct(word, 1, 4, rapid.ID).Draw(t, "words"), " ")), rapid.SampledFrom(labels).Draw(t, "label")}
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(example, 1, 8).Draw(t, "examples")
		m, err := Train(labels, list)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := Train(labels, list)
		one, _ := m.Marshal()
		two, _ := n.Marshal()
		if !bytes.Equal(one, two) {
			t.Fatal("trained otherwise")
		}
		before := m.Clone()
		lesson := example.Draw(t, "lesson")
		m.Teach(lesson)
		if g := m.Guess(lesson.Features); g[0].Label != lesson.Label {
			t.Fatalf("not learned: %+v", g)
		}
		kept, _ := before.Marshal()
		if !bytes.Equal(kept, one) {
			t.Fatal("teaching changed a clone")
		}
	})
}

func BenchmarkTeach(b *testing.B) {
	m := trained(b)
	for b.Loop() {
		m.Clone().Teach(Example{of("nước mắm phú quốc"), "school"})
	}
}
