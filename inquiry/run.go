package inquiry

import (
	"context"
	"strings"
	"time"

	"khue/ledger"
	"khue/regulation"
	"khue/store"
)

// sweepEvery is how often Run looks for contacts to erase, and at once when it begins.
const sweepEvery = time.Hour

// follower is the name under which the ledger keeps this room's place.
const follower = "inquiry"

// heardVerified is people's entry that somebody of the centre vouched for a journalist.
const heardVerified = "people.journalist-verified"

// Run erases the contacts of askers whose time is over, and hears from the ledger that a journalist was verified, until ctx ends.
// Letters go through people's loop.
func (r *Room) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		r.sweepAll(ctx)
	}()
	err := r.ledger.Follow(ctx, follower, r.hear)
	stop()
	<-swept
	return err
}

func (r *Room) sweepAll(ctx context.Context) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		for {
			n, err := r.Sweep(ctx)
			if err != nil && ctx.Err() == nil {
				r.log.Error("erase askers", "err", err)
			}
			if err != nil || n == 0 {
				break
			}
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// hear is the effect of one ledger entry: the questions of a journalist who was verified wait for that no longer.
func (r *Room) hear(ctx context.Context, tx *store.Tx, rec ledger.Record) error {
	account, ok := strings.CutPrefix(rec.Thing, "account/")
	if rec.Kind != heardVerified || !ok {
		return nil
	}
	ids, err := readStrings(tx.Query(ctx, sqlWaitingOf, account))
	if err != nil {
		return err
	}
	by := regulation.SystemActor("inquiry")
	for _, id := range ids {
		q, err := load(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = r.step(ctx, tx, q, change{by: by, kind: EntryVerified, apply: func(ctx context.Context, tx *store.Tx, q *Inquiry, c *change) error {
			q.Verification = VerifyDone
			c.body = verifiedBody{Code: q.Code, Verification: q.Verification}
			return r.duties.Meet(ctx, tx, by, q.Ref(), "verify")
		}})
		if err != nil {
			return err
		}
	}
	return nil
}
