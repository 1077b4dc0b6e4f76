package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"khue/internal/house"
	"khue/people"
	"khue/radar"
	"khue/regulation"
)

// days is how many days the demo tells.
const days = 14

// seed makes every demo the same.
const seed = 20261109

// ErrNotEmpty says that a house has accounts already: a demo is told in an empty one only.
var ErrNotEmpty = errors.New("demo: the house is not empty")

// Demo is a demo that is about to be told.
type Demo struct {
	Clock *Clock
	Press *Press
	c     content
	en    outlet // the one that writes in English
	end   time.Time
}

// New reads the content and sets the clock fourteen days before end.
func New(end time.Time) (*Demo, error) {
	c, err := load()
	if err != nil {
		return nil, err
	}
	d := &Demo{Clock: &Clock{now: end.Add(-days * 24 * time.Hour)}, c: c, end: end}
	if d.Press, err = newPress(c, d.Clock, end, seed); err != nil {
		return nil, err
	}
	d.en, err = d.Press.addEnglish(end)
	return d, err
}

// Config completes a house's configuration for the time in which the demo is told: its clock, and the made-up outlets in the
// place of the network.
func (d *Demo) Config(c house.Config) house.Config {
	c.Demo, c.Now, c.Network, c.Pause = true, d.Clock.Now, d.Press, time.Nanosecond
	return c
}

// teller tells the demo in one house.
type teller struct {
	*Demo
	h       *house.House
	s       *stage
	actors  map[string]regulation.Actor // by key
	outlets map[string]string           // ids by key
	offices map[string][]string         // keys of people by office
	stepped time.Time
}

// Tell fills an empty house. The house was opened with Config and must not run meanwhile.
func (d *Demo) Tell(ctx context.Context, h *house.House) error {
	empty, err := h.People.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return ErrNotEmpty
	}
	if err := h.MarkDemo(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sequencer := make(chan error, 1)
	go func() { sequencer <- h.Ledger.Run(ctx) }() // numbers and signs what is told
	t := &teller{Demo: d, h: h, s: &stage{clock: d.Clock, end: d.end}, actors: map[string]regulation.Actor{}, outlets: map[string]string{}, offices: map[string][]string{}}
	for _, part := range []func(context.Context) error{t.cast, t.listen, t.watching, t.news, t.questions, t.claims, t.matters, t.hear, t.together} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if err := t.s.run(ctx, t.between); err != nil {
		return err
	}
	if err := t.count(ctx); err != nil {
		return err
	}
	if err := h.Radar.Keep(ctx); err != nil {
		return err
	}
	stop()
	return <-sequencer
}

// between does what the house's own clockwork would have done up to now: what was held leaves, spokespersons are listed, duties are looked at, the radar
// listens every three hours, and letters go out.
func (t *teller) between(ctx context.Context) error {
	if err := t.h.Releases.RunSchedule(ctx); err != nil {
		return err
	}
	if err := t.h.People.MarkPublished(ctx); err != nil {
		return err
	}
	if err := t.h.Duties.Tick(ctx); err != nil {
		return err
	}
	if now := t.Clock.Now(); now.Sub(t.stepped) >= 3*time.Hour || now.Equal(t.end) {
		t.stepped = now
		if _, err := t.h.Radar.Step(ctx); err != nil {
			return err
		}
		_, err := t.h.Insight.StepWatches(ctx)
		return err
	}
	return nil
}

