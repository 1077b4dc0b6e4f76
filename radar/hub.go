package radar

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"khue/problem"
	"khue/radar/feed"
	"khue/radar/fetch"
	"khue/radar/websub"
	"khue/regulation"
	"khue/store"
)

// HubState is how far a subscription has come.
type HubState string

// The states of a subscription.
const (
	HubAsked    HubState = "asked"    // the hub was asked, or will be
	HubVerified HubState = "verified" // it pushes until its lease ends
	HubRefused  HubState = "refused"  // it said no; it is asked again in a month
)

// Hub is a subscription to what a source's hub pushes (WebSub).
type Hub struct {
	Source  string
	Address string // of the hub
	Topic   string
	State   HubState
	Next    time.Time // when the hub is asked (again)
	Until   time.Time // end of the lease
	Pushed  time.Time // when it pushed last, zero for never

	token, secret string
	failures      int
}

const (
	// hubLease is what is asked for; hubs give what they like.
	hubLease = 10 * 24 * time.Hour
	// hubDefault stands for a lease that the hub does not name.
	hubDefault = 24 * time.Hour
	// hubAgain is the wait for a hub's question before it is asked again, doubled each time; hubMost bounds it.
	hubAgain = time.Hour
	hubMost  = 7 * 24 * time.Hour
	// hubLater is the wait after a refusal.
	hubLater = 30 * 24 * time.Hour
	// pollPushed is how long a source that pushes is left alone between visits: they find what a hub forgot.
	pollPushed = 2 * time.Hour
	// hubPatience is how often a hub is asked before a source that has no other way counts as failing.
	hubPatience = 3
	// hubBatch is how many hubs are asked at once.
	hubBatch = 32
	// MaxPushed bounds a hub's notification, in bytes.
	MaxPushed = 4 << 20
)

// declared subscribes to the hub that a feed names, and leaves a source that pushes alone for longer.
func (r *Room) declared(ctx context.Context, s Source, resp fetch.Response, f feed.Feed) error {
	if r.callback == "" {
		return nil
	}
	if resp.NotModified {
		return r.pollLess(ctx, s)
	}
	l := websub.Declared(resp.Links, resp.URL, f.Hub, f.Self)
	if l.Hub == "" {
		return nil
	}
	if l.Self == "" {
		l.Self = s.Address
	}
	return r.subscribe(ctx, s, l.Hub, l.Self)
}

// subscribe notes that a hub is to be asked for a topic, unless it pushes it already.
func (r *Room) subscribe(ctx context.Context, s Source, hub, topic string) error {
	if r.callback == "" || topic == "" {
		return nil
	}
	old, err := r.hubOf(ctx, s.ID)
	if err != nil {
		return err
	}
	if old.Address == hub && old.Topic == topic {
		return r.pollLess(ctx, s)
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlInsertHub, s.ID, rand.Text(), hub, topic, rand.Text()+rand.Text(), store.Micros(r.now()))
		return err
	})
	if err == nil {
		r.poke()
	}
	return err
}

// hubOf gives a source's subscription, the zero Hub for none.
func (r *Room) hubOf(ctx context.Context, source string) (Hub, error) {
	h, err := scanHub(r.db.QueryRow(ctx, sqlHubOf, source))
	if errors.Is(err, sql.ErrNoRows) {
		return Hub{}, nil
	}
	return h, err
}

// HubOf gives a source's subscription as its page shows it; the zero Hub for none.
func (r *Room) HubOf(ctx context.Context, by regulation.Actor, source string) (Hub, error) {
	if err := r.look(by); err != nil {
		return Hub{}, err
	}
	return r.hubOf(ctx, source)
}

func (r *Room) pollLess(ctx context.Context, s Source) error {
	h, err := r.hubOf(ctx, s.ID)
	if err != nil || h.State != HubVerified || h.Pushed.IsZero() || !h.Until.After(r.now()) {
		return err // a hub that never pushed yet is not relied on
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlPollLater, store.Micros(r.now().Add(pollPushed)), s.ID)
		return err
	})
}

