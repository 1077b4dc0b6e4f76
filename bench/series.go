package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"khue/radar/series"
)

func seriesBenchmarks() []benchmark {
	return []benchmark{{
		name: "trends/counts", peer: "a map of hours for each key",
		figures: []figure{{"rate", "1/s a core", atLeast(1_000_000)}, {"kept", "MB", told}},
		prepare: counting,
	}, {
		name:    "trends/usual",
		figures: []figure{{"each", "ms", told}},
		prepare: usual,
	}}
}

// counted is how many mentions a run counts, of so many keys, over so many days.
const (
	counted     = 5_000_000
	countedKeys = 2000
	countedDays = 60
)

// counting counts mentions of 2,000 topics and places over two months, a few of which are told of most. The peer keeps every hour of every key.
func counting(*stage) (ours, peer func() (figures, error), err error) {
	rng := rand.New(rand.NewPCG(3, 5))
	keys := make([]series.Key, countedKeys)
	for i := range keys {
		keys[i] = series.Key{Kind: "topic", Key: fmt.Sprint("t", i)}
	}
	order := make([]uint16, counted)
	for i := range order {
		order[i] = uint16(min(rng.ExpFloat64()*300, countedKeys-1)) //nolint:gosec // below 2,000
	}
	start := time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC)
	pace := countedDays * 24 * time.Hour / counted
	ours = func() (figures, error) {
		before := heap()
		s := series.NewSet(4096, nil)
		busy, at := cpu(), start
		for _, k := range order {
			at = at.Add(pace)
			s.Add(keys[k], at, 1)
		}
		took := cpu() - busy
		kept := heap() - before
		runtime.KeepAlive(s)
		return figures{"rate": counted / took.Seconds(), "kept": kept / 1e6}, nil
	}
	peer = func() (figures, error) {
		before := heap()
		hours := map[series.Key]map[int64]int{}
		busy, at := cpu(), start
		for _, k := range order {
			at = at.Add(pace)
			m := hours[keys[k]]
			if m == nil {
				m = map[int64]int{}
				hours[keys[k]] = m
			}
			m[at.Unix()/3600]++
		}
		took := cpu() - busy
		kept := heap() - before
		runtime.KeepAlive(hours)
		return figures{"rate": counted / took.Seconds(), "kept": kept / 1e6}, nil
	}
	return ours, peer, nil
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

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
