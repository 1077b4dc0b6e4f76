package house

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"khue/catalogue"
	"khue/claim"
	"khue/inquiry"
	"khue/insight"
	"khue/ledger"
	"khue/media"
	"khue/people"
	"khue/people/mail"
	"khue/problem"
	"khue/profile"
	"khue/radar"
	"khue/radar/fetch"
	"khue/radar/warn"
	"khue/regulation"
	"khue/release"
	"khue/store"
)

// Config says where a house stands and what it is given from outside.
type Config struct {
	Dir      string // the data folder
	Database string // a PostgreSQL address; "" is SQLite in Dir
	Origin   string // the public address: "https://baochi.example"
	LogName  string // the public log's name when it is made: "baochi.example/log"
	Demo     bool   // all content is made up
	Now      func() time.Time
	Log      *slog.Logger

	Mail    mail.Sender       // letters out; nil: they wait
	Cost    people.Cost       // of a password's hash; zero: the room's own
	SSO     *people.SSOConfig // the city's single sign-on; nil: none
	Private []netip.Prefix    // private networks that sources may lie in
	Proxies []netip.Prefix    // proxies whose X-Forwarded-For is believed
	Network http.RoundTripper // the way to other people's servers; nil: the real one
	Pause   time.Duration     // between two requests to one host; 0: the room's own
}

// House is an open data folder with the rooms in it.
type House struct {
	Config
	DB        *store.DB
	Ledger    *ledger.Ledger
	Rules     *regulation.Rulebook
	Deadlines *regulation.Deadlines
	Duties    *regulation.Duties
	People    *people.Room
	Media     *media.Room
	Releases  *release.Room
	Claims    *claim.Room
	Inquiries *inquiry.Room
	Radar     *radar.Room
	Insight   *insight.Room

	lock *os.File
	loop []loop // what Run starts
}

// loop is one thing that goes on in the background until its context ends.
type loop struct {
	name string
	run  func(context.Context) error
}

// Open takes the data folder, opens and migrates the database, opens the ledger and makes the rooms. The caller runs Run and,
// at the end, Close.
func Open(ctx context.Context, c Config) (h *House, err error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, problem.Wrap(err, problem.Full)
	}
	h = &House{Config: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
			h = nil
		}
	}()
	if h.lock, err = Lock(c.Dir); err != nil {
		return h, err
	}
	if h.DB, err = store.Open(ctx, store.Config{Database: c.Database, File: filepath.Join(c.Dir, DBFile)}); err != nil {
		return h, err
	}
	if err = h.DB.Migrate(ctx); err != nil {
		return h, err
	}
	if err = h.readDemo(ctx); err != nil {
		return h, err
	}
	if err = h.openLedger(ctx); err != nil {
		return h, err
	}
	return h, h.furnish(ctx)
}

func (h *House) openLedger(ctx context.Context) error {
	key, err := ledger.LoadOrMakeKey(filepath.Join(h.Dir, KeyFile), h.LogName)
	if err != nil {
		return problem.Wrap(err, problem.Full)
	}
	h.Ledger, err = ledger.Open(ctx, h.DB, ledger.Config{Origin: OriginOfKey(key), Key: key, Now: h.Now, Log: h.Log})
	if err != nil {
		return err
	}
	h.background("ledger", h.Ledger.Run)
	h.background("checkpoint", h.keepCheckpoint)
	return RefuseOlder(h.Dir, h.Ledger)
}

// furnish makes the rooms, the lower ones first.
func (h *House) furnish(context.Context) (err error) {
	city := profile.Hanoi()
	book, err := regulation.LoadBook(city)
	if err != nil {
		return err
	}
	h.Rules, h.Deadlines = book.Rules, book.Deadlines
	h.Duties = regulation.NewDuties(regulation.DutyConfig{DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Deadlines: h.Deadlines, Now: h.Now})
	h.background("duties", h.Duties.Run)
	key, err := people.LoadOrMakeKey(filepath.Join(h.Dir, PeopleKeyFile))
	if err != nil {
		return problem.Wrap(err, problem.Full)
	}
	h.People, err = people.New(people.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Duties: h.Duties, Profile: city, Now: h.Now, Mail: h.Mail, Log: h.Log, Key: key, Words: words, Origin: h.Origin, Cost: h.Cost, SSO: h.SSO,
	})
	if err != nil {
		return err
	}
	h.background("people", h.People.Run)
	h.Media = media.New(media.Config{DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Folder: filepath.Join(h.Dir, FilesDir), Now: h.Now})
	h.Releases = release.New(release.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Duties: h.Duties, Media: h.Media, Now: h.Now, NameOf: h.People.NameOf,
	})
	h.background("releases", func(ctx context.Context) error {
		return h.Releases.Run(ctx, func(err error) { h.Log.Error("let out what is due", "err", err) })
	})
	h.Claims = claim.New(claim.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Duties: h.Duties, Now: h.Now, NameOf: h.People.NameOf, Attach: h.Media.Attach, Passage: h.passage, Heard: h.heard,
	})
	h.background("claims", func(ctx context.Context) error {
		return h.Claims.Run(ctx, func(err error) { h.Log.Error("erase contacts of reports", "err", err) })
	})
	h.Inquiries, err = inquiry.New(inquiry.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Duties: h.Duties, People: h.People, Profile: city, Now: h.Now, Words: words, Origin: h.Origin, Log: h.Log,
	})
	if err != nil {
		return err
	}
	h.background("inquiries", h.Inquiries.Run)
	keep, err := radar.LoadRetention(city)
	if err != nil {
		return err
	}
	knows, err := radar.LoadKnowledge(city)
	if err != nil {
		return err
	}
	h.Radar = radar.New(radar.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Fetch: h.fetcher(), Now: h.Now, Log: h.Log, Checks: h.checks, Retention: keep, Calendar: h.Deadlines.Calendar(),
		Knows: knows, Reads: h.readsStories, Origin: h.Origin,
		Callback: h.callback(), Folder: filepath.Join(h.Dir, UploadsDir), Attach: h.Media.Attach,
	})
	h.background("radar", h.Radar.Run)
	h.background("retention", h.Radar.RunErase)
	h.Insight = insight.New(insight.Config{
		DB: h.DB, Ledger: h.Ledger, Rules: h.Rules, Duties: h.Duties, People: h.People, Releases: h.Releases, Inquiries: h.Inquiries, Claims: h.Claims, Radar: h.Radar,
		Now: h.Now, Log: h.Log, Words: words, Origin: h.Origin,
	})
	h.background("notices", h.Insight.FollowNotices)
	h.background("library", h.Insight.FollowLibrary)
	h.background("digest", h.Insight.RunDigests)
	h.background("watches", h.Insight.RunWatches)
	return nil
}

