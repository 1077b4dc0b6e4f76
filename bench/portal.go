package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"khue/internal/house"
	"khue/regulation"
	"khue/release"
	"khue/web"
)

func portalBenchmarks() []benchmark {
	return []benchmark{
		{
			name: "portal/page", peer: "bare net/http handler, the same body",
			figures: []figure{{"rate", "1/s", timesAtLeast(0.95)}, {"p50", "ms", told}, {"p99", "ms", timesAtMost(1.2)}},
			prepare: func(s *stage) (ours, peer func() (figures, error), err error) { return portal(s, bodyFields) },
		},
		{
			name: "portal/answer", peer: "bare net/http handler, the same body and header fields",
			figures: []figure{{"rate", "1/s", timesAtLeast(0.95)}, {"p50", "ms", told}, {"p99", "ms", timesAtMost(1.2)}},
			prepare: func(s *stage) (ours, peer func() (figures, error), err error) { return portal(s, nil) },
		},
		{
			name:    "portal/visible",
			figures: []figure{{"p50", "ms", atMost(50)}, {"p99", "ms", told}},
			prepare: visible,
		},
	}
}

// city is a whole house with its pages, served on the loopback, and people who publish.
type city struct {
	*house.House
	address string
	thu     regulation.Actor
	minh    regulation.Actor
	phong   regulation.Actor
	n       int
}

func newCity(s *stage) *city {
	ctx, stop := context.WithCancel(context.Background())
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	h, err := house.Open(ctx, house.Config{Dir: s.TempDir(), Origin: "http://localhost:8080", LogName: "khue.example/log", Log: quiet})
	if err != nil {
		stop()
		s.Fatal(err)
	}
	// What is published here is out at once: the ten seconds in which it can be taken back are not what is measured.
	h.Releases = release.New(release.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Duties: h.Duties, Media: h.Media, Now: h.Now, NameOf: h.People.NameOf, Hold: -1,
	})
	app, err := web.New(h, quiet)
	if err != nil {
		stop()
		s.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() { h.Run(ctx) })   //nolint:errcheck // it ends with ctx
	all.Go(func() { app.Run(ctx) }) //nolint:errcheck // it ends with ctx
	c := &city{House: h, address: serve(s, app)}
	s.Cleanup(func() {
		stop()
		all.Wait()
		h.Close()
	})
	person := func(id string, role regulation.Role, office string) regulation.Actor {
		return regulation.Actor{ID: id, Name: id, Kind: regulation.Person, Posts: []regulation.Post{{Role: role, Office: office}}, Lang: "vi"}
	}
	centre := h.People.Centre()
	c.thu, c.minh, c.phong = person("thu", regulation.FocalPoint, "00004"), person("minh", regulation.Editor, centre), person("phong", regulation.Approver, centre)
	for range 20 {
		if _, err := c.publish(ctx); err != nil {
			s.Fatal(err)
		}
	}
	return c
}

// serve answers on a port of the loopback, as khue serve does.
func serve(s *stage, h http.Handler) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	go server.Serve(l) //nolint:errcheck // it ends with Close
	s.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// ready makes a release that only has to be published.
func (c *city) ready(ctx context.Context) (release.Release, error) {
	c.n++
	text := release.Text{Title: fmt.Sprintf("Thông tin số %d về nước máy ở phường Ba Đình", c.n), Lede: "Van hỏng từ 6 giờ.", Body: "Khoảng **1.200 hộ** bị ảnh hưởng.\n\nNước có lại lúc 18 giờ."}
	rel, err := c.Releases.Submit(ctx, c.thu, release.SubmitInput{Kind: release.QuickNotice, Text: text})
	if err == nil {
		rel, err = c.Releases.Take(ctx, c.minh, release.Ref{ID: rel.ID})
	}
	if err == nil {
		rel, err = c.Releases.SendUp(ctx, c.minh, release.Ref{ID: rel.ID})
	}
	if err == nil {
		rel, err = c.Releases.Approve(ctx, c.phong, release.Ref{ID: rel.ID})
	}
	return rel, err
}

func (c *city) publish(ctx context.Context) (release.Release, error) {
	rel, err := c.ready(ctx)
	if err == nil {
		rel, err = c.Releases.Publish(ctx, c.phong, release.Ref{ID: rel.ID})
	}
	return rel, err
}

// bodyFields are the header fields without which a body cannot be read.
var bodyFields = []string{"Content-Type", "Content-Encoding", "Content-Length"}