// cast makes the accounts: the centre's people, those of offices, outlets and journalists.
func (t *teller) cast(ctx context.Context) error {
	system := regulation.SystemActor("demo")
	for _, p := range t.c.People {
		if p.Outlet != "" {
			continue
		}
		post := regulation.Post{Role: regulation.Role(p.Role), Office: p.Office}
		a, err := t.h.People.CreateAccount(ctx, system, people.NewAccount{Email: p.Key + "@khue.example", Name: p.Name, Title: p.Title, Phone: p.Phone, Lang: "vi", Posts: []regulation.Post{post}, Password: house.DemoPassword})
		if err != nil {
			return fmt.Errorf("demo: account %s: %w", p.Key, err)
		}
		if err := t.know(ctx, p.Key, a.ID, p.Office); err != nil {
			return err
		}
	}
	if err := t.speakers(ctx); err != nil {
		return err
	}
	for _, o := range t.c.Outlets {
		added, err := t.h.People.AddOutlet(ctx, t.actors["truc-ban"], people.NewOutlet{Name: o.Name, Host: o.Host})
		if err != nil {
			return fmt.Errorf("demo: outlet %s: %w", o.Key, err)
		}
		t.outlets[o.Key] = added.ID
	}
	return t.journalists(ctx)
}

func (t *teller) know(ctx context.Context, key, id, office string) error {
	actor, err := t.h.People.Actor(ctx, id)
	if err != nil {
		return err
	}
	t.actors[key] = actor
	t.offices[office] = append(t.offices[office], key)
	return nil
}

// speakers names the spokespersons of the offices that have one.
func (t *teller) speakers(ctx context.Context) error {
	for _, p := range t.c.People {
		if p.Role != string(regulation.Spokesman) {
			continue
		}
		_, err := t.h.People.AssignSpokesperson(ctx, t.actors["duyet"], people.Assign{Office: p.Office, Name: p.Name, Title: p.Title, Phone: p.Phone, Email: p.Key + "@khue.example", Paper: "12/QĐ-MINHHOA"})
		if err != nil {
			return fmt.Errorf("demo: spokesperson %s: %w", p.Key, err)
		}
	}
	return nil
}

// journalists registers those of the outlets; one of them does so on the last morning, and waits to be verified.
func (t *teller) journalists(ctx context.Context) error {
	for i, p := range t.c.People {
		if p.Outlet == "" {
			continue
		}
		if p.Role == string(regulation.Journalist) {
			if err := t.register(ctx, p, i); err != nil {
				return err
			}
			if err := t.h.People.VerifyJournalist(ctx, t.actors["truc-ban"], t.actors[p.Key].ID); err != nil {
				return fmt.Errorf("demo: verify %s: %w", p.Key, err)
			}
			continue
		}
		t.s.at(t.end.Add(-3*time.Hour), "register "+p.Key, func(ctx context.Context) error { return t.register(ctx, p, i) })
	}
	return nil
}

func (t *teller) register(ctx context.Context, p person, i int) error {
	var o outlet
	for _, one := range t.c.Outlets {
		if one.Key == p.Outlet {
			o = one
		}
	}
	_, a, err := t.h.People.RegisterJournalist(ctx, people.Registration{Email: p.Key + "@" + o.Host, Password: house.DemoPassword, Name: p.Name, Phone: p.Phone, Lang: "vi", Outlet: o.Name, Host: o.Host, Machine: fmt.Sprintf("192.0.2.%d", i+1), Agent: "demo"})
	if err != nil {
		return fmt.Errorf("demo: journalist %s: %w", p.Key, err)
	}
	return t.know(ctx, p.Key, a.ID, "")
}

// listen adds every outlet as a source, by its first page: its feed is discovered.
func (t *teller) listen(ctx context.Context) error {
	for _, o := range append(slices.Clone(t.c.Outlets), t.en) {
		if _, err := t.h.Radar.AddSource(ctx, t.actors["phan-tich"], radar.AddSourceInput{Address: "https://" + o.Host + "/", Name: o.Name, Group: "Báo chí", Trust: radar.Press}); err != nil {
			return fmt.Errorf("demo: source %s: %w", o.Key, err)
		}
	}
	return nil
}

// of gives a person of an office with a role.
func (t *teller) of(office string, role regulation.Role) (regulation.Actor, error) {
	for _, key := range t.offices[office] {
		if t.actors[key].Has(role, office) {
			return t.actors[key], nil
		}
	}
	return regulation.Actor{}, fmt.Errorf("demo: nobody is %s at %s", role, office)
}

// centre gives one of the centre's people by key.
func (t *teller) centre(key string) regulation.Actor { return t.actors[key] }
