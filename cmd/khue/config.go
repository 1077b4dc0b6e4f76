package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	goyaml "github.com/goccy/go-yaml"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"khue/problem"
)

// Config is what an operator can set: by flag, by KHUE_* in the environment, or in khue.yaml, in that order of strength.
type Config struct {
	Data     string `koanf:"data"`     // the data folder
	Listen   string `koanf:"listen"`   // address and port to listen on
	Origin   string `koanf:"origin"`   // the public address, scheme and host
	Database string `koanf:"database"` // a PostgreSQL address; empty: SQLite in the data folder
	Log      string `koanf:"log"`      // "text" or "json"
	Demo     bool   `koanf:"demo"`     // the data is a demo: every page says so
}

var defaults = map[string]any{
	"data": "./data", "listen": "127.0.0.1:8080", "origin": "http://localhost:8080", "database": "", "log": "text", "demo": false,
}

// secretKeys are settings whose value is not printed.
var secretKeys = []string{"database"}

// Settings is a Config and where each value comes from.
type Settings struct {
	Config
	From map[string]string // key → "default", a file's name, "KHUE_X" or "--x"
}

// LoadSettings merges the layers: defaults, file, environment, flags. A key that nobody knows is an error that names it.
func LoadSettings(path string, env []string, flags map[string]any) (Settings, error) {
	s := Settings{From: map[string]string{}}
	k := koanf.New(".")
	layer := func(values map[string]any, from func(key string) string) error {
		for key := range values {
			if _, ok := defaults[key]; !ok {
				return problem.Wrap(fmt.Errorf("%s: unknown setting %q", from(key), key), problem.Usage, "why", from(key)+": "+key+"?")
			}
			s.From[key] = from(key)
		}
		return k.Load(confmap.Provider(values, "."), nil)
	}
	if err := layer(defaults, func(string) string { return "default" }); err != nil {
		return s, err
	}
	values, name, err := fromFile(path)
	if err != nil {
		return s, err
	}
	if err := layer(values, func(string) string { return name }); err != nil {
		return s, err
	}
	if err := layer(fromEnv(env), func(key string) string { return "KHUE_" + strings.ToUpper(key) }); err != nil {
		return s, err
	}
	if err := layer(flags, func(key string) string { return "--" + key }); err != nil {
		return s, err
	}
	if err := k.Unmarshal("", &s.Config); err != nil {
		return s, problem.Wrap(err, problem.Usage, "why", err.Error())
	}
	return s, s.Validate()
}

// fromFile reads khue.yaml, or the file that was named; that one must exist.
func fromFile(path string) (map[string]any, string, error) {
	named := path != ""
	if !named {
		path = "khue.yaml"
	}
	k := koanf.New(".")
	err := k.Load(file.Provider(path), yaml.Parser())
	if errors.Is(err, os.ErrNotExist) && !named {
		return nil, path, nil
	}
	if err != nil {
		return nil, path, problem.Wrap(err, problem.Usage, "why", path+": "+firstOf(err))
	}
	return k.All(), path, nil
}

func firstOf(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// fromEnv takes KHUE_* of settings that exist; other KHUE_* variables belong to tests and tools.
func fromEnv(env []string) map[string]any {
	values := map[string]any{}
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		key, ok := strings.CutPrefix(name, "KHUE_")
		if !ok {
			continue
		}
		key = strings.ToLower(key)
		if _, known := defaults[key]; known {
			values[key] = value
		}
	}
	return values
}

// Validate checks the values and names the setting that is wrong.
func (c Config) Validate() error {
	var l problem.List
	u, err := url.Parse(c.Origin)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		l.Add("origin", problem.Invalid, "why", "http(s)://host[:port]")
	}
	if _, port, ok := strings.Cut(c.Listen, ":"); !ok || port == "" {
		l.Add("listen", problem.Invalid, "why", "127.0.0.1:8080")
	}
	if c.Data == "" {
		l.Add("data", problem.Required)
	}
	if c.Log != "text" && c.Log != "json" {
		l.Add("log", problem.Invalid, "why", "text | json")
	}
	return l.Or()
}

// LogOrigin is the name of the public log: the origin's host and "/log".
func (c Config) LogOrigin() string {
	u, err := url.Parse(c.Origin)
	if err != nil {
		return "localhost/log"
	}
	return u.Host + "/log"
}

// Print writes what is in force and from where, as YAML with comments. Secrets are not shown.
func (s Settings) Print(w io.Writer) error {
	keys := make([]string, 0, len(s.From))
	for key := range s.From {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	values := map[string]any{
		"data": s.Data, "listen": s.Listen, "origin": s.Origin, "database": s.Database, "log": s.Log, "demo": s.Demo,
	}
	for _, key := range keys {
		v := values[key]
		if slices.Contains(secretKeys, key) && v != "" {
			v = "(…)"
		}
		line, err := yamlLine(key, v)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%-40s # %s\n", line, s.From[key]); err != nil {
			return err
		}
	}
	return nil
}

func yamlLine(key string, v any) (string, error) {
	b, err := goyaml.Marshal(map[string]any{key: v})
	return strings.TrimSpace(string(b)), err
}
