package web

import (
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meter counts requests for operators. Its labels are routes, never addresses that hold an id or a token.
type meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	seen     sync.Map // outcome → *gauges: what a request of its kind counts into
}

type outcome struct {
	route  string
	status int
}

type gauges struct {
	requests prometheus.Counter
	took     prometheus.Observer
}

func newMeter() *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "khue_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "khue_request_seconds", Help: "Time of requests by route.", Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.took)
	return m
}

func (m *meter) observe(route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	g, ok := m.seen.Load(outcome{route, status})
	if !ok {
		g, _ = m.seen.LoadOrStore(outcome{route, status}, &gauges{m.requests.WithLabelValues(route, strconv.Itoa(status)), m.took.WithLabelValues(route)})
	}
	both, _ := g.(*gauges)
	both.requests.Inc()
	both.took.Observe(took.Seconds())
}

func (m *meter) gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// handler serves the figures to this machine only: a proxy in front must not pass /metrics on.
func (m *meter) handler() http.Handler {
	h := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() || r.Header.Get("X-Forwarded-For") != "" {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}
