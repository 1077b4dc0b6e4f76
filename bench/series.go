package main

import (
	"math/rand/v2"
	"time"

	"khue/radar/series"
)

func seriesBenchmarks() []benchmark {
	return []benchmark{{
		name:    "trends/usual",
		figures: []figure{{"each", "ms", told}},
		prepare: usual,
	}}
}

// usual learns what is usual from eight weeks of hours.
func usual(*stage) (ours, peer func() (figures, error), err error) {
	rng := rand.New(rand.NewPCG(4, 6))
	counts := make([]uint32, 8*7*24)
	for i := range counts {
		counts[i] = uint32(rng.ExpFloat64() * 20)
	}
	const n = 500
	return func() (figures, error) {
		at := time.Now()
		for range n {
			series.Learn(series.History{Counts: counts})
		}
		return figures{"each": time.Since(at).Seconds() * 1000 / n}, nil
	}, nil, nil
}
