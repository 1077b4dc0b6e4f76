package inquiry

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"khue/problem"
	"khue/profile"
	"khue/release/prose"
	"khue/store"
)

// PublicAnswer is an answer as the public sees it: nothing of who asked.
type PublicAnswer struct {
	Inquiry  string // id, "inquiry/ID" in the log
	Code     string
	Kind     Kind
	Asker    AskerKind
	Office   string
	Round    int64
	Lang     string
	Title    string
	Question string
	Text     string
	Hash     string
	Entry    string // ledger entry's id
	At       time.Time

	Withdrawn time.Time // zero while it holds; then Title, Question and Text are empty
	Reason    string    // of the withdrawal
}

// PublicFilter chooses public answers; zero fields ask for all.
type PublicFilter struct {
	Office string
	Before time.Time
	Limit  int // 0 means 30
}

func readPublic(rows *sql.Rows, err error) ([]PublicAnswer, error) {
	return store.All(rows, err, func(w store.Row) (a PublicAnswer, err error) {
		var at, withdrawn int64
		err = w.Scan(&a.Inquiry, &a.Code, &a.Kind, &a.Asker, &a.Office, &a.Round, &a.Lang, &a.Title, &a.Question, &a.Text, &a.Hash, &a.Entry, &at, &withdrawn, &a.Reason)
		a.At, a.Withdrawn = store.Time(at), store.Time(withdrawn)
		return a, err
	})
}

// PublicAnswers gives what was answered in public, newest first.
func (r *Room) PublicAnswers(ctx context.Context, f PublicFilter) ([]PublicAnswer, error) {
	before := never
	if !f.Before.IsZero() {
		before = store.Micros(f.Before)
	}
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 30
	}
	list, err := readPublic(r.db.Query(ctx, sqlPublic, before, f.Office, f.Limit))
	return holding(list), err
}

// holding takes the text from answers that were withdrawn: their place says so, and why.
func holding(list []PublicAnswer) []PublicAnswer {
	for i := range list {
		if !list[i].Withdrawn.IsZero() {
			list[i].Title, list[i].Question, list[i].Text = "", "", ""
		}
	}
	return list
}

// PublicAnswer gives every public round of an inquiry, in order; problem.NotFound when there is none, whatever else there is.
func (r *Room) PublicAnswer(ctx context.Context, code string) ([]PublicAnswer, error) {
	list, err := readPublic(r.db.Query(ctx, sqlPublicByCode, strings.ToUpper(strings.TrimSpace(code))))
	list = holding(list)
	if err == nil && len(list) == 0 {
		err = problem.New(problem.NotFound)
	}
	return list, err
}

// Document is a public text to check pasted ones against.
type Document struct {
	Thing     string // "inquiry/ID"
	Code      string
	Version   int64 // the round
	Title     string
	Text      string // as it is sealed: title, question, answer
	Published time.Time
	State     string // "published", "withdrawn"
	Entry     string
	Lang      string
	Hash      string
}

func document(a PublicAnswer) Document {
	d := Document{
		Thing: "inquiry/" + a.Inquiry, Code: a.Code, Version: a.Round, Title: a.Title, Text: prose.Canonical(a.Title, a.Question, a.Text),
		Published: a.At, State: "published", Entry: a.Entry, Lang: a.Lang, Hash: a.Hash,
	}
	if !a.Withdrawn.IsZero() {
		d.State = "withdrawn"
	}
	return d
}

// DocumentsOf hands every public answer of one inquiry to fn, in order.
func (r *Room) DocumentsOf(ctx context.Context, id string, fn func(Document) error) error {
	list, err := readPublic(r.db.Query(ctx, sqlPublicByID, id))
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := fn(document(a)); err != nil {
			return err
		}
	}
	return nil
}

// Documents hands every public answer to fn, oldest first; those that were withdrawn too, so that a copy is known.
func (r *Room) Documents(ctx context.Context, fn func(Document) error) error {
	const batch = 500
	at, id := int64(-1), ""
	for {
		list, err := readPublic(r.db.Query(ctx, sqlPublicAfter, at, id, batch))
		if err != nil || len(list) == 0 {
			return err
		}
		for _, a := range list {
			if err := fn(document(a)); err != nil {
				return err
			}
		}
		last := list[len(list)-1]
		at, id = store.Micros(last.At), last.Inquiry
	}
}

// similarCache holds the words of the newest public answers.
type similarCache struct {
	mu    sync.Mutex
	stamp [2]int64 // number and newest of the public answers that it was made of
	list  []similarDoc
	idf   map[string]float64
}

type similarDoc struct {
	PublicAnswer
	words map[string]bool
}

// maxSimilar bounds the answers that Similar looks at: the newest.
const maxSimilar = 500

// Similar gives public answers whose words are like a text's, best first, with or without marks: "has this been asked?".
// An answer that shares only what most of them have is left out.
func (r *Room) Similar(ctx context.Context, text string, limit int) ([]PublicAnswer, error) {
	list, idf, err := r.similarDocs(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	asked := wordSet(text)
	type scored struct {
		PublicAnswer
		score float64
	}
	var whole float64
	for w := range asked {
		if v, ok := idf[w]; ok {
			whole += v
		}
	}
	var found []scored
	for _, d := range list {
		var s float64
		for w := range asked {
			if d.words[w] {
				s += idf[w]
			}
		}
		if whole > 0 && s/whole >= 0.3 && s >= 2 {
			found = append(found, scored{d.PublicAnswer, s})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	var out []PublicAnswer
	for _, f := range found[:min(len(found), max(limit, 1))] {
		out = append(out, f.PublicAnswer)
	}
	return out, nil
}

func (r *Room) similarDocs(ctx context.Context) ([]similarDoc, map[string]float64, error) {
	c := &r.similar
	c.mu.Lock()
	defer c.mu.Unlock()
	var stamp [2]int64
	if err := r.db.QueryRow(ctx, sqlPublicCount).Scan(&stamp[0], &stamp[1]); err != nil {
		return nil, nil, err
	}
	if stamp == c.stamp {
		return c.list, c.idf, nil
	}
	list, err := r.PublicAnswers(ctx, PublicFilter{Limit: maxSimilar})
	if err != nil {
		return nil, nil, err
	}
	c.list, c.idf, c.stamp = nil, map[string]float64{}, stamp
	for _, a := range list {
		if !a.Withdrawn.IsZero() {
			continue
		}
		d := similarDoc{a, wordSet(a.Title + " " + a.Question)}
		for w := range d.words {
			c.idf[w]++
		}
		c.list = append(c.list, d)
	}
	for w, n := range c.idf {
		c.idf[w] = math.Log(1 + float64(len(list))/n)
	}
	return c.list, c.idf, nil
}

// wordSet gives a text's words and pairs of words without marks; pairs stand for Vietnamese words of two syllables.
func wordSet(text string) map[string]bool {
	ws := strings.Fields(profile.Key(text))
	set := make(map[string]bool, 2*len(ws))
	for i, w := range ws {
		set[w] = true
		if i > 0 {
			set[ws[i-1]+" "+w] = true
		}
	}
	return set
}
