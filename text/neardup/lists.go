package neardup

// listed is how many texts are kept for one gram: what more have identifies none of them.
const listed = 16

// lists holds the texts that stand for groups by their grams: a table with open addressing whose slots hold the first text themselves,
// since most grams have only one.
type lists struct {
	slots []slot
	more  []link // further texts of a gram
	taken int
	read  uint32 // what readAhead read; of no meaning
}

type slot struct {
	gram uint32
	link
}

// link is a text, and where the next one is; both plus one, 0 for none.
type link struct{ core, next uint32 }

const fewSlots = 1 << 10

func newLists() lists { return lists{slots: make([]slot, fewSlots)} }

// at gives the slot of a gram, an empty one if it has none.
func (l *lists) at(gram uint32) *slot {
	mask := uint32(len(l.slots) - 1)
	for i := gram & mask; ; i = (i + 1) & mask {
		if s := &l.slots[i]; s.core == 0 || s.gram == gram {
			return s
		}
	}
}

// readAhead has a slot come from memory while others are on their way.
func (l *lists) readAhead(gram uint32) { l.read += l.slots[gram&uint32(len(l.slots)-1)].core }

// next gives the next text of a list, none at its end.
func (l *lists) next(k link) link {
	if k.next == 0 {
		return link{}
	}
	return l.more[k.next-1]
}

// add puts a text on the list of a gram, unless that is full.
func (l *lists) add(gram, core uint32) {
	s := l.at(gram)
	if s.core == 0 {
		*s = slot{gram, link{core: core + 1}}
		if l.taken++; l.taken > len(l.slots)/2 {
			l.grow()
		}
		return
	}
	n := 1
	for i := s.next; i != 0; i = l.more[i-1].next {
		n++
	}
	if n < listed {
		l.more = append(l.more, link{core + 1, s.next})
		s.next = uint32(len(l.more))
	}
}

func (l *lists) grow() {
	old := l.slots
	l.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.core != 0 {
			*l.at(s.gram) = s
		}
	}
}
