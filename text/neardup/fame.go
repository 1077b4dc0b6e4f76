package neardup

// fame counts in how many groups a gram was met. Its memory is bounded: where it is full, what was met once makes room, so that what
// comes often is counted and the rest is not (Misra and Gries 1982, in lines of half a cache line).
type fame struct {
	lines [][width]uint32 // each word: 24 bits of the gram above 8 of its count
	taken int
	read  uint32 // what append read ahead; of no meaning
}

const (
	width     = 8
	fewLines  = 1 << 11
	mostLines = 1 << 20 // 32 MB, eight million grams
)

func newFame() *fame { return &fame{lines: make([][width]uint32, fewLines)} }

func (f *fame) line(g uint32) *[width]uint32 { return &f.lines[g&uint32(len(f.lines)-1)] }

// of gives how often a gram was counted, up to 255.
func (f *fame) of(g uint32) uint8 {
	for _, w := range f.line(g) {
		if w>>8 == g>>8 {
			return uint8(w)
		}
	}
	return 0
}

// append appends how often each gram of a text was counted to dst.
func (f *fame) append(dst []uint8, p *Print) []uint8 {
	for _, g := range p.grams { // the lines come from memory side by side, not one after another as the loop below needs them
		f.read += f.line(g.five)[0]
	}
	for _, g := range p.grams {
		dst = append(dst, f.of(g.five))
	}
	return dst
}

// count counts a gram once more.
func (f *fame) count(g uint32) {
	l := f.line(g)
	least, at := uint32(256), uint32(0)
	for k := range uint32(width) {
		i := (k + g>>28) % width // not always the same one makes room
		w := l[i]
		if w>>8 == g>>8 && w&255 > 0 {
			if w&255 < 255 {
				l[i]++
			}
			return
		}
		if w&255 < least {
			least, at = w&255, i
		}
	}
	switch {
	case least > 1:
		l[at]--
	default:
		l[at] = g>>8<<8 | 1
		if f.taken += 1 - int(least); f.taken > len(f.lines)*width/2 && len(f.lines) < mostLines {
			f.grow()
		}
	}
}

// grow doubles the lines.
func (f *fame) grow() {
	old := f.lines
	f.lines = make([][width]uint32, 2*len(old))
	var n [2]int
	for i, l := range old {
		n = [2]int{}
		for _, w := range l {
			if w&255 == 0 {
				continue
			}
			// the bit of the gram that tells the halves apart stands in the word
			half := int(w >> 8 << 8 & uint32(len(old)) / uint32(len(old)))
			f.lines[i+half*len(old)][n[half]] = w
			n[half]++
		}
	}
}
