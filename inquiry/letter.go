package inquiry

import (
	"context"
	"strconv"
	"strings"

	"khue/people/mail"
	"khue/regulation"
	"khue/store"
)

// Letter names a kind of letter to an asker; its words are "inquiry.mail.<letter>.subject" and ".text" of the catalogue.
type Letter string

// The letters.
const (
	LetterReceipt Letter = "receipt"
	LetterClarify Letter = "clarify"
	LetterRefused Letter = "refused"
	LetterGuided  Letter = "guided"
	LetterPrivate Letter = "private"
	LetterPublic  Letter = "public"
	LetterBack    Letter = "withdrawn" // a public answer was withdrawn
)

// post lets a letter to the asker wait in the command's own transaction; people sends it, at least once, under an id that follows
// from inquiry, letter and version. It holds no secret link: of that only a hash is kept. Askers without address get none.
func (r *Room) post(ctx context.Context, tx *store.Tx, q Inquiry, letter Letter, text string) error {
	c, err := readAsker(ctx, tx, q.ID)
	if err != nil {
		return err
	}
	if q.Account != "" {
		a, err := r.people.Account(ctx, q.Account)
		if err != nil {
			return err
		}
		c.Email, c.Name = a.Email, a.NameIn(q.Lang)
	}
	if c.Email == "" {
		return nil
	}
	g := r.GroundOf(q.Ground)
	args := []any{
		"code", q.Code, "subject", q.Subject, "text", text, "ground", g.In(q.Lang), "source", g.Source, "reason", q.Reason,
		"link", r.link(q, letter), "due", r.dueWords(ctx, tx, q),
	}
	word := func(part string) string { return r.words(q.Lang, "inquiry.mail."+string(letter)+"."+part, args...) }
	return r.people.Post(ctx, tx, mail.Message{
		ID: q.Ref() + "/" + string(letter) + "/" + strconv.FormatInt(q.Version, 10), To: c.Email, ToName: cleanLine(c.Name),
		Subject: cleanLine(word("subject")), Text: word("text"), Lang: q.Lang, At: r.now(),
	})
}

// link is the public page of a public answer, or the place where an account's own questions stand.
func (r *Room) link(q Inquiry, letter Letter) string {
	path := ""
	switch {
	case letter == LetterPublic || letter == LetterBack:
		path = "/answers/" + q.Code
	case q.Account != "":
		path = "/press/questions/" + q.Code
	}
	if q.Lang == "en" {
		path = "/en" + path
	}
	return r.origin + path
}

// dueWords gives the last day of the first clock in words ("inquiry.due"), or those for no limit.
func (r *Room) dueWords(ctx context.Context, tx *store.Tx, q Inquiry) string {
	list, err := r.duties.Of(ctx, tx, q.Ref())
	if err != nil {
		return r.words(q.Lang, "inquiry.due.none")
	}
	for _, d := range list {
		if d.State.Open() && d.Kind != "verify" {
			return r.DueWords(q.Lang, d)
		}
	}
	return r.words(q.Lang, "inquiry.due.none")
}

// DueWords says by when, on what ground: "hết ngày 27/11/2026 (Điều 7 khoản 5, Nghị định 244/2026/NĐ-CP)".
func (r *Room) DueWords(lang string, d regulation.Duty) string {
	at := d.Due.In(vietnam)
	key := "inquiry.due.at"
	if at.Hour() == 0 && at.Minute() == 0 { // never 00:00 of the next day
		key, at = "inquiry.due.day", at.AddDate(0, 0, -1)
	}
	basis := r.words(lang, "inquiry.due.own")
	if d.Mark == "law" {
		basis = strings.TrimSpace(d.Article + ", " + d.Act)
	}
	return r.words(lang, key, "time", at.Format("15:04"), "date", at.Format("2/1/2006"), "basis", basis)
}
