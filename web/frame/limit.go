package frame

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxKeys bounds what a Limiter remembers; when it is full the oldest half is forgotten.
const maxKeys = 100_000

// Limiter allows n acts a period for each key, as a bucket that refills evenly.
type Limiter struct {
	now    func() time.Time
	n      float64
	period time.Duration

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// NewLimiter makes a limiter of n acts a period.
func NewLimiter(now func() time.Time, n int, period time.Duration) *Limiter {
	return &Limiter{now: now, n: float64(n), period: period, buckets: map[string]bucket{}}
}

// Take uses one act of a key: 0 when it is allowed, else how long to wait.
func (l *Limiter) Take(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= maxKeys {
			l.forget(now)
		}
		b = bucket{left: l.n, at: now}
	}
	b.left = min(l.n, b.left+l.n*float64(now.Sub(b.at))/float64(l.period))
	b.at = now
	if b.left < 1 {
		l.buckets[key] = b
		return time.Duration((1 - b.left) / l.n * float64(l.period))
	}
	b.left--
	l.buckets[key] = b
	return 0
}

// forget drops the keys that are full again, and if that is too few, every second one. Called with mu held.
func (l *Limiter) forget(now time.Time) {
	for k, b := range l.buckets {
		if now.Sub(b.at) >= l.period {
			delete(l.buckets, k)
		}
	}
	odd := false
	if len(l.buckets) > maxKeys/2 {
		for k := range l.buckets {
			if odd = !odd; odd {
				delete(l.buckets, k)
			}
		}
	}
}

// How many forms may be sent in a minute: by an address without a session, by one session (autosave sends every few seconds),
// and by all sessions of one address, since an office shares one.
const (
	visitorWrites = 30
	sessionWrites = 120
	officeWrites  = 1200
)

// writes limits what changes something. A session's cookie is not proven here: a made-up one meets the address's own limit.
type writes struct{ visitor, session, office *Limiter }

func newWrites(now func() time.Time) writes {
	return writes{NewLimiter(now, visitorWrites, time.Minute), NewLimiter(now, sessionWrites, time.Minute), NewLimiter(now, officeWrites, time.Minute)}
}

// take uses one act: 0 when it is allowed, else how long to wait.
func (w writes) take(r *Request, session string) time.Duration {
	from := network(r.From).String()
	if session != "" {
		if c, err := r.Cookie(session); err == nil && c.Value != "" {
			if wait := w.office.Take(from); wait > 0 {
				return wait
			}
			sum := sha256.Sum256([]byte(c.Value))
			return w.session.Take(string(sum[:]))
		}
	}
	return w.visitor.Take(from)
}
