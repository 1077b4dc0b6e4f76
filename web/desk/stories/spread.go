package stories

import (
	"cmp"
	"slices"
	"time"

	"github.com/a-h/templ"

	"khue/claim"
	"khue/inquiry"
	"khue/insight"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/text/verify"
	"khue/web/frame"
	"khue/web/site"
	"khue/web/ui"
)

// stepView is one turn in how a story spread.
type stepView struct {
	Time time.Time
	Text string
	Sub  string
	Href string
	Key  bool // a turn, not a note
}

// spread tells how a story went, from the mentions that are known: who said it first, when it was copied, when it burst, its
// loudest hour, what the centre made of it, and who told it last.
func (d desk) spread(r *frame.Request, mentions []radar.Mention, signals []radar.Signal, made made, names map[string]string) []stepView {
	l := r.Lang
	var list []stepView
	if len(mentions) == 0 {
		return nil
	}
	first := mentions[0]
	list = append(list, stepView{first.Published, names[first.Source] + ": “" + first.Title + "”", l.T("radar.spread.first"), first.URL, true})
	if i := slices.IndexFunc(mentions, func(m radar.Mention) bool { return m.CopyOf != "" }); i > 0 {
		list = append(list, stepView{mentions[i].Published, l.T("radar.spread.copied", "source", names[mentions[i].Source]), l.N("radar.spread.copies", copies(mentions)), mentions[i].URL, false})
	}
	for _, s := range signals {
		list = append(list, stepView{s.At, l.T("radar.kind." + string(s.Kind)), site.Reasons(l, s.Reasons), "", true})
	}
	if at, n := loudest(mentions); n > 2 {
		if at.Before(first.Published) { // the hour began before anything was said
			at = first.Published
		}
		list = append(list, stepView{at, l.T("radar.spread.loudest"), l.N("radar.spread.mentions", n), "", false})
	}
	for _, c := range made.claims {
		list = append(list, stepView{c.Opened, l.T("radar.spread.opened", "code", c.Code), c.Statement, r.Href("/desk/claims/" + c.ID), true})
		if !c.Published.IsZero() {
			list = append(list, stepView{c.Published, l.T("radar.spread.verdict", "code", c.Code), l.T("claim.verdict." + string(c.Draft.Verdict)), r.Href("/claims/" + c.Code), true})
		}
	}
	for _, q := range made.matters {
		list = append(list, stepView{q.Received, l.T("radar.spread.matter", "office", d.s.OfficeName(r, q.Office)), q.Code, r.Href("/desk/inquiries/" + q.ID), true})
	}
	if last := mentions[len(mentions)-1]; last.Published.After(first.Published) {
		list = append(list, stepView{last.Published, names[last.Source] + ": “" + last.Title + "”", l.T("radar.spread.last"), last.URL, false})
	}
	slices.SortStableFunc(list, func(a, b stepView) int { return a.Time.Compare(b.Time) })
	return list
}

func copies(mentions []radar.Mention) int {
	n := 0
	for _, m := range mentions {
		if m.CopyOf != "" {
			n++
		}
	}
	return n
}

// loudest gives the hour with the most mentions, and their number.
func loudest(mentions []radar.Mention) (time.Time, int) {
	counts := map[time.Time]int{}
	for _, m := range mentions {
		counts[m.Published.Truncate(time.Hour)]++
	}
	var at time.Time
	for hour, n := range counts {
		if n > counts[at] || n == counts[at] && hour.Before(at) {
			at = hour
		}
	}
	return at, counts[at]
}

// central gives the mention that most others copy, the first of them; without copies the first mention of all.
func central(mentions []radar.Mention) radar.Mention {
	counts := map[string]int{}
	for _, m := range mentions {
		if m.CopyOf != "" {
			counts[m.CopyOf]++
		}
	}
	return slices.MaxFunc(mentions, func(a, b radar.Mention) int {
		return cmp.Or(cmp.Compare(counts[a.ID], counts[b.ID]), b.Published.Compare(a.Published))
	})
}

