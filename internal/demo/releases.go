package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"khue/media"
	"khue/regulation"
	"khue/release"
)

// news lets every release go its way, from the office that sends it to its end.
func (t *teller) news(context.Context) error {
	for i, n := range t.c.News {
		at, err := n.of(t.end)
		if err != nil {
			return fmt.Errorf("release %d: %w", i+1, err)
		}
		t.release(n, i, at)
	}
	return nil
}

// way is one release on its way.
type way struct {
	n   news
	rel release.Release
}

func (w *way) ref() release.Ref { return release.Ref{ID: w.rel.ID, Version: w.rel.Version} }

func (w *way) keep(rel release.Release, err error) error {
	if err == nil {
		w.rel = rel
	}
	return err
}

// editors and approvers take turns.
var (
	editors   = []string{"bien-tap", "bien-tap-2", "bien-tap-3"}
	approvers = []string{"duyet", "duyet-2"}
)

func (t *teller) release(n news, i int, at time.Time) {
	w := &way{n: n}
	editor, approver := editors[i%len(editors)], approvers[i%len(approvers)]
	end := n.End
	if end == "" {
		end = "published"
	}
	step := func(after time.Duration, what string, do func(ctx context.Context) (release.Release, error)) {
		at = at.Add(after)
		t.s.at(at, what+" "+n.Title, func(ctx context.Context) error { return w.keep(do(ctx)) })
	}
	step(0, "submit", func(ctx context.Context) (release.Release, error) { return t.submit(ctx, w) })
	if end == "submitted" {
		return
	}
	if end == "declined" {
		step(50*time.Minute, "decline", func(ctx context.Context) (release.Release, error) {
			return t.h.Releases.Decline(ctx, t.centre(editor), release.Why{Ref: w.ref(), Reason: n.Reason})
		})
		return
	}
	step(14*time.Minute, "take", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.Take(ctx, t.centre(editor), w.ref())
	})
	if end == "returned" {
		step(20*time.Minute, "return", func(ctx context.Context) (release.Release, error) {
			return t.h.Releases.Return(ctx, t.centre(editor), release.Why{Ref: w.ref(), Reason: n.Reason})
		})
		return
	}
	step(25*time.Minute, "edit", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.Edit(ctx, t.centre(editor), release.EditInput{Ref: w.ref(), Text: n.text(), Why: "biên tập cho gọn"})
	})
	if end == "editing" {
		return
	}
	step(5*time.Minute, "send up", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.SendUp(ctx, t.centre(editor), w.ref())
	})
	if end == "awaiting" {
		return
	}
	step(18*time.Minute, "approve", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.Approve(ctx, t.centre(approver), w.ref())
	})
	t.leave(w, end, editor, approver, at, step)
}

// leave publishes, schedules or holds what was approved, and then changes or withdraws it.
func (t *teller) leave(w *way, end, editor, approver string, at time.Time, step func(time.Duration, string, func(context.Context) (release.Release, error))) {
	n := w.n
	switch end {
	case "approved":
		return
	case "scheduled", "embargoed":
		step(4*time.Minute, end, func(ctx context.Context) (release.Release, error) {
			to := release.When{Ref: w.ref(), At: t.end.Add(20 * time.Hour).Truncate(time.Hour)}
			if end == "embargoed" {
				return t.h.Releases.Embargo(ctx, t.centre(approver), to)
			}
			return t.h.Releases.Schedule(ctx, t.centre(editor), to)
		})
		return
	}
	step(3*time.Minute, "publish", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.Publish(ctx, t.centre(approver), w.ref())
	})
	step(time.Minute, "leave", t.again(w))
	if n.Correct.Note != "" {
		t.amend(w, release.Correction, strings.Replace(n.Body, n.Correct.Find, n.Correct.Put, 1), n.Correct.Note, editor, approver, step)
	}
	if n.Update.Note != "" {
		t.amend(w, release.Update, n.Body+"\n\n"+n.Update.Add, n.Update.Note, editor, approver, step)
	}
	if end == "withdrawn" {
		step(26*time.Hour, "withdraw", func(ctx context.Context) (release.Release, error) {
			return t.h.Releases.Withdraw(ctx, t.centre(approver), release.WithdrawInput{Ref: w.ref(), Reason: n.Reason})
		})
	}
}

// again reads a release as it stands after the house's clockwork let it out.
func (t *teller) again(w *way) func(context.Context) (release.Release, error) {
	return func(ctx context.Context) (release.Release, error) {
		if err := t.h.Releases.RunSchedule(ctx); err != nil {
			return w.rel, err
		}
		return t.h.Releases.Get(ctx, t.centre("bien-tap"), w.rel.ID)
	}
}

// amend drafts a further edition, has it approved by a second person, and lets it out.
func (t *teller) amend(w *way, c release.Change, body, note, editor, approver string, step func(time.Duration, string, func(context.Context) (release.Release, error))) {
	step(5*time.Hour, "draft a change", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.DraftChange(ctx, t.centre(editor), w.ref(), c)
	})
	step(6*time.Minute, "edit a change", func(ctx context.Context) (release.Release, error) {
		text := w.n.text()
		text.Body = body
		return t.h.Releases.Edit(ctx, t.centre(editor), release.EditInput{Ref: w.ref(), Text: text, Note: note})
	})
	step(2*time.Minute, "send up a change", func(ctx context.Context) (release.Release, error) {
		return t.h.Releases.SendUp(ctx, t.centre(editor), w.ref())
	})
	step(9*time.Minute, "publish a change", func(ctx context.Context) (release.Release, error) {
		if c == release.Correction {
			return t.h.Releases.Correct(ctx, t.centre(approver), w.ref())
		}
		return t.h.Releases.Update(ctx, t.centre(approver), w.ref())
	})
	step(time.Minute, "leave", t.again(w))
}

func (n news) text() release.Text {
	return release.Text{Title: n.Title, Lede: n.Lede, Body: n.Body, TitleEN: n.EN.Title, LedeEN: n.EN.Lede, BodyEN: n.EN.Body}
}

func (t *teller) submit(ctx context.Context, w *way) (release.Release, error) {
	by, err := t.of(w.n.Office, regulation.FocalPoint)
	if w.n.By != "" {
		by, err = t.actors[w.n.By], nil
	}
	if err != nil {
		return release.Release{}, err
	}
	in := release.SubmitInput{Kind: release.Kind(w.n.Kind), Office: w.n.Office, Topic: w.n.Topic, Text: w.n.text()}
	for k := range w.n.Files {
		f, err := t.h.Media.Put(ctx, by, media.Upload{Name: fmt.Sprintf("so-do-%d.png", k+1), Body: bytes.NewReader(drawing(w.n.Title, k))})
		if err != nil {
			return release.Release{}, err
		}
		in.Files = append(in.Files, release.Sent{File: f.ID, Name: f.Name, Caption: "Sơ đồ minh họa"})
	}
	return t.h.Releases.Submit(ctx, by, in)
}

// drawing makes a small picture of coloured bars, another one for each text.
func drawing(of string, k int) []byte {
	const width, height = 320, 200
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{0xF4, 0xF1, 0xEA, 0xFF}
			bar := x / 40
			if bar < len(of) && x%40 > 6 && y > height-20-int(of[(bar*7+k)%len(of)])%150 {
				c = color.RGBA{0x2B, uint8(0x50 + bar*16), 0x83, 0xFF}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil { // a buffer takes everything
		return nil
	}
	return b.Bytes()
}
