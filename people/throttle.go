package people

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"khue/problem"
	"khue/store"
)

// The lock grows with each wrong try past the free ones: 1, 2, 4 … minutes, at most an hour. A day without tries forgets them.
const (
	freeTries        = 5  // of one account
	freeAddressTries = 30 // of one machine or network: an office of many people comes from one address
	firstLock        = time.Minute
	longestLock      = time.Hour
	forgetTries      = 24 * time.Hour
)

// keyed hashes something that must not be kept in clear.
func (p *Room) keyed(what, value string) []byte {
	h := hmac.New(sha256.New, p.c.Key)
	h.Write([]byte(what + "\x00" + value))
	return h.Sum(nil)
}

// network gives what counts as one address: an IPv4 address, or an IPv6 /64. What is no address counts as itself.
func network(address string) string {
	host := address
	if ap, err := netip.ParseAddrPort(address); err == nil {
		host = ap.Addr().String()
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	pre, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return pre.String()
}

// device gives what stays of a browser's self-description when versions change, so that an update is no new device.
func device(agent string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, agent)
}

// lockFor gives how long a lock lasts after so many wrong tries; 0 while tries are free.
func lockFor(fails, free int64) time.Duration {
	if fails < free {
		return 0
	}
	d := firstLock
	for i := free; i < fails && d < longestLock; i++ {
		d *= 2
	}
	return min(d, longestLock)
}

// takeTry counts a try before its password is looked at, so that many at once cannot outrun the lock. A locked key gives
// problem.Locked with the minutes to wait, and is not counted.
func (p *Room) takeTry(ctx context.Context, tx *store.Tx, key []byte, free int64, now time.Time) (fails int64, err error) {
	var last, locked int64
	err = tx.QueryRow(ctx, sqlTry, key).Scan(&fails, &last, &locked)
	if err != nil {
		return 0, err
	}
	if wait := store.Time(locked).Sub(now); locked != 0 && wait > 0 {
		return fails, lockedFor(wait)
	}
	if now.Sub(store.Time(last)) >= forgetTries {
		fails = 0
	}
	fails++
	var until int64
	if d := lockFor(fails, free); d > 0 {
		until = store.Micros(now.Add(d))
	}
	_, err = tx.Exec(ctx, sqlPutTry, key, fails, store.Micros(now), until)
	return fails, err
}

func lockedFor(wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return problem.New(problem.Locked, "minutes", strconv.Itoa(max(minutes, 1)))
}
