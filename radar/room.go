package radar

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"khue/ledger"
	"khue/radar/fetch"
	"khue/radar/warn"
	"khue/regulation"
	"khue/regulation/calendar"
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
	// Checks gives what was checked before and what the city has said, as it stands when a batch of mentions is grouped; nil: nothing.
	Checks    func(context.Context) (warn.Checks, error)
	Retention Retention // zero keeps everything
	// Calendar tells holidays, on which less is to be expected; nil: none.
	Calendar *calendar.Calendar
	// Keys says what else a mention with its story is counted in: topics, places, offices. It is called in the transaction that places it; nil: nothing.
	Keys func(context.Context, *store.Tx, Mention) ([]SeriesKey, error)
	// Gaps gives the times between two moments in which sources could not be heard; nil: those that fail or are paused now.
	Gaps func(ctx context.Context, from, to time.Time) ([]Gap, error)
	// Reads says whether an account may still see stories: one that may not is told of no hits. nil: every one may.
	Reads func(ctx context.Context, account string) bool
	// Origin is the public address, for the links in what webhooks are told.
	Origin string
	// Callback is the public address below which hubs push, such as "https://baochi.example/hub/"; "" asks no hub.
	Callback string
	// Folder holds uploaded tables until they are taken in; "" takes none.
	Folder string
	// Attach puts a kept file beside a thing; nil keeps none.
	Attach func(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error
	// Knows is what the profile knows of its city; nil: stories are grouped and not told.
	Knows *Knowledge
}

// Room is the radar. Its methods may be called from many goroutines; Run, or Step in its place, by one.
type Room struct {
	db        *store.DB
	ledger    *ledger.Ledger
	rules     *regulation.Rulebook
	fetch     *fetch.Client
	now       func() time.Time
	log       *slog.Logger
	checks    func(context.Context) (warn.Checks, error)
	retention Retention
	reads     func(context.Context, string) bool
	origin    string
	trials    chan struct{} // as many as may read at once
	hits      chan struct{} // a watch has found something
	forgot    time.Time     // when old hits were deleted; owned by Run or Step

	callback string
	folder   string
	attach   func(ctx context.Context, tx *store.Tx, thing, file, name, caption string) error

	wake    [queues]chan struct{} // a source was added, or mentions wait: told to each queue's loop, since any may be the one that has work
	changed struct {
		sync.Mutex
		f func() // told when stories have changed; guarded by the mutex
	}
	group  *group // owned by Run or Step
	knows  *Knowledge
	taught taught

	calendar *calendar.Calendar
	keys     func(context.Context, *store.Tx, Mention) ([]SeriesKey, error)
	gaps     func(ctx context.Context, from, to time.Time) ([]Gap, error)
	usual    *profiles

	rerunning sync.Mutex // held by the one run of a past time that goes on
}

// New makes the room.
func New(c Config) *Room {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Checks == nil {
		c.Checks = func(context.Context) (warn.Checks, error) { return warn.Checks{}, nil }
	}
	if c.Reads == nil {
		c.Reads = func(context.Context, string) bool { return true }
	}
	r := &Room{
		db: c.DB, ledger: c.Ledger, rules: c.Rules, fetch: c.Fetch, now: c.Now, log: c.Log, checks: c.Checks, retention: c.Retention.full(),
		calendar: c.Calendar, keys: c.Keys, gaps: c.Gaps, usual: newProfiles(),
		knows: c.Knows, reads: c.Reads, origin: c.Origin, trials: make(chan struct{}, trialsAtOnce), hits: make(chan struct{}, 1),
		callback: c.Callback, folder: c.Folder, attach: c.Attach,
	}
	if r.gaps == nil {
		r.gaps = r.silentNow
	}
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
	// queues are those that Run works off: sources to visit, articles to get, mentions to group, webhooks to tell, streams to hear, hubs to ask.
	queues = 6
	// hookQueue is that of the webhooks.
	hookQueue = 3
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
	loop(r.wake[hookQueue], r.HookDue, "tell webhooks")
	loop(r.wake[4], func(ctx context.Context) (int, error) { return r.hearStreams(ctx, streamFor) }, "hear streams")
	loop(r.wake[5], r.AskHubs, "ask hubs")
	<-ctx.Done()
	all.Wait()
	return r.keepGroup(context.WithoutCancel(ctx))
}

// Step does all that is due now, once, in this order: visits, articles, grouping, webhooks. It gives how many things it did. Demos and
// tests step where the program runs: one thing at a time, so that the same world gives the same stories.
func (r *Room) Step(ctx context.Context) (int, error) {
	visit := func(ctx context.Context) (int, error) { return r.visitDue(ctx, 1) }
	read := func(ctx context.Context) (int, error) { return r.readDue(ctx, 1) }
	total := 0
	hear := func(ctx context.Context) (int, error) { return r.hearStreams(ctx, 0) }
	for _, step := range []func(context.Context) (int, error){visit, hear, r.AskHubs, read, r.GroupReady, r.HookDue} {
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
