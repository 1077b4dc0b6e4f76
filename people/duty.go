package people

import (
	"context"
	"time"

	"khue/regulation"
	"khue/store"
)

// openDuty hands a fact to the rulebook, which decides what is due by it. A house without duties (c.Duties nil) has none.
func (p *Room) openDuty(ctx context.Context, tx *store.Tx, by regulation.Actor, kind, thing, office string, facts map[string]any, at time.Time) error {
	if p.c.Duties == nil {
		return nil
	}
	_, err := p.c.Duties.Trigger(ctx, tx, by, regulation.Event{Kind: kind, Thing: thing, Office: office, At: at, Facts: facts})
	return err
}

func (p *Room) meetDuty(ctx context.Context, tx *store.Tx, by regulation.Actor, thing, kind string) error {
	if p.c.Duties == nil {
		return nil
	}
	return p.c.Duties.Meet(ctx, tx, by, thing, kind)
}

func (p *Room) voidDuty(ctx context.Context, tx *store.Tx, by regulation.Actor, thing, kind string) error {
	if p.c.Duties == nil {
		return nil
	}
	return p.c.Duties.Void(ctx, tx, by, thing, kind, "replaced")
}
