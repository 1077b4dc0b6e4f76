package trends

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
	"khue/web/ui"
)

type replayView struct {
	In            replayForm
	Faults        []ui.Fault
	Wrong         map[string]string
	Ran           bool
	Tally         []ui.Figure
	Said          []ui.Pair
	Columns       []ui.Column
	Signals       [][]ui.Cell
	Split, Joined []storyLine
}

// replayForm is the settings as they were typed.
type replayForm struct {
	From, To, Threshold, Half, Raise, Times, Voices string
}

type storyLine struct {
	Text  string
	Parts []link
}

// replayDays is the time that is run again without another wish.
const replayDays = 2

func (d desk) replay(w http.ResponseWriter, r *frame.Request) error {
	a, err := d.s.Desk(r)
	if err != nil {
		return err
	}
	if err := d.s.Rules.Can(a, "radar.replay", regulation.Thing{Kind: "story", Office: d.s.People.Centre()}, d.s.Now()); err != nil {
		return err
	}
	v := replayView{In: replayOf(r)}
	if v.In.From == "" {
		v.In.From = ui.FieldTime(d.s.Now().Add(-replayDays * 24 * time.Hour))
	}
	if v.In.To == "" {
		v.In.To = ui.FieldTime(d.s.Now())
	}
	status := http.StatusOK
	if r.URL.Query().Get("run") == "1" {
		out, err := d.run(r, a, v.In)
		var list problem.List
		var one *problem.Error
		switch {
		case err == nil:
			if err := d.ran(r, a, out, &v); err != nil {
				return err
			}
		case errors.As(err, &list) || errors.As(err, &one) && one.Field != "":
			status = http.StatusUnprocessableEntity
			v.Faults, v.Wrong = ui.Faults(r.Lang, err)
		default:
			return err
		}
	}
	p := d.s.Page(w, r, a, ui.Page{Title: r.Lang.T("trend.replay"), Menu: "trends"})
	return d.s.Render(w, r, status, replayPage(p, v))
}

func replayOf(r *frame.Request) replayForm {
	q := r.URL.Query()
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	return replayForm{get("from"), get("to"), get("threshold"), get("half"), get("raise"), get("times"), get("voices")}
}

// run reads the settings and runs the time again.
func (d desk) run(r *frame.Request, a regulation.Actor, in replayForm) (radar.Rerun, error) {
	var q radar.RerunQuery
	var l problem.List
	var err error
	if q.From, err = moment("from", in.From); err != nil {
		l.Add("from", problem.Date)
	}
	if q.To, err = moment("to", in.To); err != nil {
		l.Add("to", problem.Date)
	}
	number := func(field, text string) float64 {
		if text == "" {
			return 0
		}
		x, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || x <= 0 || x > 1e6 {
			l.Add(field, problem.Invalid, "why", "@trend.why.setting")
		}
		return x
	}
	q.Threshold, q.HalfDays, q.Raise, q.Times = number("threshold", in.Threshold), number("half", in.Half), number("raise", in.Raise), number("times", in.Times)
	q.Voices = int(number("voices", in.Voices))
	if err := l.Or(); err != nil {
		return radar.Rerun{}, err
	}
	return d.s.Radar.Rerun(r.Context(), a, q)
}

// ran fills what the run brought.
func (d desk) ran(r *frame.Request, a regulation.Actor, out radar.Rerun, v *replayView) error {
	l := r.Lang
	v.Ran = true
	figure := func(n int, key string) ui.Figure {
		return ui.Figure{Number: ui.Number(l, int64(n)), Label: l.T(key)}
	}
	v.Tally = []ui.Figure{figure(out.Mentions, "trend.replay.mentions"), figure(out.Both, "trend.replay.both"), figure(out.OnlyThen, "trend.replay.then"), figure(out.OnlyNow, "trend.replay.now")}
	v.Said = []ui.Pair{
		{Term: l.T("trend.replay.stories"), Text: l.T("trend.replay.stories.text", "then", out.Then, "now", out.Now)},
		{Term: l.T("trend.replay.together"), Text: ui.Percent(l, out.Recall, 1)},
		{Term: l.T("trend.replay.apart"), Text: ui.Percent(l, out.Precision, 1)},
		{Term: l.T("trend.replay.warmed"), Text: ui.Number(l, int64(out.Warmed))},
	}
	v.Columns = []ui.Column{{Name: l.T("trend.replay.signal")}, {Name: l.T("trend.kind.story")}, {Name: l.T("trend.replay.at-then")}, {Name: l.T("trend.replay.at-now")}}
	at := func(t time.Time) string {
		if t.IsZero() {
			return l.T("trend.replay.not")
		}
		return ui.ShortDateTime(l, t)
	}
	for _, s := range out.Signals {
		name, err := d.headline(r, a, s.Story)
		if err != nil {
			return err
		}
		v.Signals = append(v.Signals, []ui.Cell{{Text: l.T("trend.signal." + string(s.Kind))}, {Text: name.Label, Href: name.Href}, {Text: at(s.Then)}, {Text: at(s.Now)}})
	}
	for _, s := range out.Split {
		line := storyLine{Text: l.T("trend.replay.split.text", "sizes", sizes(s.Sizes))}
		if err := d.parts(r, a, s, &line); err != nil {
			return err
		}
		v.Split = append(v.Split, line)
	}
	for _, s := range out.Joined {
		line := storyLine{Text: l.T("trend.replay.joined.text", "sizes", sizes(s.Sizes))}
		if err := d.parts(r, a, s, &line); err != nil {
			return err
		}
		v.Joined = append(v.Joined, line)
	}
	return nil
}

// mostParts is how many stories of one line are named.
const mostParts = 5

func (d desk) parts(r *frame.Request, a regulation.Actor, s radar.RerunStory, line *storyLine) error {
	for _, id := range s.Stories[:min(len(s.Stories), mostParts)] {
		name, err := d.headline(r, a, id)
		if err != nil {
			return err
		}
		line.Parts = append(line.Parts, name)
	}
	return nil
}

// headline gives a story of then as a link; what is no story of then has no address.
func (d desk) headline(r *frame.Request, a regulation.Actor, id string) (link, error) {
	if id == "" {
		return link{Label: r.Lang.T("trend.replay.none")}, nil
	}
	s, _, err := d.s.Radar.Story(r.Context(), a, id, 1)
	if err != nil {
		if problem.CodeOf(err) == problem.NotFound {
			return link{Label: id}, nil
		}
		return link{}, err
	}
	return link{s.Headline, r.Href("/desk/radar/" + s.ID)}, nil
}

// sizes writes parts as "12 + 3 + 1"; the smallest of many are left out.
func sizes(list []int) string {
	var b strings.Builder
	for i, n := range list {
		if i == 8 {
			b.WriteString(" + …")
			break
		}
		if i > 0 {
			b.WriteString(" + ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}