// AskHubs asks the hubs whose time has come: for the first time, again, or before a lease ends. It gives their number.
func (r *Room) AskHubs(ctx context.Context) (int, error) {
	if r.callback == "" {
		return 0, nil
	}
	rows, err := r.db.Query(ctx, sqlHubsDue, store.Micros(r.now()), hubBatch)
	list, err := store.All(rows, err, scanHub)
	if err != nil {
		return 0, err
	}
	faults := make(chan error, len(list))
	each(list, visitors, func(h Hub) {
		if err := r.askHub(ctx, h); err != nil {
			faults <- err
		}
	})
	close(faults)
	return len(list), <-faults
}

// askHub notes when the hub is asked again, and then asks: its question may come before its answer.
func (r *Room) askHub(ctx context.Context, h Hub) error {
	wait := hubAgain
	for i := 0; i < h.failures && wait < hubMost; i++ {
		wait *= 2
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sqlHubAsked, store.Micros(r.now().Add(min(wait, hubMost))), h.Source)
		return err
	})
	if err != nil {
		return err
	}
	_, err = r.fetch.PostForm(ctx, h.Address, websub.Ask{Callback: r.callback + h.token, Topic: h.Topic, Secret: h.secret, Lease: hubLease}.Form())
	var f *fetch.Fault
	if errors.As(err, &f) && f.Kind == fetch.Cancelled {
		return ctx.Err()
	}
	if err != nil { // it is asked again; meanwhile the source is visited as any other
		r.log.Info("radar: a hub did not take our subscription", "source", h.Source, "err", err)
	}
	return nil
}

// VerifyHub answers a hub's question about the subscription that token names: the challenge to send back. A hub that asks for something
// else than was asked of it gets problem.NotFound, which it takes for no.
func (r *Room) VerifyHub(ctx context.Context, token string, v websub.Verification) (challenge string, err error) {
	now := r.now()
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		h, err := scanHub(tx.QueryRow(ctx, sqlHubBy, token))
		if err != nil {
			return store.NotFound(err)
		}
		if v.Topic != h.Topic {
			return problem.New(problem.NotFound)
		}
		switch v.Mode {
		case "subscribe":
			lease := v.Lease
			if lease <= 0 {
				lease = hubDefault
			}
			challenge = v.Challenge
			_, err = tx.Exec(ctx, sqlHubVerified, store.Micros(now.Add(lease)), store.Micros(websub.RenewAt(now, lease)), h.Source)
		case "denied":
			_, err = tx.Exec(ctx, sqlHubRefused, store.Micros(now.Add(hubLater)), h.Source)
		default: // we never ask to leave: a subscription ends with its lease
			return problem.New(problem.NotFound)
		}
		return err
	})
	return challenge, err
}

// HubPush takes a hub's notification. Without a right signature it is dropped without a word (WebSub, section 7.1): taken is then false.
// A notification that holds no entries makes the source due at once. An unknown token, or a source that is not heard any more, is
// problem.NotFound, upon which a hub ends its pushes.
func (r *Room) HubPush(ctx context.Context, token, signature, contentType string, body []byte) (taken bool, err error) {
	h, err := scanHub(r.db.QueryRow(ctx, sqlHubBy, token))
	if err != nil {
		return false, store.NotFound(err)
	}
	s, err := scanSource(r.db.QueryRow(ctx, sqlSource, h.Source))
	if err != nil {
		return false, store.NotFound(err)
	}
	if s.State != Active {
		return false, problem.New(problem.NotFound)
	}
	if !websub.Signed(signature, h.secret, body) {
		r.log.Warn("radar: a notification without a right signature was dropped", "source", s.ID)
		return false, nil
	}
	now := r.now()
	f, err := feed.Parse(body, contentType, feed.Options{URL: s.Address, Zone: zone, MaxItems: maxPerVisit})
	thin := err != nil || len(f.Items) == 0
	list := r.entriesOf(s, f.Items)
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := insertMentions(ctx, tx, list); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlHubPushed, store.Micros(now), h.Source); err != nil {
			return err
		}
		if thin {
			_, err := tx.Exec(ctx, sqlPollNow, store.Micros(now), s.ID)
			return err
		}
		return r.came(ctx, tx, s.ID)
	})
	if err == nil {
		r.poke()
	}
	return err == nil, err
}
