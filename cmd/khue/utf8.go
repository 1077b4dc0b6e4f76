package main

// utf8Steps is an automaton that reads UTF-8 as RFC 3629 has it: for each byte, six bits for each state it may be met in, which are the
// state after it. To step on is one shift by the state (Per Vognsen's way), whatever the byte, where a chain of branches is wrong at
// every second letter of Vietnamese.
var utf8Steps = func() (steps [256]uint64) {
	const ( // states, as the shift to their bits
		whole = 6 * iota // between characters
		wrong            // for ever
		one              // one byte of 80 to BF is missing
		two
		three
		afterE0 // A0 to BF, then one
		afterED // 80 to 9F, then one
		afterF0 // 90 to BF, then two
		afterF4 // 80 to 8F, then two
	)
	for b := range steps {
		next := map[uint]uint64{whole: wrong, wrong: wrong, one: wrong, two: wrong, three: wrong, afterE0: wrong, afterED: wrong, afterF0: wrong, afterF4: wrong}
		switch {
		case b < 0x80:
			next[whole] = whole
		case b < 0xC0:
			next[one], next[two], next[three] = whole, one, two
			if b >= 0xA0 {
				next[afterE0] = one
			} else {
				next[afterED] = one
			}
			if b >= 0x90 {
				next[afterF0] = two
			} else {
				next[afterF4] = two
			}
		case b == 0xE0:
			next[whole] = afterE0
		case b == 0xED:
			next[whole] = afterED
		case b == 0xF0:
			next[whole] = afterF0
		case b == 0xF4:
			next[whole] = afterF4
		case b >= 0xC2 && b < 0xE0:
			next[whole] = one
		case b > 0xE0 && b < 0xF0:
			next[whole] = two
		case b > 0xF0 && b < 0xF4:
			next[whole] = three
		}
		for state, to := range next {
			steps[b] |= to << state
		}
	}
	return steps
}()

// validUTF8 is utf8.Valid, faster where every third letter is of several bytes.
func validUTF8(s []byte) bool {
	state := uint64(0)
	for _, b := range s {
		state = utf8Steps[b] >> (state & 63)
	}
	return state&63 == 0
}
