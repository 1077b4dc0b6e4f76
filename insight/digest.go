package insight

import (
	"context"
	"slices"
	"strings"
	"time"

	"khue/inquiry"
	"khue/ledger"
	"khue/problem"
	"khue/regulation"
	"khue/store"
)

// When the press digest is drafted and sent, after midnight in Hanoi: the centre's own hours, no law behind them.
const (
	DigestDrafted = 5*time.Hour + 30*time.Minute
	DigestSent    = 6*time.Hour + 30*time.Minute
)

const (
	// digestNight is how far back the first digest looks; later ones look back to the one before.
	digestNight = 24 * time.Hour
	// digestMost bounds the stories of a draft, digestTicked those that are ticked for the editor to begin with.
	digestMost, digestTicked = 40, 12
	// digestSources is the number of sources from which on a story is drafted.
	digestSources = 2
	// digestLine bounds the one line of an item, in bytes.
	digestLine = 400
)

// DigestState is where a digest stands.
type DigestState string

// The states of a digest.
const (
	DigestDraft  DigestState = "draft"  // chờ người soạn
	DigestSigned DigestState = "signed" // đã ký, chờ giờ gửi
	DigestGone   DigestState = "sent"   // đã gửi
)

// Digest (điểm báo) is a morning's stories: drafted by the machine, ticked, ordered and signed by a person, sent by mail and on paper.
type Digest struct {
	Day       string // 2026-11-09
	State     DigestState
	Version   int64
	DraftedAt time.Time
	SignedBy  string
	SignedAt  time.Time
	SentAt    time.Time
	Items     []DigestItem // in order
}

// DigestItem is one story of a digest.
type DigestItem struct {
	Story    string
	Ticked   bool
	Headline string
	Line     string // one line
	URL      string // of the mention that told it first
	Source   string // its name
	Sources  int
	Topic    string // of the claim that was opened about it, "" for none
	Office   string // responsible
	Said     Said   // what the city said of it
	Task     string // code of the task that a leader made of it
}

// Said is what the city said of a story; zero when nothing.
type Said struct{ Code, Title, Path string }

// Ticked gives the items that go out.
func (d Digest) Ticked() []DigestItem {
	var list []DigestItem
	for _, it := range d.Items {
		if it.Ticked {
			list = append(list, it)
		}
	}
	return list
}

// digestBody is version 1 of the entries on digests.
type digestBody struct {
	Day     string `json:"day"`
	Items   int    `json:"items"`
	Readers int    `json:"readers,omitempty"`
}

func (r *Room) enterDigest(ctx context.Context, tx *store.Tx, by regulation.Actor, d Digest, kind string, readers int, at time.Time) error {
	_, err := r.c.Ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Actor: by.ID, Thing: "digest/" + d.Day, Body: digestBody{Day: d.Day, Items: len(d.Ticked()), Readers: readers}, At: at})
	return err
}

// EditDigestInput is what a person made of a draft: the stories in their order, those that are ticked, and their lines.
type EditDigestInput struct {
	Day     string
	Version int64
	Items   []DigestEdit
	Sign    bool
}

// DigestEdit is one story of an edit.
type DigestEdit struct {
	Story  string
	Ticked bool
	Line   string
}

// EditDigest orders and ticks a digest, and signs it when asked to: a signed one goes out at its hour. A stale version is
// problem.Conflict; what has gone out is problem.State.
func (r *Room) EditDigest(ctx context.Context, by regulation.Actor, in EditDigestInput) (Digest, error) {
	var d Digest
	now := r.c.Now()
	err := r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := r.c.Rules.Can(by, "insight.digest.edit", regulation.Thing{Kind: "digest", ID: in.Day, Office: r.c.People.Centre()}, now); err != nil {
			return err
		}
		var err error
		if d, err = r.digest(ctx, tx, in.Day); err != nil {
			return err
		}
		if d.State == DigestGone {
			return problem.New(problem.State, "state", "@digest.state.sent", "action", "@digest.act.edit")
		}
		if d.Version != in.Version {
			return problem.New(problem.Conflict, "name", d.Day)
		}
		if err := d.arrange(in.Items); err != nil {
			return err
		}
		kind := "digest.edited"
		d.Version++
		d.State, d.SignedBy, d.SignedAt = DigestDraft, "", time.Time{}
		if in.Sign {
			if len(d.Ticked()) == 0 {
				return problem.Of("items", problem.Required)
			}
			kind, d.State, d.SignedBy, d.SignedAt = "digest.signed", DigestSigned, by.ID, now
		}
		if err := store.OneRow(d.Day)(tx.Exec(ctx, sqlSaveDigest, string(d.State), d.Version, d.SignedBy, store.Micros(d.SignedAt), d.Day, in.Version)); err != nil {
			return err
		}
		for i, it := range d.Items {
			if _, err := tx.Exec(ctx, sqlSaveDigestItem, i, store.Bool(it.Ticked), it.Line, d.Day, it.Story); err != nil {
				return err
			}
		}
		return r.enterDigest(ctx, tx, by, d, kind, 0, now)
	})
	return d, err
}

// arrange puts a digest's items into the order of an edit; what the edit leaves out stays behind them, unticked.
func (d *Digest) arrange(edits []DigestEdit) error {
	items := map[string]DigestItem{}
	for _, it := range d.Items {
		items[it.Story] = it
	}
	var list []DigestItem
	for _, e := range edits {
		it, ok := items[e.Story]
		if !ok {
			return problem.Of("items", problem.Invalid, "why", e.Story)
		}
		delete(items, e.Story)
		line := strings.Join(strings.Fields(e.Line), " ")
		if len(line) > digestLine+10 {
			return problem.Of("line", problem.Invalid, "why", "@radar.too-long")
		}
		it.Ticked, it.Line = e.Ticked, line
		list = append(list, it)
	}
	for _, it := range d.Items {
		if left, ok := items[it.Story]; ok {
			left.Ticked = false
			list = append(list, left)
		}
	}
	d.Items = list
	return nil
}

