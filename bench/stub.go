package main

func wordBenchmarks() []benchmark { return nil }
func pageBenchmarks() []benchmark { return nil }
