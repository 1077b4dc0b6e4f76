// Command bench measures Khuê beside what somebody would use instead, and prints one table: our figure, the peer's from the same run,
// their ratio, and whether the target of the design is met.
//
// It is a module of its own, so that peers stay out of the product's go.mod. Every benchmark runs several times with ours and the
// peer's in turn, since other work on the machine moves both; the table holds medians. Read table.go for what a benchmark is, then the
// file of the path of interest: store.go, portal.go, live.go, words.go, copies.go, phrases.go, series.go, spread.go, pages.go.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "listen" { // the subscribers of live.go, in a process of their own
		listenMain(os.Args[2:])
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "watch" { // the peer's program of phrases.go
		if err := peerWatchMain(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	only := flag.String("only", "", "run the benchmarks whose name holds one of these words, parted by commas")
	runs := flag.Int("runs", 5, "runs of each, ours and the peer's in turn")
	asJSON := flag.Bool("json", false, "print JSON lines instead of a table")
	list := flag.Bool("list", false, "print the names")
	profile := flag.String("profile", "", "write a CPU profile of the whole run to a file")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		defer pprof.StopCPUProfile()
	}
	all := benchmarks()
	if *list {
		for _, b := range all {
			fmt.Println(b.name)
		}
		return
	}
	var lines []line
	for _, b := range all {
		if !wanted(b.name, *only) {
			continue
		}
		start := time.Now()
		got, err := b.measure(*runs)
		switch {
		case err != nil:
			fmt.Fprintf(os.Stderr, "%-24s %v\n", b.name, err)
		default:
			fmt.Fprintf(os.Stderr, "%-24s %.0f s\n", b.name, time.Since(start).Seconds())
		}
		lines = append(lines, got...)
	}
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		for _, l := range lines {
			if err := out.Encode(l); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		return
	}
	fmt.Printf("%s, %d cores, %d runs of each\n\n", runtime.Version(), runtime.NumCPU(), *runs)
	printTable(os.Stdout, lines)
}

func benchmarks() []benchmark {
	var all []benchmark
	all = append(all, storeBenchmarks()...)
	all = append(all, portalBenchmarks()...)
	all = append(all, liveBenchmarks()...)
	all = append(all, wordBenchmarks()...)
	all = append(all, copyBenchmarks()...)
	all = append(all, phraseBenchmarks()...)
	all = append(all, seriesBenchmarks()...)
	all = append(all, spreadBenchmarks()...)
	return append(all, pageBenchmarks()...)
}

func wanted(name, only string) bool {
	if only == "" {
		return true
	}
	for _, w := range strings.Split(only, ",") {
		if strings.Contains(name, strings.TrimSpace(w)) {
			return true
		}
	}
	return false
}
