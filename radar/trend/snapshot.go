package trend

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"slices"
)

// kept is a Detector as it is kept, version 1.
type kept struct {
	Swept   float64
	Stories []keptStory // by number
}

type keptStory struct {
	ID                                         uint64
	First, Last, Score, Past, PastAt, RaisedAt float64
	Voices                                     []keptVoice
}

type keptVoice struct {
	Source uint64
	At     float64
	Old    bool
}

// Marshal writes what the detector knows; the same knowledge gives the same bytes.
func (d *Detector) Marshal() ([]byte, error) {
	k := kept{Swept: d.swept}
	for id, p := range d.stories {
		s := keptStory{ID: id, First: p.first, Last: p.last, Score: p.score, Past: p.past, PastAt: p.pastAt, RaisedAt: p.raised}
		for _, v := range p.recent {
			s.Voices = append(s.Voices, keptVoice{v.source, v.at, v.old})
		}
		k.Stories = append(k.Stories, s)
	}
	slices.SortFunc(k.Stories, func(a, b keptStory) int { return cmp.Compare(a.ID, b.ID) })
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(k)
	return b.Bytes(), err
}

// Unmarshal gives the detector that Marshal wrote down, with the given options.
func Unmarshal(data []byte, o Options) (*Detector, error) {
	var k kept
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&k); err != nil {
		return nil, fmt.Errorf("trend: a kept detector cannot be read: %w", err)
	}
	d := New(o)
	d.swept = k.Swept
	for _, s := range k.Stories {
		p := &pace{first: s.First, last: s.Last, score: s.Score, past: s.Past, pastAt: s.PastAt, raised: s.RaisedAt}
		for _, v := range s.Voices {
			p.recent = append(p.recent, voice{source: v.Source, at: v.At, old: v.Old})
		}
		d.stories[s.ID] = p
	}
	return d, nil
}
