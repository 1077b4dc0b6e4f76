package live

import (
	"net/netip"
	"strings"
	"testing"

	"khue/ledger"
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

// Who hears of private entries hears what kind they are, not of which thing: the stream goes to every office.
func TestPrivateThingsHaveNoName(t *testing.T) {
	r := ledger.Record{Kind: "release.embargoed", Thing: "release/0192"}
	if f := string(Build(r).Bytes); strings.Contains(f, "0192") || !strings.Contains(f, "release.embargoed") {
		t.Error(f)
	}
	r.Public = true
	if f := string(Build(r).Bytes); !strings.Contains(f, "release/0192") {
		t.Error(f)
	}
}
