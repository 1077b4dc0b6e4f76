package warn

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"time"

	"khue/radar/trend"
)

// format is the version of a kept detector; one of another version is not read.
const format = 1

type kept struct {
	Format int
	Trend  []byte
	Rumour map[uint64]*hearsay
	Crowd  *crowd
	Last   map[Kind]map[uint64]time.Time
	Swept  time.Time
}

// Marshal writes down what the detector knows, for Unmarshal.
func (d *Detector) Marshal() ([]byte, error) {
	k := kept{Format: format, Rumour: d.rumour, Crowd: d.crowd, Last: map[Kind]map[uint64]time.Time{}, Swept: d.swept}
	var err error
	if k.Trend, err = d.trend.Marshal(); err != nil {
		return nil, err
	}
	for key, at := range d.last {
		if k.Last[key.kind] == nil {
			k.Last[key.kind] = map[uint64]time.Time{}
		}
		k.Last[key.kind][key.story] = at
	}
	var b bytes.Buffer
	err = gob.NewEncoder(&b).Encode(k)
	return b.Bytes(), err
}

// Unmarshal gives the detector that Marshal wrote down, with the given options and checks. What an earlier version kept, the detector of
// bursts alone, is taken up too.
func Unmarshal(data []byte, o Options, c Checks) (*Detector, error) {
	d := New(o, c)
	var k kept
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&k); err != nil || k.Format != format {
		bursts, older := trend.Unmarshal(data, o.Trend)
		if older != nil {
			return nil, fmt.Errorf("warn: a kept detector cannot be read: %w", older)
		}
		d.trend = bursts
		return d, nil
	}
	var err error
	if d.trend, err = trend.Unmarshal(k.Trend, o.Trend); err != nil {
		return nil, err
	}
	d.swept = k.Swept
	if k.Rumour != nil {
		d.rumour = k.Rumour
	}
	if k.Crowd != nil {
		c := newCrowd()
		if k.Crowd.Things != nil {
			c.Things = k.Crowd.Things
		}
		if k.Crowd.Pairs != nil {
			c.Pairs = k.Crowd.Pairs
		}
		if k.Crowd.Groups != nil {
			c.Groups = k.Crowd.Groups
		}
		d.crowd = c
	}
	for kind, stories := range k.Last {
		for story, at := range stories {
			d.last[told{kind, story}] = at
		}
	}
	return d, nil
}
