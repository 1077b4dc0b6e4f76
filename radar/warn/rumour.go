package warn

import (
	"cmp"
	"math"
	"slices"
	"time"

	"khue/radar/trend"
	"khue/text"
)

const (
	// rumourPrior is the share of stories that are taken to be rumours before anything is known of them.
	rumourPrior = 0.05
	// rumourVoices is the number of voices from which on a story is judged: one text says nothing of a story.
	rumourVoices = 3
	// mostVoices bounds the voices that are looked at; by then people have seen it.
	mostVoices = 40
	// mostUnits bounds the quantities of a story that are compared.
	mostUnits = 24
	// mostValues bounds the versions of one quantity.
	mostValues = 6
	// loose is the nearness up to which a mention is no voice in its story.
	loose = 0.15
	// clip bounds what one text adds.
	clip = 4.0
	// byPeople and byVersions are what it adds that accounts tell it and not the press, and that they contradict each other. Set by
	// hand: no collection here has both.
	byPeople   = 0.5
	byVersions = 0.7
)

// hearsay is what is known of a story's words.
type hearsay struct {
	Last     time.Time
	Who      []uint64 // sources and accounts that had their say
	Words    float64  // sum of the log odds of their words
	Feats    [features]float64
	Official int // voices that name an office
	Accounts int // voices of accounts
	Units    []unit
}

// unit is one quantity of a story ("người chết") in the versions told.
type unit struct {
	Name   string
	Values []float64
	Who    []uint64 // who said each first
}

// hear adds a mention to what its story sounds like, and tells when that is a rumour.
func (d *Detector) hear(m *Mention, give func(Signal)) {
	if !m.New && m.Near <= loose {
		return
	}
	h := d.rumour[m.Story]
	if h == nil {
		h = &hearsay{}
		d.rumour[m.Story] = h
	}
	h.Last = m.At
	who := m.Account
	if who == 0 {
		who = trend.Key(m.Source)
	}
	if len(h.Who) >= mostVoices || slices.Contains(h.Who, who) {
		return
	}
	words := m.words()
	z, f := wording(words)
	if refutes(words) {
		z -= clip // who denies it does not spread it
	}
	h.Who = append(h.Who, who)
	h.Words += max(-clip, min(clip, z))
	for i := range f {
		h.Feats[i] += f[i]
	}
	if f[featOffice] > 0 && f[featCite] > 0 {
		h.Official++
	}
	if m.Account != 0 {
		h.Accounts++
	}
	h.quantities(words, who)
	if n := len(h.Who); n >= rumourVoices {
		if p := h.probability(); p >= d.opt.Rumour {
			give(Signal{Kind: Rumour, Score: p, Reasons: h.reasons()})
		}
	}
}

func (h *hearsay) probability() float64 {
	n := float64(len(h.Who))
	z := math.Log(rumourPrior/(1-rumourPrior)) + h.Words/n*1.5
	if h.Accounts*2 > len(h.Who) {
		z += byPeople
	}
	if h.versions() > 0 {
		z += byVersions
	}
	z -= 2 * float64(h.Official) / n // an office that says it is the opposite of hearsay
	return 1 / (1 + math.Exp(-z))
}

// reasons says what spoke for it, the strongest first.
func (h *hearsay) reasons() []Reason {
	list := []Reason{{"rumour.voices", map[string]any{"n": len(h.Who), "official": h.Official}}}
	type part struct {
		key  string
		gain float64
	}
	n := float64(len(h.Who))
	parts := []part{
		{"rumour.hearsay", wordingWeights[featHearsay] * h.Feats[featHearsay] / n},
		{"rumour.nobody", wordingWeights[featNobody] * h.Feats[featNobody] / n},
		{"rumour.urge", wordingWeights[featUrge] * h.Feats[featUrge] / n},
		{"rumour.shock", wordingWeights[featShock] * h.Feats[featShock] / n},
		{"rumour.marks", (wordingWeights[featMarks]*h.Feats[featMarks] + wordingWeights[featCapitals]*h.Feats[featCapitals]) / n},
		{"rumour.disguised", wordingWeights[featDisguised] * h.Feats[featDisguised] / n},
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.gain, a.gain) })
	for _, p := range parts[:3] {
		if p.gain >= 0.1 {
			list = append(list, Reason{Key: p.key})
		}
	}
	if v := h.versions(); v > 0 {
		list = append(list, Reason{"rumour.versions", map[string]any{"n": v}})
	}
	if h.Accounts*2 > len(h.Who) {
		list = append(list, Reason{Key: "rumour.accounts"})
	}
	return list
}

// head is how much of a text's beginning is compared for its quantities, in bytes.
const head = 1500

// quantities notes the numbers of a text with what they count: the two syllables behind them.
func (h *hearsay) quantities(words string, who uint64) {
	words = text.Cut(words, head)
	syllables := text.Syllables(words)
	for _, found := range text.Numbers(words) {
		i, _ := slices.BinarySearchFunc(syllables, found.End, func(s text.Span, end int) int { return s.Start - end })
		if i+1 >= len(syllables) || syllables[i+1].End-found.End > 40 {
			continue
		}
		h.quantity(text.Fold(syllables[i].Of(words)+" "+syllables[i+1].Of(words)), found.N, who)
	}
}

func (h *hearsay) quantity(name string, value float64, who uint64) {
	i := slices.IndexFunc(h.Units, func(u unit) bool { return u.Name == name })
	if i < 0 {
		if len(h.Units) < mostUnits {
			h.Units = append(h.Units, unit{name, []float64{value}, []uint64{who}})
		}
		return
	}
	u := &h.Units[i]
	if len(u.Values) < mostValues && !slices.Contains(u.Values, value) && !slices.Contains(u.Who, who) {
		u.Values, u.Who = append(u.Values, value), append(u.Who, who)
	}
}

// versions counts the quantities that different voices tell differently.
func (h *hearsay) versions() int {
	n := 0
	for _, u := range h.Units {
		if len(u.Values) > 1 {
			n++
		}
	}
	return n
}

func (d *Detector) mergeHearsay(from, into uint64) {
	a, b := d.rumour[into], d.rumour[from]
	if b == nil {
		return
	}
	delete(d.rumour, from)
	if a == nil {
		d.rumour[into] = b
		return
	}
	room := mostVoices - len(a.Who)
	if room <= 0 {
		return
	}
	a.Words += b.Words
	a.Official, a.Accounts = a.Official+b.Official, a.Accounts+b.Accounts
	for i := range a.Feats {
		a.Feats[i] += b.Feats[i]
	}
	a.Who = append(a.Who, b.Who...) // a voice of both counts twice, in the sums as well
	for _, u := range b.Units {
		for i, v := range u.Values {
			a.quantity(u.Name, v, u.Who[i])
		}
	}
	if b.Last.After(a.Last) {
		a.Last = b.Last
	}
}
