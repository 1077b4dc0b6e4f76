package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
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

	Mail         string `koanf:"mail"`               // "folder" (files in the data folder), "none", or smtp(s)://user@host:port
	MailFrom     string `koanf:"mail_from"`          // the centre's address
	MailPassword string `koanf:"mail_password_file"` // a file with the SMTP password
	Private      string `koanf:"private"`            // private networks that sources may lie in, parted by commas
	Proxies      string `koanf:"proxies"`            // proxies whose X-Forwarded-For is believed, parted by commas
	SSOIssuer    string `koanf:"sso_issuer"`         // the city's single sign-on (OpenID Connect); "" for none
	SSOClient    string `koanf:"sso_client"`
	SSOSecret    string `koanf:"sso_secret_file"` // a file with the client's secret
}

var defaults = map[string]any{
	"data": "./data", "listen": "127.0.0.1:8080", "origin": "http://localhost:8080", "database": "", "log": "text", "demo": false,
	"mail": "folder", "mail_from": "khue@localhost.localdomain", "mail_password_file": "", "private": "", "proxies": "",
	"sso_issuer": "", "sso_client": "", "sso_secret_file": "",
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
	if err := s.Validate(); err != nil {
		return s, err
	}
	if s.From["origin"] == "default" { // who says only where to listen is told where that can be opened
		if _, port, err := net.SplitHostPort(s.Listen); err == nil {
			s.Origin = "http://localhost:" + port
		}
	}
	return s, nil
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
	if _, err := prefixes(c.Private); err != nil {
		l.Add("private", problem.Invalid, "why", "10.0.0.0/8,192.168.0.0/16")
	}
	if _, err := prefixes(c.Proxies); err != nil {
		l.Add("proxies", problem.Invalid, "why", "127.0.0.1/32")
	}
	if m, err := url.Parse(c.Mail); c.Mail != "folder" && c.Mail != "none" && (err != nil || m.Host == "" || (m.Scheme != "smtp" && m.Scheme != "smtps")) {
		l.Add("mail", problem.Invalid, "why", "folder | none | smtp://user@host:587")
	}
	if (c.SSOIssuer == "") != (c.SSOClient == "") {
		l.Add("sso_client", problem.Invalid, "why", "sso_issuer + sso_client")
	}
	return l.Or()
}

// prefixes reads a list of networks or single addresses parted by commas.
func prefixes(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range strings.Split(list, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if a, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
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
		"mail": s.Mail, "mail_from": s.MailFrom, "mail_password_file": s.MailPassword, "private": s.Private, "proxies": s.Proxies,
		"sso_issuer": s.SSOIssuer, "sso_client": s.SSOClient, "sso_secret_file": s.SSOSecret,
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