// portal is the front page under load while a release is published each second, beside a handler that writes the same body with
// those of our header fields (nil: with all of them).
func portal(s *stage, fields []string) (ours, peer func() (figures, error), err error) {
	c := newCity(s)
	body, header, err := answer(c.address, "/")
	if err != nil {
		return nil, nil, err
	}
	for name := range header {
		if fields != nil && !slices.Contains(fields, name) {
			delete(header, name)
		}
	}
	bare := serve(s, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), header)
		w.Write(body) //nolint:errcheck // the client left
	}))
	ours = func() (figures, error) {
		ctx, stop := context.WithCancel(context.Background())
		var all sync.WaitGroup
		all.Go(func() {
			for {
				if _, err := c.publish(context.WithoutCancel(ctx)); err != nil {
					s.Error(err)
				}
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
					return
				}
			}
		})
		f, err := load(c.address, "/")
		stop()
		all.Wait()
		return f, err
	}
	return ours, func() (figures, error) { return load(bare, "/") }, nil
}

// answer gives what a page answers to who takes gzip: the body as it was sent, and the header without the date, which net/http
// writes for every handler.
func answer(address, path string) ([]byte, http.Header, error) {
	request, err := http.NewRequest(http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Accept", "text/html")
	request.Header.Set("Accept-Encoding", "gzip")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	reply.Header.Del("Date")
	return body, reply.Header, err
}

const (
	// readers is the number of connections that ask for a page again and again.
	readers = 32
	loadFor = 3 * time.Second
)

// load asks for a path from all readers for the time of a run.
func load(address, path string) (figures, error) {
	var all sync.WaitGroup
	took := make([][]time.Duration, readers)
	faults := make(chan error, readers)
	start := time.Now()
	for i := range readers {
		all.Go(func() {
			r, err := dial(address)
			if err != nil {
				faults <- err
				return
			}
			defer r.conn.Close()
			for time.Since(start) < loadFor {
				at := time.Now()
				if _, err := r.get(path); err != nil {
					faults <- err
					return
				}
				took[i] = append(took[i], time.Since(at))
			}
		})
	}
	all.Wait()
	whole := time.Since(start)
	select {
	case err := <-faults:
		return nil, err
	default:
	}
	return spread(slices.Concat(took...), whole), nil
}

// reader is a client that costs next to nothing: one kept connection, one request that never changes, a reply cut by its length.
type reader struct {
	conn    net.Conn
	in      *bufio.Reader
	body    []byte
	request []byte
	path    string
}

func dial(address string) (*reader, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &reader{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

var lengthHead = []byte("Content-Length: ")

// get gives the body of a 200, valid until the next get.
func (r *reader) get(path string) ([]byte, error) {
	if r.path != path {
		r.path = path
		r.request = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n\r\n", path)
	}
	if _, err := r.conn.Write(r.request); err != nil {
		return nil, err
	}
	length, status := -1, ""
	for {
		l, err := r.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if status == "" {
			status = string(l[9:12])
		}
		if rest, ok := bytes.CutPrefix(l, lengthHead); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(rest))); err != nil {
				return nil, err
			}
		}
		if len(l) <= 2 {
			break
		}
	}
	if status != "200" || length < 0 {
		return nil, fmt.Errorf("GET %s: status %s, length %d", path, status, length)
	}
	r.body = slices.Grow(r.body[:0], length)[:length]
	_, err := io.ReadFull(r.in, r.body)
	return r.body, err
}

// visible is the time from the call of Publish until a reader who asks again and again has the front page with the release on it.
func visible(s *stage) (ours, peer func() (figures, error), err error) {
	c := newCity(s)
	return func() (figures, error) {
		ctx := context.Background()
		r, err := dial(c.address)
		if err != nil {
			return nil, err
		}
		defer r.conn.Close()
		var took []time.Duration
		for range 20 {
			rel, err := c.ready(ctx)
			if err != nil {
				return nil, err
			}
			before, err := r.get("/")
			if err != nil {
				return nil, err
			}
			before = bytes.Clone(before)
			fault := make(chan error, 1)
			at := time.Now()
			go func() {
				_, err := c.Releases.Publish(ctx, c.phong, release.Ref{ID: rel.ID})
				fault <- err
			}()
			for {
				now, err := r.get("/")
				if err != nil {
					return nil, err
				}
				if !bytes.Equal(now, before) {
					break
				}
			}
			took = append(took, time.Since(at))
			if err := <-fault; err != nil {
				return nil, err
			}
		}
		return spread(took, time.Second), nil
	}, nil, nil
}
