package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// TLS says how an SMTP connection is kept private.
type TLS string

// The ways of TLS.
const (
	StartTLS TLS = "starttls" // begins in clear, must change to TLS; port 587
	Implicit TLS = "tls"      // TLS from the first byte; port 465
	Clear    TLS = "none"     // for a relay on the same machine
)

// SMTPConfig says where messages are handed in and in whose name.
type SMTPConfig struct {
	Host     string
	Port     int // 0: 587, with Implicit 465, with Clear 25
	TLS      TLS // "": StartTLS
	User     string
	Password string
	From     string        // the centre's address
	FromName string        // its name
	HELO     string        // our name in the greeting; empty: the machine's
	Timeout  time.Duration // of one message; 0: 20 s
	Roots    *tls.Config   // for tests and private authorities; nil: the system's
}

// Validate names the setting that is wrong.
func (c SMTPConfig) Validate() error {
	if c.Host == "" {
		return errors.New("mail: host is empty")
	}
	if _, err := Address(c.From); err != nil {
		return fmt.Errorf("mail: from %q is no address", c.From)
	}
	switch c.TLS {
	case "", StartTLS, Implicit, Clear:
	default:
		return fmt.Errorf("mail: tls %q; write starttls, tls or none", c.TLS)
	}
	if c.Password != "" && c.TLS == Clear {
		return errors.New("mail: a password is not sent in clear; use starttls or tls")
	}
	return nil
}

// SMTP sends each message over a connection of its own.
type SMTP struct {
	c       SMTPConfig
	options []gomail.Option
}

// NewSMTP checks the settings. It connects at the first Send.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	options := []gomail.Option{gomail.WithTimeout(c.Timeout)}
	port := 587
	switch c.TLS {
	case Implicit:
		port = 465
		options = append(options, gomail.WithSSL())
	case Clear:
		port = 25
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.Port != 0 {
		port = c.Port
	}
	options = append(options, gomail.WithPort(port))
	if c.HELO != "" {
		options = append(options, gomail.WithHELO(c.HELO))
	}
	if c.Roots != nil {
		options = append(options, gomail.WithTLSConfig(c.Roots))
	}
	if c.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	s := &SMTP{c: c, options: options}
	if _, err := gomail.NewClient(c.Host, options...); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return s, nil
}

// Send hands the message to the server. An error says nothing about whether the server took it: send it again.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := build(m, s.c.From, s.c.FromName)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.c.Host, s.options...) // a client is not for two goroutines
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("mail: send to %s: %w", s.c.Host, err)
	}
	return nil
}
