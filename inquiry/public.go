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
}

// Seal gives the answer as SealedText wants it.
func (a PublicAnswer) Seal() []byte {
	return SealedText(a.Code, Answer{Round: a.Round, Title: a.Title, Question: a.Question, Text: a.Text})
}

// PublicFilter chooses public answers; zero fields ask for all.
type PublicFilter struct {
	Office string
	Before time.Time
	Limit  int // 0 means 30
}

func readPublic(rows *sql.Rows, err error) ([]PublicAnswer, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []PublicAnswer
	for rows.Next() {
		var a PublicAnswer
		var at int64
		if err := rows.Scan(&a.Inquiry, &a.Code, &a.Kind, &a.Asker, &a.Office, &a.Round, &a.Lang, &a.Title, &a.Question, &a.Text, &a.Hash, &a.Entry, &at); err != nil {
			return nil, err
		}
		a.At = store.Time(at)
		list = append(list, a)
	}
	return list, rows.Err()
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
	return readPublic(r.db.Query(ctx, sqlPublic, before, f.Office, f.Limit))
}

// PublicAnswer gives every public round of an inquiry, in order; problem.NotFound when there is none, whatever else there is.
func (r *Room) PublicAnswer(ctx context.Context, code string) ([]PublicAnswer, error) {
	list, err := readPublic(r.db.Query(ctx, sqlPublicByCode, strings.ToUpper(strings.TrimSpace(code))))
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
	Text      string // question and answer
	Published time.Time
	State     string // "published"
	Entry     string
}

// Documents hands every public answer to fn, oldest first.
func (r *Room) Documents(ctx context.Context, fn func(Document) error) error {
	const batch = 500
	at, id := int64(-1), ""
	for {
		list, err := readPublic(r.db.Query(ctx, sqlPublicAfter, at, id, batch))
		if err != nil || len(list) == 0 {
			return err
		}
		for _, a := range list {
			d := Document{
				Thing: "inquiry/" + a.Inquiry, Code: a.Code, Version: a.Round, Title: a.Title, Text: prose.Plain(a.Question + "\n\n" + a.Text),
				Published: a.At, State: "published", Entry: a.Entry,
			}
			if err := fn(d); err != nil {
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
