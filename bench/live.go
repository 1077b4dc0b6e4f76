package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"khue/release"
)

const (
	// subscribers is how many pages are open.
	subscribers = 8000
	// mercure is what Mercure took here for the last of 8,000 (ms) and for one delivery (µs of CPU), measured once: its module cannot be
	// had from the module proxy, so that it does not run beside ours.
	mercureLast, mercureCPU = 168, 38
)

func liveBenchmarks() []benchmark {
	return []benchmark{{
		name: "live/fan-out", peer: "bare net/http fan-out without a log",
		figures: []figure{
			{"last", "ms", atMost(0.8 * mercureLast)},
			{"cpu", "µs a delivery", atMost(0.5 * mercureCPU)},
			{"subscribers", "", told},
		},
		prepare: fanOut,
	}}
}

// fanOut is from the call that publishes a release to its frame at the last subscriber. The subscribers live in a process of their own, so that
// the CPU measured is the server's.
func fanOut(s *stage) (ours, peer func() (figures, error), err error) {
	n := subscribers
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) // the fewer subscribers are said below
		if most := int(limit.Cur)/2 - 500; n > most {        // ours and the bare one stand in this process
			n = most
			fmt.Fprintf(os.Stderr, "live/fan-out: %d subscribers, since %d files may be open\n", n, limit.Cur)
		}
	}
	c := newCity(s)
	b := &bareHub{subs: map[chan []byte]struct{}{}}
	bareAddress := serve(s, b)
	here, err := listeners(s, c.address, "/live", n)
	if err != nil {
		return nil, nil, err
	}
	there, err := listeners(s, bareAddress, "/", n)
	if err != nil {
		return nil, nil, err
	}
	ours = func() (figures, error) {
		rel, err := c.ready(context.Background())
		if err != nil {
			return nil, err
		}
		time.Sleep(300 * time.Millisecond) // what was made ready is private: nobody hears of it
		return here.event(n, func() error {
			_, err := c.Releases.Publish(context.Background(), c.phong, release.Ref{ID: rel.ID})
			return err
		})
	}
	return ours, func() (figures, error) {
		return there.event(n, func() error {
			b.send([]byte("id: 1\nevent: entry\ndata: {\"kind\":\"release.published\",\"thing\":\"release/0190\",\"position\":1}\n\n"))
			return nil
		})
	}, nil
}

// crowdOf is the process of the subscribers.
type crowdOf struct{ out *bufio.Reader }

func listeners(s *stage, address, path string, n int) (*crowdOf, error) {
	cmd := exec.Command(os.Args[0], "listen", address, path, strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s.Cleanup(func() { in.Close(); cmd.Wait() }) //nolint:errcheck // it ends with its input
	c := &crowdOf{bufio.NewReader(out)}
	if l, err := c.out.ReadString('\n'); err != nil || strings.TrimSpace(l) != "ready" {
		return nil, fmt.Errorf("subscribers: %q: %w", l, err)
	}
	return c, nil
}

// event does what is heard of, and waits until the last subscriber has its frame.
func (c *crowdOf) event(n int, act func() error) (figures, error) {
	busy, at := cpu(), time.Now()
	if err := act(); err != nil {
		return nil, err
	}
	l, err := c.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("subscribers: %w", err)
	}
	nano, err := strconv.ParseInt(strings.TrimSpace(l), 10, 64)
	if err != nil {
		return nil, err
	}
	return figures{
		"last":        float64(nano-at.UnixNano()) / 1e6,
		"cpu":         float64((cpu() - busy).Microseconds()) / float64(n),
		"subscribers": float64(n),
	}, nil
}

// cpu gives the CPU time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it cannot fail for ourselves
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareHub is the least that sends an event to many: a channel and a goroutine for each, no log, no replay.
type bareHub struct {
	mu   sync.Mutex
	subs map[chan []byte]struct{}
}

func (b *bareHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	c := http.NewResponseController(w)
	frames := make(chan []byte, 8)
	b.mu.Lock()
	b.subs[frames] = struct{}{}
	b.mu.Unlock()
	defer func() { b.mu.Lock(); delete(b.subs, frames); b.mu.Unlock() }()
	if _, err := w.Write([]byte("retry: 2000\n\n")); err != nil || c.Flush() != nil {
		return
	}
	for {
		select {
		case f := <-frames:
			if _, err := w.Write(f); err != nil || c.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func (b *bareHub) send(f []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subs {
		c <- f
	}
}

// listenMain opens streams and writes the time (ns since 1970) at which the last of them had an event, one line an event, until its input ends.
// It reads all sockets by epoll from one thread, so that it takes little of the machine from the server.
func listenMain(args []string) {
	if err := listen(args); err != nil {
		fmt.Fprintln(os.Stderr, "subscribers:", err)
		os.Exit(1)
	}
}

var eventMark = []byte("event: entry\n")

func listen(args []string) error {
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
	go func() {
		io.Copy(io.Discard, os.Stdin) //nolint:errcheck // it ends either way
		os.Exit(0)
	}()
	poll, err := unix.EpollCreate1(0)
	if err != nil {
		return err
	}
	buf := make([]byte, 16<<10)
	for i := range n {
		fd, err := subscribe(args[0], args[1], byte(2+i/perAddress), buf)
		if err != nil {
			return err
		}
		if err := unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
			return err
		}
	}
	fmt.Println("ready")
	events := make([]unix.EpollEvent, 512)
	heard := 0
	for {
		k, err := unix.EpollWait(poll, events, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range events[:k] {
			m, err := unix.Read(int(e.Fd), buf)
			if err != nil || m == 0 {
				return fmt.Errorf("a stream ended: %w", err)
			}
			heard += bytes.Count(buf[:m], eventMark)
		}
		if heard == n {
			fmt.Println(time.Now().UnixNano())
			heard = 0
		}
	}
}

// perAddress is how many streams come from one address: the hub bounds what one may have.
const perAddress = 400

// subscribe opens one stream from 127.0.0.from and reads its head and first words.
func subscribe(address, path string, from byte, buf []byte) (int, error) {
	host, port, _ := strings.Cut(address, ":")
	number, err := strconv.Atoi(port)
	if err != nil {
		return 0, err
	}
	to := &unix.SockaddrInet4{Port: number}
	for i, p := range strings.Split(host, ".") {
		v, err := strconv.Atoi(p)
		if err != nil {
			return 0, err
		}
		to.Addr[i] = byte(v)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, from}}); err != nil {
		return 0, err
	}
	if err := unix.Connect(fd, to); err != nil {
		return 0, err
	}
	if _, err := unix.Write(fd, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", path)); err != nil {
		return 0, err
	}
	var head []byte
	for !bytes.Contains(head, []byte("retry: 2000\n\n")) {
		m, err := unix.Read(fd, buf)
		if err != nil || m == 0 {
			return 0, fmt.Errorf("%s%s: %q: %w", address, path, head, err)
		}
		head = append(head, buf[:m]...)
	}
	return fd, nil
}