// TaskOfDigest makes a task of an office out of an item: what a leader ticks does not end on paper.
func (r *Room) TaskOfDigest(ctx context.Context, by regulation.Actor, day, story, office string) (string, error) {
	d, err := r.Digest(ctx, by, day)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(d.Items, func(it DigestItem) bool { return it.Story == story })
	if i < 0 {
		return "", problem.New(problem.NotFound)
	}
	it := d.Items[i]
	if it.Task != "" {
		return "", problem.Of("office", problem.Twice, "code", it.Task)
	}
	got, err := r.c.Inquiries.OpenMatter(ctx, by, inquiry.OpenMatterInput{
		Kind: inquiry.Instruction, Story: "story/" + story, Subject: it.Headline, Offices: []string{office}, Key: "digest/" + day + "/" + story,
		Body: strings.TrimSpace(it.Line + "\n\n" + it.URL),
	})
	if err != nil {
		return "", err
	}
	return got.Code, r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlDigestTask, got.Code, day, story); err != nil {
			return err
		}
		return r.enterDigest(ctx, tx, by, d, "digest.tasked", 0, r.c.Now())
	})
}

// Digest gives a day's digest to staff; problem.NotFound before it was drafted.
func (r *Room) Digest(ctx context.Context, by regulation.Actor, day string) (Digest, error) {
	if err := r.c.Rules.Can(by, "insight.digest.view", regulation.Thing{Kind: "digest", Office: r.c.People.Centre()}, r.c.Now()); err != nil {
		return Digest{}, err
	}
	return r.digest(ctx, r.c.DB, day)
}

// Digests gives the newest digests without their items, at most limit.
func (r *Room) Digests(ctx context.Context, by regulation.Actor, limit int) ([]Digest, error) {
	if err := r.c.Rules.Can(by, "insight.digest.view", regulation.Thing{Kind: "digest", Office: r.c.People.Centre()}, r.c.Now()); err != nil {
		return nil, err
	}
	rows, err := r.c.DB.Query(ctx, sqlDigests, limit)
	return store.All(rows, err, scanDigest)
}

func (r *Room) digest(ctx context.Context, q store.Reader, day string) (Digest, error) {
	d, err := scanDigest(q.QueryRow(ctx, sqlDigest, day))
	if err != nil {
		return d, store.NotFound(err)
	}
	rows, err := q.Query(ctx, sqlDigestItems, day)
	d.Items, err = store.All(rows, err, func(row store.Row) (it DigestItem, err error) {
		var ticked int64
		err = row.Scan(&it.Story, &ticked, &it.Headline, &it.Line, &it.URL, &it.Source, &it.Sources, &it.Topic, &it.Office, &it.Said.Code, &it.Said.Title, &it.Said.Path, &it.Task)
		it.Ticked = ticked == 1
		return it, err
	})
	return d, err
}

func scanDigest(row store.Row) (d Digest, err error) {
	var state string
	var drafted, signed, sent int64
	err = row.Scan(&d.Day, &state, &d.Version, &drafted, &d.SignedBy, &signed, &sent)
	d.State, d.DraftedAt, d.SignedAt, d.SentAt = DigestState(state), store.Time(drafted), store.Time(signed), store.Time(sent)
	return d, err
}

const (
	sqlLastDigest       = `SELECT drafted_at FROM digest WHERE day < ?1 ORDER BY day DESC LIMIT 1`
	sqlInsertDigest     = `INSERT INTO digest (day, state, version, drafted_at, signed_by, signed_at, sent_at) VALUES (?1, ?2, 1, ?3, '', 0, 0)`
	sqlInsertDigestItem = `INSERT INTO digest_item (day, story, position, ticked, headline, line, url, source, sources, topic, office, said_code, said_title, said_path, task)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, '')`
	sqlSaveDigest     = `UPDATE digest SET state = ?1, version = ?2, signed_by = ?3, signed_at = ?4 WHERE day = ?5 AND version = ?6`
	sqlSaveDigestItem = `UPDATE digest_item SET position = ?1, ticked = ?2, line = ?3 WHERE day = ?4 AND story = ?5`
	sqlDigestGone     = `UPDATE digest SET state = 'sent', sent_at = ?1, version = version + 1 WHERE day = ?2 AND state = 'signed'`
	sqlDigestTask     = `UPDATE digest_item SET task = ?1 WHERE day = ?2 AND story = ?3`
	sqlDigest         = `SELECT day, state, version, drafted_at, signed_by, signed_at, sent_at FROM digest WHERE day = ?1`
	sqlDigests        = `SELECT day, state, version, drafted_at, signed_by, signed_at, sent_at FROM digest ORDER BY day DESC LIMIT ?1`
	sqlDigestItems    = `SELECT story, ticked, headline, line, url, source, sources, topic, office, said_code, said_title, said_path, task FROM digest_item WHERE day = ?1 ORDER BY position, story`

	sqlDigestReaders      = `SELECT email, name FROM digest_reader ORDER BY email`
	sqlPutDigestReader    = `INSERT INTO digest_reader (email, name, added_by, added_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (email) DO UPDATE SET name = ?2`
	sqlDeleteDigestReader = `DELETE FROM digest_reader WHERE email = ?1`
)
