package profile

import (
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"
)

// Topic is a matter that stories are about. A topic with children has no words of its own.
type Topic struct {
	Key      string   `yaml:"key"` // small letters, digits and "-"
	Vi       string   `yaml:"vi"`
	En       string   `yaml:"en"`
	Words    []string `yaml:"words"` // what a text about it says: the model begins with them
	WordsEN  []string `yaml:"words_en"`
	Texts    []string `yaml:"texts"` // sentences of our own
	TextsEN  []string `yaml:"texts_en"`
	Children []Topic  `yaml:"children"`
}

// Topics is a profile's tree of city matters and the fields of the national centre against false news.
type Topics struct {
	Version int     `yaml:"version"`
	Topics  []Topic `yaml:"topics"`
	Fields  []Topic `yaml:"fields"`
}

// OtherTopic is the key of the label for what is no matter of the city, and of the field of what is in no other.
const OtherTopic = "other"

// LoadTopics reads topics/topics.yaml. A topic is named by its path, "transport.roads"; every leaf needs words and sentences.
func LoadTopics(fsys fs.FS) (Topics, error) {
	const file = "topics/topics.yaml"
	var t Topics
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return t, err
	}
	if err := yaml.UnmarshalWithOptions(data, &t, yaml.Strict()); err != nil {
		return t, fmt.Errorf("%s: %w", file, err)
	}
	if t.Version != 1 {
		return t, fmt.Errorf("%s: version is %d; write version: 1", file, t.Version)
	}
	if len(t.Topics) == 0 || len(t.Fields) == 0 {
		return t, fmt.Errorf("%s: topics and fields are needed", file)
	}
	for _, list := range [][]Topic{t.Topics, t.Fields} {
		if err := checkTopics(list, ""); err != nil {
			return t, fmt.Errorf("%s: %w", file, err)
		}
	}
	return t, nil
}

func checkTopics(list []Topic, above string) error {
	seen := map[string]bool{}
	for _, t := range list {
		path := above + t.Key
		switch {
		case !plainKey(t.Key):
			return fmt.Errorf("topic %q: a key is small letters, digits and -", path)
		case seen[t.Key]:
			return fmt.Errorf("topic %s stands twice", path)
		case t.Vi == "" || t.En == "":
			return fmt.Errorf("topic %s needs vi and en", path)
		case len(t.Children) > 0 && (above != "" || len(t.Words)+len(t.Texts) > 0):
			return fmt.Errorf("topic %s: only the first level has children, and then no words of its own", path)
		case len(t.Children) == 0 && (len(t.Words) == 0 || len(t.WordsEN) == 0 || len(t.Texts) == 0):
			return fmt.Errorf("topic %s needs words, words_en and texts", path)
		}
		seen[t.Key] = true
		if err := checkTopics(t.Children, path+"."); err != nil {
			return err
		}
	}
	return nil
}

// plainKey tells whether a key is small letters, digits and "-".
func plainKey(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return s != ""
}