// made is what the centre made of a story.
type made struct {
	claims  []claim.Claim
	matters []inquiry.Inquiry
}

func (d desk) made(r *frame.Request, a regulation.Actor, story string) (made, error) {
	claims, err := d.s.Claims.OfStory(r.Context(), a, story)
	if err != nil {
		return made{}, err
	}
	matters, err := d.s.Inquiries.ByStory(r.Context(), "story/"+story)
	return made{claims, matters}, err
}

// textView is a sealed text that a story touches.
type textView struct {
	Code, Title, Href, Note string
	Sign                    templ.Component
	Changes                 []ui.Run
}

// changesShown is how many altered places stand in the panel; the whole comparison is a click away.
const changesShown = 4

// touches says which sealed text a story repeats, alters or stands near to; the note says when that cannot be told yet.
func (d desk) touches(r *frame.Request, mentions []radar.Mention) (list []textView, note string, err error) {
	if len(mentions) == 0 {
		return nil, "", nil
	}
	m := central(mentions)
	found, err := d.s.Insight.Touching(m.Title, m.Text)
	if err != nil {
		if problem.CodeOf(err) == problem.Loading {
			return nil, r.Lang.T("radar.touch.loading"), nil
		}
		return nil, "", err
	}
	if p := found.Paper; p.Code != "" {
		v := paper(r, p)
		v.Note = r.Lang.T("radar.touch." + string(found.Verdict))
		v.Sign = ui.Sign(signs[found.Verdict], r.Lang.T("proof.verdict."+string(found.Verdict)))
		for _, c := range found.Changes {
			if len(v.Changes) < 3*changesShown && (c.Found != "" || c.Official != "") && len(c.Found)+len(c.Official) < 200 {
				v.Changes = append(v.Changes, ui.Run{Kind: ui.Deleted, Text: c.Found}, ui.Run{Kind: ui.Added, Text: c.Official}, ui.Run{Kind: ui.Equal, Text: " "})
			}
		}
		return []textView{v}, "", nil
	}
	for _, h := range found.Near {
		list = append(list, paper(r, h.Paper))
	}
	if len(list) == 0 {
		return nil, r.Lang.T("radar.touch.none"), nil
	}
	return list, r.Lang.T("radar.touch.near"), nil
}

// signs are the marks of how a story's text stands to a sealed one.
var signs = map[verify.Verdict]ui.SignKind{verify.Authentic: ui.Good, verify.Abridged: ui.Care, verify.Altered: ui.Bad, verify.Unknown: ui.Unknown}

func paper(r *frame.Request, p insight.Paper) textView {
	return textView{Code: p.Code, Title: p.Title, Href: r.Href(p.Path())}
}

// nextView is what is to be done about a story now.
type nextView struct {
	What, Who string
	Clock     ui.ClockProps
	Href      string
}

// next gives the open duties of what came of a story, the one due first before the others.
func (d desk) next(r *frame.Request, made made) ([]nextView, error) {
	var duties []regulation.Duty
	hrefs := map[string]string{}
	for _, c := range made.claims {
		hrefs[c.Ref()] = "/desk/claims/" + c.ID
	}
	for _, q := range made.matters {
		hrefs[q.Ref()] = "/desk/inquiries/" + q.ID
	}
	for ref := range hrefs {
		of, err := d.s.Duties.Of(r.Context(), d.s.DB, ref)
		if err != nil {
			return nil, err
		}
		duties = append(duties, slices.DeleteFunc(of, func(y regulation.Duty) bool { return !y.State.Open() })...)
	}
	slices.SortFunc(duties, func(a, b regulation.Duty) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	var list []nextView
	for _, y := range duties {
		list = append(list, nextView{What: y.Title, Who: d.s.OfficeName(r, y.Office), Clock: d.s.DutyClock(r.Lang, y), Href: r.Href(hrefs[y.Thing])})
	}
	return list, nil
}
