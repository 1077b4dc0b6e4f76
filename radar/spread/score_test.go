package spread

import (
	"fmt"
	"math"
	"slices"
)

// A score gathers how guesses did: sizes on cascades of at least ten posts, rumours on all.
type score struct {
	n, error, inside, width, interval float64
	p, y, size                        []float64
}

// add takes a guess (logs of the growth) and a probability.
func (s *score) add(r *row, g guess, p float64) {
	s.p, s.y, s.size = append(s.p, p), append(s.y, r.rumour), append(s.size, -r.n)
	if r.n < 10 {
		return
	}
	part := func(x float64) float64 { return math.Exp(x - r.y) } // of the true size
	low, high := part(g.low), part(g.high)
	s.n++
	s.error += math.Abs(part(g.size) - 1)
	s.width += high - low
	s.interval += high - low + 10*max(0, low-1, 1-high)
	if low <= 1+1e-12 && high >= 1-1e-12 {
		s.inside++
	}
}

func (s *score) String() string {
	skill, off := s.fair()
	return fmt.Sprintf("MAPE %.4f, covers %.3f, width %.3f, interval score %.3f; rumour AUC %.3f (size alone %.3f), skill %.3f, off %.3f",
		s.error/s.n, s.inside/s.n, s.width/s.n, s.interval/s.n, auc(s.p, s.y), auc(s.size, s.y), skill, off)
}

// fair gives the Brier skill over the base rate and the expected calibration error in ten bins.
func (s *score) fair() (skill, off float64) {
	var bins [10][2]float64
	n, base, brier := float64(len(s.p)), 0.0, 0.0
	for i, p := range s.p {
		base += s.y[i] / n
		brier += (p - s.y[i]) * (p - s.y[i]) / n
		b := min(9, int(p*10))
		bins[b][0] += p
		bins[b][1] += s.y[i]
	}
	for _, b := range bins {
		off += math.Abs(b[0]-b[1]) / n
	}
	return 1 - brier/(base*(1-base)), off
}

// auc is the chance that one with y = 1 has a higher score than one with 0.
func auc(score, y []float64) float64 {
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if score[a] < score[b] {
			return -1
		} else if score[a] > score[b] {
			return 1
		}
		return 0
	})
	ones, ranks := 0.0, 0.0
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && score[order[j]] == score[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks += y[k] * float64(i+j+1) / 2
			ones += y[k]
		}
		i = j
	}
	return (ranks - ones*(ones+1)/2) / (ones * (float64(len(y)) - ones))
}
