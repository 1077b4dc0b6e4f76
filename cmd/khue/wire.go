package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"khue/internal/house"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/store"
)

func (s Settings) path(name string) string { return filepath.Join(s.Data, name) }

func (s Settings) storeConfig() store.Config {
	return store.Config{Database: s.Database, File: s.path(house.DBFile)}
}

// house gives what a house needs of the settings.
func (s Settings) house(log *slog.Logger, name string) (house.Config, error) {
	c := house.Config{Dir: s.Data, Database: s.Database, Origin: s.Origin, LogName: s.LogOrigin(), Demo: s.Demo, Log: log}
	var err error
	if c.Private, err = prefixes(s.Private); err != nil {
		return c, err
	}
	if c.Proxies, err = prefixes(s.Proxies); err != nil {
		return c, err
	}
	if c.Mail, err = s.sender(name); err != nil {
		return c, err
	}
	c.SSO, err = s.sso()
	return c, err
}

// sender gives the way of letters out: files in the data folder, an SMTP server, or none (then they wait).
func (s Settings) sender(name string) (mail.Sender, error) {
	switch s.Mail {
	case "none":
		return nil, nil
	case "folder":
		out, err := mail.NewFolder(s.path(house.MailDir), s.MailFrom, name)
		if errors.As(err, new(*fs.PathError)) {
			return nil, problem.Wrap(err, problem.Full)
		}
		if err != nil {
			return nil, problem.Wrap(err, problem.Usage, "why", "mail_from: "+s.MailFrom)
		}
		return out, nil
	}
	u, err := url.Parse(s.Mail)
	if err != nil {
		return nil, problem.Wrap(err, problem.Usage, "why", "mail: "+s.Mail)
	}
	c := mail.SMTPConfig{Host: u.Hostname(), User: u.User.Username(), From: s.MailFrom, FromName: name}
	if u.Scheme == "smtps" {
		c.TLS = mail.Implicit
	}
	if u.Query().Get("tls") == "none" {
		c.TLS = mail.Clear
	}
	if port := u.Port(); port != "" {
		if c.Port, err = strconv.Atoi(port); err != nil {
			return nil, problem.Wrap(err, problem.Usage, "why", "mail: "+port)
		}
	}
	if c.Password, err = secret("mail_password_file", s.MailPassword); err != nil {
		return nil, err
	}
	out, err := mail.NewSMTP(c)
	if err != nil {
		return nil, problem.Wrap(err, problem.Usage, "why", err.Error())
	}
	return out, nil
}

// sso gives the city's single sign-on, nil when none is set.
func (s Settings) sso() (*people.SSOConfig, error) {
	if s.SSOIssuer == "" {
		return nil, nil
	}
	password, err := secret("sso_secret_file", s.SSOSecret)
	if err != nil {
		return nil, err
	}
	return &people.SSOConfig{Issuer: s.SSOIssuer, ClientID: s.SSOClient, ClientSecret: password}, nil
}

// secret reads a secret from its file; "" for no file.
func secret(setting, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", problem.Wrap(errors.Join(errors.New(setting), err), problem.Usage, "why", setting+": "+path)
	}
	return strings.TrimSpace(string(data)), nil
}
