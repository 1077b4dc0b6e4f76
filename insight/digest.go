package insight

import (
	"context"
	"slices"
	"strings"
	"time"

	"khue/inquiry"
	"khue/ledger"
	"khue/people/mail"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/store"
	"khue/text"
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

// SetSheet gives the room what draws a digest as an A4 PDF. Without it letters go without the sheet.
func (r *Room) SetSheet(draw func(Digest) ([]byte, error)) { r.sheet.Store(&draw) }

// RunDigests drafts and sends the digest when its hour has come, until ctx ends.
func (r *Room) RunDigests(ctx context.Context) error {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		if err := r.StepDigest(ctx); err != nil && ctx.Err() == nil {
			r.c.Log.Error("press digest", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// StepDigest does what is due of today's digest: drafts it from 05:30 on, and sends it from 06:30 on if somebody has signed it.
func (r *Room) StepDigest(ctx context.Context) error {
	now := r.c.Now().In(vietnam)
	day := now.Format(time.DateOnly)
	since := time.Duration(now.Hour())*time.Hour + time.Duration(now.Minute())*time.Minute
	if since < DigestDrafted {
		return nil
	}
	d, err := r.digest(ctx, r.c.DB, day)
	if problem.CodeOf(err) == problem.NotFound {
		d, err = r.draftDigest(ctx, day)
	}
	if err != nil || d.State != DigestSigned || since < DigestSent {
		return err
	}
	return r.sendDigest(ctx, d)
}

// draftDigest makes a day's draft out of the stories since the digest before.
func (r *Room) draftDigest(ctx context.Context, day string) (Digest, error) {
	now := r.c.Now()
	system := regulation.SystemActor("digest")
	d := Digest{Day: day, State: DigestDraft, Version: 1, DraftedAt: now}
	since := now.Add(-digestNight)
	var last int64
	if err := r.c.DB.QueryRow(ctx, sqlLastDigest, day).Scan(&last); err == nil && store.Time(last).After(since.Add(-2*digestNight)) {
		since = store.Time(last)
	}
	stories, err := r.night(ctx, system, since)
	if err != nil {
		return d, err
	}
	for i, s := range stories {
		it, err := r.digestItem(ctx, system, s)
		if err != nil {
			return d, err
		}
		it.Ticked = i < digestTicked
		d.Items = append(d.Items, it)
	}
	err = r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sqlInsertDigest, d.Day, string(d.State), store.Micros(now)); err != nil {
			return err
		}
		for i, it := range d.Items {
			if _, err := tx.Exec(ctx, sqlInsertDigestItem, d.Day, it.Story, i, store.Bool(it.Ticked), it.Headline, it.Line, it.URL, it.Source, it.Sources, it.Topic, it.Office, it.Said.Code, it.Said.Title, it.Said.Path); err != nil {
				return err
			}
		}
		return r.enterDigest(ctx, tx, system, d, "digest.drafted", 0, now)
	})
	if store.IsUnique(err) { // another node drafted it at the same moment
		return r.digest(ctx, r.c.DB, day)
	}
	return d, err
}

// night gives the stories that were told since a moment by several sources, the most told first.
func (r *Room) night(ctx context.Context, by regulation.Actor, since time.Time) ([]radar.Story, error) {
	var list []radar.Story
	var after radar.StoryCursor
	for range 20 { // pages; the stories come with the newest mention first
		page, err := r.c.Radar.Stories(ctx, by, digestSources, 100, after)
		if err != nil {
			return nil, err
		}
		for _, s := range page.Stories {
			if s.LastAt.Before(since) {
				page.Next = radar.StoryCursor{}
				break
			}
			if s.Sources >= digestSources {
				list = append(list, s)
			}
		}
		if after = page.Next; after.ID == "" {
			break
		}
	}
	slices.SortStableFunc(list, func(a, b radar.Story) int { return b.Sources - a.Sources })
	return list[:min(len(list), digestMost)], nil
}

func (r *Room) digestItem(ctx context.Context, by regulation.Actor, s radar.Story) (DigestItem, error) {
	it := DigestItem{Story: s.ID, Headline: s.Headline, Sources: s.Sources}
	_, mentions, err := r.c.Radar.Story(ctx, by, s.ID, 1)
	if err != nil {
		return it, err
	}
	if len(mentions) > 0 {
		m := mentions[0]
		it.URL, it.Line = m.URL, oneLine(m.Title, m.Text)
		src, err := r.c.Radar.Source(ctx, by, m.Source)
		if err != nil && problem.CodeOf(err) != problem.NotFound {
			return it, err
		}
		it.Source = src.Name
	}
	claims, err := r.c.Claims.OfStory(ctx, by, s.ID)
	if err != nil {
		return it, err
	}
	for _, c := range claims {
		it.Topic, it.Office = c.Topic, c.Office
		if c.Edition > 0 {
			it.Said = Said{c.Code, c.Draft.VI.Headline, "/claims/" + c.Code}
		}
	}
	matters, err := r.c.Inquiries.ByStory(ctx, "story/"+s.ID)
	if err != nil {
		return it, err
	}
	for _, q := range matters {
		if it.Office == "" {
			it.Office = q.Office
		}
	}
	if it.Said.Code == "" && len(mentions) > 0 {
		near, err := r.Touching(mentions[0].Title, mentions[0].Text)
		if err == nil && near.Document != "" && near.Paper.Status != TakenBack {
			it.Said = Said{near.Paper.Code, near.Paper.Title, near.Paper.Path()}
		} else if err != nil && problem.CodeOf(err) != problem.Loading && problem.CodeOf(err) != problem.Required {
			return it, err
		}
	}
	return it, nil
}

// oneLine gives the first sentence of a text that is not its title again.
func oneLine(title, body string) string {
	body = strings.Join(strings.Fields(body), " ")
	for _, span := range text.Sentences(body) {
		s := strings.TrimSpace(span.Of(body))
		if len(s) < 20 || text.Fold(s) == text.Fold(title) || text.Fold(strings.TrimRight(s, ".")) == text.Fold(title) {
			continue
		}
		return cutWords(s, digestLine)
	}
	return cutWords(body, digestLine)
}

// cutWords shortens a text to at most n bytes at the end of a word.
func cutWords(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = text.Cut(s, n)
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + "…"
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
		if _, err := tx.Exec(ctx, sqlSaveDigest, string(d.State), d.Version, d.SignedBy, store.Micros(d.SignedAt), d.Day); err != nil {
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

// sendDigest lets a letter to each reader wait, with the sheet, and marks the digest as gone.
func (r *Room) sendDigest(ctx context.Context, d Digest) error {
	readers, err := r.digestReaders(ctx)
	if err != nil {
		return err
	}
	var file mail.File
	if draw := r.sheet.Load(); draw != nil {
		data, err := (*draw)(d)
		if err != nil {
			return err
		}
		file = mail.File{Name: "diem-bao-" + d.Day + ".pdf", Type: "application/pdf", Data: data}
	}
	now := r.c.Now()
	return r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.Exec(ctx, sqlDigestGone, store.Micros(now), d.Day)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return err // somebody else sent it, or it was opened again
		}
		for _, reader := range readers {
			if err := r.c.People.Post(ctx, tx, mail.Message{
				ID: "digest/" + d.Day + "/" + reader.Email, To: reader.Email, ToName: reader.Name, Lang: "vi", At: now, File: file,
				Subject: r.c.Words("vi", "digest.mail.subject", "day", dayWords(d.Day), "n", len(d.Ticked())), Text: r.digestLetter(d),
			}); err != nil {
				return err
			}
		}
		return r.enterDigest(ctx, tx, regulation.SystemActor("digest"), d, "digest.sent", len(readers), now)
	})
}

