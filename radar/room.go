package radar

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"khue/ledger"
	"khue/radar/fetch"
	"khue/regulation"
	"khue/store"
)

// Config is what the room is given.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Rules  *regulation.Rulebook
	Fetch  *fetch.Client
	Now    func() time.Time
	Log    *slog.Logger
	// Callback is the public address below which hubs push, such as "https://baochi.example/hub/"; "" asks no hub.
	Callback string
	// Folder holds uploaded tables until they are taken in; "" takes none.
	Folder string
	// Attach puts a kept file beside a thing; nil keeps none.
	Attach func(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error
}

// Room is the radar. Its methods may be called from many goroutines; Run, or Step in its place, by one.
type Room struct {
	db     *store.DB
	ledger *ledger.Ledger
	rules  *regulation.Rulebook
	fetch  *fetch.Client
	now    func() time.Time
	log    *slog.Logger

	callback string
	folder   string
	attach   func(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error

	wake    [queues]chan struct{} // a source was added, or mentions wait: told to each queue's loop, since any may be the one that has work
	changed struct {
		sync.Mutex
		f func() // told when stories have changed; guarded by the mutex
	}
	group *group // owned by Run or Step
}

// New makes the room.
func New(c Config) *Room {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	r := &Room{db: c.DB, ledger: c.Ledger, rules: c.Rules, fetch: c.Fetch, now: c.Now, log: c.Log, callback: c.Callback, folder: c.Folder, attach: c.Attach}
	for i := range r.wake {
		r.wake[i] = make(chan struct{}, 1)
	}
	return r
}

// OnChange sets what is called after stories have changed; it must not block.
func (r *Room) OnChange(f func()) {
	r.changed.Lock()
	defer r.changed.Unlock()
	r.changed.f = f
}

func (r *Room) tell() {
	r.changed.Lock()
	f := r.changed.f
	r.changed.Unlock()
	if f != nil {
		f()
	}
}

func (r *Room) poke() {
	for _, wake := range r.wake {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

const (
	// visitors is the number of sources, and of articles, that are fetched at once; one host still gets one request at a time.
	visitors = 8
	// visitBatch and articleBatch are taken from the queue at once.
	visitBatch   = 64
	articleBatch = 64
	// queues are those that Run works off: sources to visit, articles to get, mentions to group, streams to hear, hubs to ask.
	queues = 5
	// idle is the longest time between two looks at the queues.
	idle = 20 * time.Second
)

// Run visits sources, gets articles and groups them until ctx ends. The grouping's state is kept at the end. Of several processes
// on one PostgreSQL database one listens; the others stand by.
func (r *Room) Run(ctx context.Context) error {
	if r.db.Engine != store.PostgreSQL {
		return r.listen(ctx)
	}
	for ctx.Err() == nil {
		if err := r.alone(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("radar: listening waits", "err", err)
		}
		wait(ctx, standBy)
	}
	return nil
}

// listen is Run for the one process that listens.
func (r *Room) listen(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	loop := func(wake <-chan struct{}, step func(context.Context) (int, error), what string) {
		all.Go(func() {
			for ctx.Err() == nil {
				n, err := step(ctx)
				if err != nil && ctx.Err() == nil {
					r.log.Error("radar: "+what, "err", err)
				}
				if n > 0 && err == nil {
					continue
				}
				t := time.NewTimer(idle)
				select {
				case <-wake:
				case <-t.C:
				case <-ctx.Done():
				}
				t.Stop()
			}
		})
	}
	loop(r.wake[0], r.VisitDue, "visit sources")
	loop(r.wake[1], r.ReadDue, "get articles")
	loop(r.wake[2], r.GroupReady, "group mentions")
	loop(r.wake[3], func(ctx context.Context) (int, error) { return r.hearStreams(ctx, streamFor) }, "hear streams")
	loop(r.wake[4], r.AskHubs, "ask hubs")
	<-ctx.Done()
	all.Wait()
	return r.keepGroup(context.WithoutCancel(ctx))
}

// Step does all that is due now, once, in this order: visits, articles, grouping. It gives how many things it did. Demos and
// tests step where the program runs: one thing at a time, so that the same world gives the same stories.
func (r *Room) Step(ctx context.Context) (int, error) {
	visit := func(ctx context.Context) (int, error) { return r.visitDue(ctx, 1) }
	read := func(ctx context.Context) (int, error) { return r.readDue(ctx, 1) }
	total := 0
	hear := func(ctx context.Context) (int, error) { return r.hearStreams(ctx, 0) }
	for _, step := range []func(context.Context) (int, error){visit, hear, r.AskHubs, read, r.GroupReady} {
		for {
			n, err := step(ctx)
			total += n
			if err != nil {
				return total, err
			}
			if n == 0 {
				break
			}
		}
	}
	return total, nil
}

// each runs f over a list, as many at a time as width says, and waits for all.
func each[T any](list []T, width int, f func(T)) {
	gate := make(chan struct{}, width)
	var all sync.WaitGroup
	for _, v := range list {
		gate <- struct{}{}
		all.Go(func() {
			defer func() { <-gate }()
			f(v)
		})
	}
	all.Wait()
}