// checks gives what the radar holds a batch of mentions against: what was checked before and what the city has said. The rooms that know
// are made after it and are asked only when it runs.
func (h *House) checks(ctx context.Context) (warn.Checks, error) {
	refuted, err := h.Claims.Refuted(ctx)
	return warn.Checks{Refuted: refuted, Turned: h.Insight.Turned}, err
}

// readsStories says whether an account may still see stories, so that who has left is told nothing.
func (h *House) readsStories(ctx context.Context, account string) bool {
	a, err := h.People.Actor(ctx, account)
	return err == nil && h.Rules.Can(a, "radar.story.view", regulation.Thing{Kind: "story", Office: h.People.Centre()}, h.Now()) == nil
}

// fetcher makes the client for other people's servers. It says who asks and where the centre can be reached.
func (h *House) fetcher() *fetch.Client {
	return fetch.New(fetch.Config{Agent: "Khue/1 (+" + h.Origin + ")", Delay: h.Pause, Allow: h.Private, Transport: h.Network, Now: h.Now})
}

// HubPath is the path below which hubs push to the house.
const HubPath = "/hub/"

// callback gives the address that hubs are told; "" where the house has no public one.
func (h *House) callback() string {
	if !strings.HasPrefix(h.Origin, "https://") {
		return ""
	}
	return strings.TrimSuffix(h.Origin, "/") + HubPath
}

// heard tells the radar what a citizen's report says.
func (h *House) heard(ctx context.Context, tx *store.Tx, report, text, link string) error {
	return h.Radar.HearReport(ctx, tx, catalogue.VI.T("source.citizens"), report, text, link)
}

// passage gives a published release as evidence is held against it; problem.NotFound for what is not out.
func (h *House) passage(ctx context.Context, code string) (claim.Passage, error) {
	p, err := h.Releases.Public(ctx, code)
	if err != nil {
		return claim.Passage{}, err
	}
	if p.State == release.Withdrawn {
		return claim.Passage{}, problem.New(problem.NotFound)
	}
	return claim.Passage{ID: p.ID, Code: p.Code, Title: p.Title, Text: p.Canonical()}, nil
}

// words gives rooms the sentences of their letters.
func words(lang, key string, args ...any) string { return catalogue.Parse(lang).T(key, args...) }

// background adds what Run starts.
func (h *House) background(name string, run func(context.Context) error) {
	h.loop = append(h.loop, loop{name, run})
}

// Run does what goes on in the background until ctx ends, and waits for its end. When one part fails, the others are stopped
// and the fault is given.
func (h *House) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	faults := make(chan error, len(h.loop))
	for _, l := range h.loop {
		all.Go(func() {
			err := l.run(ctx)
			switch {
			case err == nil || errors.Is(err, context.Canceled):
			case ctx.Err() != nil: // cut off by the end; what it was doing is done again at the next start
				h.Log.Info("a part of the house was cut off by the end", "part", l.name, "err", err)
			default:
				h.Log.Error("a part of the house stopped", "part", l.name, "err", err)
				faults <- err
				stop()
			}
		})
	}
	all.Wait()
	close(faults)
	return <-faults
}

// Close closes the database and gives the folder back. Run must have ended.
func (h *House) Close() error {
	var err error
	if h.DB != nil {
		err = h.DB.Close()
	}
	if h.lock != nil {
		err = errors.Join(err, h.lock.Close())
	}
	return err
}

// Ready says whether the house can serve: its database answers.
func (h *House) Ready(ctx context.Context) error {
	if _, err := h.DB.Version(ctx); err != nil {
		return problem.Wrap(err, problem.Loading)
	}
	return nil
}