// digestLetter writes a digest as plain text.
func (r *Room) digestLetter(d Digest) string {
	var b strings.Builder
	b.WriteString(r.c.Words("vi", "digest.mail.head", "day", dayWords(d.Day), "link", r.c.Origin+"/desk/digest/"+d.Day) + "\n")
	for i, it := range d.Ticked() {
		b.WriteString("\n" + r.c.Words("vi", "digest.mail.item", "n", i+1, "headline", it.Headline, "source", it.Source, "sources", it.Sources) + "\n" + it.Line + "\n")
		if it.Said.Code != "" {
			b.WriteString(r.c.Words("vi", "digest.mail.said", "title", it.Said.Title, "code", it.Said.Code) + "\n")
		}
		if it.URL != "" {
			b.WriteString(it.URL + "\n")
		}
	}
	return b.String()
}

// dayWords writes a day as people read it: 9/11/2026.
func dayWords(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2/1/2006")
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

// DigestReader is who gets the digest by mail.
type DigestReader struct{ Email, Name string }

func (r *Room) digestReaders(ctx context.Context) ([]DigestReader, error) {
	rows, err := r.c.DB.Query(ctx, sqlDigestReaders)
	return store.All(rows, err, func(row store.Row) (x DigestReader, err error) {
		err = row.Scan(&x.Email, &x.Name)
		return x, err
	})
}

// DigestReaders gives who gets the digest, to who may change it.
func (r *Room) DigestReaders(ctx context.Context, by regulation.Actor) ([]DigestReader, error) {
	if err := r.mayReaders(by); err != nil {
		return nil, err
	}
	return r.digestReaders(ctx)
}

func (r *Room) mayReaders(by regulation.Actor) error {
	return r.c.Rules.Can(by, "insight.digest.readers", regulation.Thing{Kind: "digest", Office: r.c.People.Centre()}, r.c.Now())
}

// PutDigestReader adds somebody to who gets the digest, or takes them off. The ledger holds no address.
func (r *Room) PutDigestReader(ctx context.Context, by regulation.Actor, x DigestReader, gone bool) error {
	if err := r.mayReaders(by); err != nil {
		return err
	}
	email, err := mail.Address(x.Email)
	if err != nil {
		return problem.Of("email", problem.Email)
	}
	x.Name = strings.Join(strings.Fields(x.Name), " ")
	if len(x.Name) > 200 {
		return problem.Of("name", problem.Invalid, "why", "@radar.too-long")
	}
	now := r.c.Now()
	return r.c.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		kind := "digest.reader-added"
		if gone {
			kind = "digest.reader-removed"
			_, err = tx.Exec(ctx, sqlDeleteDigestReader, email)
		} else {
			_, err = tx.Exec(ctx, sqlPutDigestReader, email, x.Name, by.ID, store.Micros(now))
		}
		if err != nil {
			return err
		}
		_, err = r.c.Ledger.Append(ctx, tx, ledger.Entry{Kind: kind, Actor: by.ID, Thing: "digest/readers", Body: digestBody{}, At: now})
		return err
	})
}

const (
	sqlLastDigest       = `SELECT drafted_at FROM digest WHERE day < ?1 ORDER BY day DESC LIMIT 1`
	sqlInsertDigest     = `INSERT INTO digest (day, state, version, drafted_at, signed_by, signed_at, sent_at) VALUES (?1, ?2, 1, ?3, '', 0, 0)`
	sqlInsertDigestItem = `INSERT INTO digest_item (day, story, position, ticked, headline, line, url, source, sources, topic, office, said_code, said_title, said_path, task)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, '')`
	sqlSaveDigest     = `UPDATE digest SET state = ?1, version = ?2, signed_by = ?3, signed_at = ?4 WHERE day = ?5`
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
