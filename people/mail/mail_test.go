package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"khue/people/mail"
	"khue/problem"
)

var at = time.Date(2026, 11, 9, 1, 0, 0, 0, time.UTC)

func letter() mail.Message {
	return mail.Message{ID: "link/1", To: "lan@sxd.example", ToName: "Nguyễn Lan", Subject: "Mời bạn vào Khuê", Text: "Chào Lan,\n\n.một dấu chấm đầu dòng\n" + strings.Repeat("dài ", 400) + "\n", Lang: "vi", At: at}
}

// server is an SMTP server in this process that keeps what it gets.
type server struct {
	mu     sync.Mutex
	got    [][]byte // guarded by mu
	to     []string // guarded by mu
	refuse error    // guarded by mu
	user   string   // needs AUTH PLAIN when not empty
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s: s}, nil }

type session struct {
	s    *server
	auth bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.s.user || password != "bí mật" {
			return smtp.ErrAuthFailed
		}
		s.auth = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.s.user != "" && !s.auth {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.to = append(s.s.to, to)
	return s.s.refuse
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.got = append(s.s.got, data)
	return err
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// serve runs the server until the test ends; tlsOf gives it a certificate.
func serve(t *testing.T, s *server, withTLS bool) (mail.SMTPConfig, *smtp.Server) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(s)
	srv.Domain = "localhost"
	c := mail.SMTPConfig{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "tin@khue.example", FromName: "Trung tâm Báo chí", TLS: mail.Clear, HELO: "khue.example"}
	if withTLS {
		cert, pool := certificate(t)
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
		c.TLS, c.Roots = mail.StartTLS, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
	} else {
		srv.AllowInsecureAuth = true
	}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(l) }()
	t.Cleanup(func() { srv.Close(); <-done })
	return c, srv
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// read takes a message apart as a mail program does.
func read(t *testing.T, data []byte) (netmail.Header, string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	body := m.Body
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, strings.ReplaceAll(string(text), "\r\n", "\n")
}

func checkLetter(t *testing.T, data []byte) (id string) {
	t.Helper()
	head, text := read(t, data)
	subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
	if err != nil || subject != letter().Subject {
		t.Errorf("subject %q %v", subject, err)
	}
	if to, err := head.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "lan@sxd.example" || to[0].Name != "Nguyễn Lan" {
		t.Errorf("to %v %v", to, err)
	}
	if from, err := head.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != "tin@khue.example" {
		t.Errorf("from %v %v", from, err)
	}
	if d, err := head.Date(); err != nil || !d.Equal(at) {
		t.Errorf("date %v %v", d, err)
	}
	if head.Get("Auto-Submitted") != "auto-generated" || head.Get("Content-Language") != "vi" {
		t.Errorf("%v", head)
	}
	if strings.TrimRight(text, "\n") != strings.TrimRight(letter().Text, "\n") {
		t.Errorf("text %q", text)
	}
	return head.Get("Message-Id")
}

func TestSMTPSends(t *testing.T) {
	s := &server{}
	c, _ := serve(t, s, false)
	out, err := mail.NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := out.Send(context.Background(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	other := letter()
	other.ID = "link/2"
	if err := out.Send(context.Background(), other); err != nil {
		t.Fatal(err)
	}
	one, two, three := checkLetter(t, s.got[0]), checkLetter(t, s.got[1]), checkLetter(t, s.got[2])
	if one == "" || one != two || one == three || !strings.HasSuffix(one, "@khue.example>") {
		t.Errorf("Message-ID %q, repeated %q, of another %q", one, two, three)
	}
	if len(s.to) != 3 {
		t.Errorf("recipients %v", s.to)
	}
}

func TestSMTPOverTLSWithPassword(t *testing.T) {
	s := &server{user: "khue"}
	c, _ := serve(t, s, true)
	c.User, c.Password = "khue", "bí mật"
	out, err := mail.NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Send(context.Background(), letter()); err != nil {
		t.Fatal(err)
	}
	checkLetter(t, s.got[0])
	c.Password = "sai"
	if out, err = mail.NewSMTP(c); err != nil {
		t.Fatal(err)
	}
	if err := out.Send(context.Background(), letter()); err == nil || strings.Contains(err.Error(), "sai") {
		t.Fatalf("%v", err)
	}
	c.Password, c.Roots = "bí mật", nil // a certificate that nobody vouches for
	if out, err = mail.NewSMTP(c); err != nil {
		t.Fatal(err)
	}
	if err := out.Send(context.Background(), letter()); err == nil {
		t.Fatal("sent to a server that is not the one")
	}
}

func TestStartTLSIsDemanded(t *testing.T) {
	s := &server{}
	c, _ := serve(t, s, false)
	c.TLS = mail.StartTLS
	out, err := mail.NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Send(context.Background(), letter()); err == nil || len(s.got) != 0 {
		t.Fatalf("sent in clear: %v", err)
	}
}

func TestSMTPFaults(t *testing.T) {
	s := &server{refuse: &smtp.SMTPError{Code: 550, Message: "no such user"}}
	c, srv := serve(t, s, false)
	out, err := mail.NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	err = out.Send(context.Background(), letter())
	var p *problem.Error
	if err == nil || errors.As(err, &p) {
		t.Fatalf("a server's no is no fault of the message: %v", err)
	}
	srv.Close()
	if err := out.Send(context.Background(), letter()); err == nil {
		t.Fatal("sent to nobody")
	}
	for _, bad := range []mail.SMTPConfig{
		{}, {Host: "x"}, {Host: "x", From: "a"}, {Host: "x", From: "a@b.example", TLS: "ssl"}, {Host: "x", From: "a@b.example", TLS: mail.Clear, Password: "p"},
	} {
		if _, err := mail.NewSMTP(bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	f, err := mail.NewFolder(dir, "tin@khue.example", "Trung tâm Báo chí")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Send(context.Background(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	other := letter()
	other.ID = "../../etc/x"
	if err := f.Send(context.Background(), other); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, e := range files {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil || filepath.Ext(e.Name()) != ".eml" {
			t.Fatal(e, err)
		}
		checkLetter(t, data)
	}
	if _, err := mail.NewFolder(filepath.Join(dir, files[0].Name(), "x"), "tin@khue.example", ""); err == nil {
		t.Error("a file was taken as a folder")
	}
}

func TestNothingCanBeSlippedIn(t *testing.T) {
	f := func(change func(*mail.Message)) {
		t.Helper()
		m := letter()
		change(&m)
		data, err := mail.Bytes(m, "tin@khue.example", "TT")
		if err == nil {
			t.Errorf("sent: %q", data)
		}
	}
	for _, s := range []string{"a\r\nBcc: ai@khac.example", "a\nb", "a\rb", "a\x00b", "\xff"} {
		f(func(m *mail.Message) { m.Subject = s })
		f(func(m *mail.Message) { m.ToName = s })
		f(func(m *mail.Message) { m.ID = s })
		f(func(m *mail.Message) { m.To = s })
		f(func(m *mail.Message) { m.To = s + "@khac.example" })
		f(func(m *mail.Message) { m.To = "lan@" + s + ".example" })
	}
	for _, to := range []string{"", "a", "a@b.example, c@d.example", "A <a@b.example>", "a@b.example>", "\"a b\"@c.example", "a@b@c.example", "a@[127.0.0.1]", "(x)a@b.example", "a@"} {
		f(func(m *mail.Message) { m.To = to })
	}
	f(func(m *mail.Message) { m.Subject = "" })
	f(func(m *mail.Message) { m.ID = "" })
	f(func(m *mail.Message) { m.Text = strings.Repeat("a", 2<<20) })
	// A text may hold what looks like a header or the end of the data: it stays text.
	m := letter()
	m.Text = "\r\n.\r\nBcc: ai@khac.example\r\n\r\n.\r\n"
	data, err := mail.Bytes(m, "tin@khue.example", "TT")
	if err != nil {
		t.Fatal(err)
	}
	if head, _ := read(t, data); head.Get("Bcc") != "" {
		t.Fatal(head)
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"lan@sxd.example", "A <a@b.c>", "a@b\r\nBcc: x@y.z", "ü@b.example", "a@[::1]", strings.Repeat("a", 300) + "@b.c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := mail.Address(s)
		if err != nil {
			return
		}
		if again, err := mail.Address(a); err != nil || again != a {
			t.Fatalf("%q gives %q, then %q %v", s, a, again, err)
		}
		m := letter()
		m.To = a
		data, err := mail.Bytes(m, "tin@khue.example", "TT")
		if err != nil {
			t.Fatalf("%q: %v", a, err)
		}
		if to, err := mustHead(t, data).AddressList("To"); err != nil || len(to) != 1 || !strings.EqualFold(to[0].Address, a) {
			t.Fatalf("%q goes to %v %v", a, to, err)
		}
	})
}

func mustHead(t *testing.T, data []byte) netmail.Header {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}

func FuzzMessage(f *testing.F) {
	f.Add("Chủ đề", "Tên", "Nội dung")
	f.Add("=?utf-8?q?x?=", "\"", ".\r\n")
	f.Fuzz(func(t *testing.T, subject, name, text string) {
		m := letter()
		m.Subject, m.ToName, m.Text = subject, name, text
		data, err := mail.Bytes(m, "tin@khue.example", "TT")
		if err != nil {
			return
		}
		head := mustHead(t, data)
		for _, k := range []string{"Bcc", "Cc", "Reply-To"} {
			if head.Get(k) != "" {
				t.Fatalf("%s slipped in: %q", k, data)
			}
		}
		if to, err := head.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "lan@sxd.example" {
			t.Fatalf("to %v %v in %q", to, err, data)
		}
	})
}
