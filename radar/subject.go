package radar

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"khue/profile"
	"khue/radar/about"
	"khue/radar/topic"
)

// The two ways in which stories are put into subjects.
const (
	ByTopic = "topic" // the city's tree of matters; labels are paths of leaves: "transport.roads"
	ByField = "field" // the eight fields of the national centre against false news
)

// Subject is a topic or a field as pages show it.
type Subject struct {
	Key      string // its path
	Vi, En   string
	Children []Subject
}

// Name gives the subject's name in a language.
func (s Subject) Name(lang string) string {
	if lang == "en" {
		return s.En
	}
	return s.Vi
}

// subjects is a profile's subjects with their untaught models.
type subjects struct {
	tree   map[string][]Subject // by way
	names  map[string]map[string]Subject
	labels map[string][]string
	models map[string]*topic.Model
}

// loadSubjects reads a profile's topics and the models that were trained from them.
func loadSubjects(fsys fs.FS) (*subjects, error) {
	t, err := profile.LoadTopics(fsys)
	if err != nil {
		return nil, err
	}
	s := &subjects{tree: map[string][]Subject{}, names: map[string]map[string]Subject{}, labels: map[string][]string{}, models: map[string]*topic.Model{}}
	for way, list := range map[string][]profile.Topic{ByTopic: t.Topics, ByField: t.Fields} {
		s.names[way] = map[string]Subject{}
		s.tree[way] = s.grow(way, list, "")
		data, err := fs.ReadFile(fsys, "topics/"+way+".json")
		if err != nil {
			return nil, err
		}
		if s.models[way], err = topic.Unmarshal(data); err != nil {
			return nil, err
		}
		if !slices.Equal(s.models[way].Labels, s.labels[way]) {
			return nil, errors.New("topics/" + way + ".json was trained for other topics: KHUE_TRAIN=1 go test ./radar -run TestModelFiles")
		}
	}
	return s, nil
}

func (s *subjects) grow(way string, list []profile.Topic, above string) []Subject {
	var out []Subject
	for _, t := range list {
		one := Subject{Key: above + t.Key, Vi: t.Vi, En: t.En}
		if len(t.Children) > 0 {
			one.Children = s.grow(way, t.Children, one.Key+".")
		} else {
			s.labels[way] = append(s.labels[way], one.Key)
		}
		s.names[way][one.Key] = one
		out = append(out, one)
	}
	return out
}

// examples gives what a profile's subjects are trained from: each word and each sentence, as the digester reads them.
func examples(d *about.Digester, list []profile.Topic, above string) []topic.Example {
	var out []topic.Example
	for _, t := range list {
		label := above + t.Key
		out = append(out, examples(d, t.Children, label+".")...)
		for _, texts := range [][]string{t.Words, t.WordsEN, t.Texts, t.TextsEN} {
			for _, s := range texts {
				out = append(out, topic.Example{Features: d.Features(about.Text{Body: s}), Label: label})
			}
		}
	}
	return out
}

// Train makes the model of one way from a profile's words and sentences, as it is shipped with the profile.
func Train(fsys fs.FS, way string) (*topic.Model, error) {
	t, err := profile.LoadTopics(fsys)
	if err != nil {
		return nil, err
	}
	labels, list, err := training(fsys, t, way)
	if err != nil {
		return nil, err
	}
	return topic.Train(labels, list)
}

func training(fsys fs.FS, t profile.Topics, way string) ([]string, []topic.Example, error) {
	g, err := LoadNames(fsys)
	if err != nil {
		return nil, nil, err
	}
	list := t.Topics
	if way == ByField {
		list = t.Fields
	}
	s := &subjects{names: map[string]map[string]Subject{way: {}}, labels: map[string][]string{}}
	s.grow(way, list, "")
	return s.labels[way], examples(about.NewDigester(g, nil), list, ""), nil
}

// sure is the least probability at which a subject is told; below it the machine says that it does not know.
var sure = map[string]float64{ByTopic: 0.27, ByField: 0.25}

// guess gives the subject of features by a model, "" when it is not sure. A topic of the tree is sure when its branch is: its leaf is
// then the likeliest of the branch.
func guess(m *topic.Model, way string, f topic.Features) (label string, p float64) {
	if len(f) == 0 {
		return "", 0
	}
	list := m.Guess(f)
	branch, first := map[string]float64{}, map[string]string{}
	for _, g := range list {
		b := branchOf(g.Label)
		branch[b] += g.P
		if first[b] == "" {
			first[b] = g.Label
		}
	}
	keys := make([]string, 0, len(branch))
	for b := range branch {
		keys = append(keys, b)
	}
	slices.Sort(keys)
	best := slices.MaxFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(branch[a], branch[b]), cmp.Compare(b, a)) })
	if branch[best] < sure[way] {
		return "", branch[best]
	}
	return first[best], branch[best]
}

// branchOf gives the first level of a subject's path.
func branchOf(key string) string {
	b, _, _ := strings.Cut(key, ".")
	return b
}
