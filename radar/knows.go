package radar

import (
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"sync"

	"khue/profile"
	"khue/radar/about"
	"khue/radar/topic"
	"khue/store"
)

// Knowledge is what a profile knows of its city: the names of its places and offices, and its topics. It is read only.
type Knowledge struct {
	gazetteer *about.Gazetteer
	districts map[string]string // names of former districts by code
	*subjects
}

// LoadKnowledge reads a profile's names and topics.
func LoadKnowledge(fsys fs.FS) (*Knowledge, error) {
	g, err := LoadNames(fsys)
	if err != nil {
		return nil, err
	}
	s, err := loadSubjects(fsys)
	if err != nil {
		return nil, err
	}
	units, err := profile.LoadUnits(fsys)
	if err != nil {
		return nil, err
	}
	k := &Knowledge{g, map[string]string{}, s}
	for _, f := range units.Former {
		k.districts[f.DistrictCode] = f.District
	}
	return k, nil
}

// District gives the name of a district of before by its code, "" when there was none.
func (r *Room) District(code string) string {
	if r.knows == nil {
		return ""
	}
	return r.knows.districts[code]
}

// taught is the models with every correction that analysts made so far, in the order in which they made them.
type taught struct {
	mu     sync.RWMutex
	models map[string]*topic.Model // guarded by mu; by way
	last   int64                   // lesson
}

// study takes in the corrections since it last ran, those of other processes too.
func (r *Room) study(ctx context.Context) error {
	t := &r.taught
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.models == nil {
		t.models = map[string]*topic.Model{}
		for way, m := range r.knows.models {
			t.models[way] = m.Clone()
		}
	}
	type lesson struct {
		n   int64
		way string
		topic.Example
	}
	for {
		rows, err := r.db.Query(ctx, sqlLessonsAfter, t.last)
		list, err := store.All(rows, err, func(row store.Row) (l lesson, err error) {
			var data string
			if err := row.Scan(&l.n, &l.way, &l.Label, &data); err != nil {
				return l, err
			}
			return l, json.Unmarshal([]byte(data), &l.Features)
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, l := range list {
			if m := t.models[l.way]; m != nil {
				m.Teach(l.Example) // a label that the profile no longer has teaches nothing
			}
			t.last = l.n
		}
	}
}

// guesses gives topic and field of features by the models as they are taught now.
func (r *Room) guesses(f topic.Features) (labels map[string]string, p map[string]float64) {
	r.taught.mu.RLock()
	defer r.taught.mu.RUnlock()
	labels, p = map[string]string{}, map[string]float64{}
	for way, m := range r.taught.models {
		labels[way], p[way] = guess(m, way, f)
	}
	return labels, p
}

// explain gives the features that made a label, and the strongest of a label.
func (r *Room) explain(way, label string, f topic.Features, n int) []topic.Part {
	r.taught.mu.RLock()
	defer r.taught.mu.RUnlock()
	if m := r.taught.models[way]; m != nil {
		if f == nil {
			return m.Strongest(label, n)
		}
		return m.Explain(f, label, n)
	}
	return nil
}

// Subjects gives the tree of one way, ByTopic or ByField; nil for another, or when the room knows no city.
func (r *Room) Subjects(way string) []Subject {
	if r.knows == nil {
		return nil
	}
	return r.knows.tree[way]
}

// Subject gives one subject by its path.
func (r *Room) Subject(way, key string) (Subject, bool) {
	if r.knows == nil {
		return Subject{}, false
	}
	s, ok := r.knows.names[way][key]
	return s, ok
}

// Labels gives the paths of one way that a story can have: those without children.
func (r *Room) Labels(way string) []string {
	if r.knows == nil {
		return nil
	}
	return r.knows.labels[way]
}

// features reads what an about row keeps.
func features(data string) (topic.Features, error) {
	f := map[string]float64{}
	err := json.Unmarshal([]byte(data), &f)
	return maps.Clone(f), err
}
