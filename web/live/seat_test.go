package live

import (
	"net/netip"
	"testing"
)

// One machine cannot take every stream: its address has a bound, and gives its places back.
func TestOneAddressHasABound(t *testing.T) {
	h := &Hub{from: map[netip.Addr]int{}}
	a, b := netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("203.0.113.10")
	var leave []func()
	for range maxOfOne {
		l, ok := h.seat(a)
		if !ok {
			t.Fatal("refused too early")
		}
		leave = append(leave, l)
	}
	if _, ok := h.seat(a); ok {
		t.Error("one address has more streams than its bound")
	}
	if l, ok := h.seat(b); !ok {
		t.Error("another address is refused for it")
	} else {
		l()
	}
	for _, l := range leave {
		l()
	}
	if len(h.from) != 0 {
		t.Errorf("%d addresses are remembered", len(h.from))
	}
}
