package release_test

import (
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/problem"
	"khue/regulation"
	"khue/release"
)

func TestWhoSees(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	rel := d.to(release.Embargoed)
	for _, c := range []struct {
		who  regulation.Actor
		want problem.Code
	}{{minh, ""}, {phong, ""}, {thu, ""}, {lan, problem.NotFound}, {reader, problem.NotFound}, {nobody, problem.Session}} {
		_, err := d.r.Get(k.Ctx, c.who, rel.ID)
		d.wants(err, c.want, "Get by "+c.who.ID)
		list, _, err := d.r.List(k.Ctx, c.who, release.Filter{})
		if err != nil || (len(list) == 1) != (c.want == "") {
			t.Errorf("%s lists %d, %v", c.who.ID, len(list), err)
		}
	}
	draft := d.to(release.Draft)
	_, err := d.r.Get(k.Ctx, minh, draft.ID)
	d.wants(err, problem.NotFound, "an editor sees a sender's draft")
	sent := d.must(d.r.Submit(k.Ctx, thu, release.SubmitInput{ID: draft.ID, Kind: release.QuickNotice, Text: water}))
	if sent.State != release.Submitted || sent.ID != draft.ID {
		t.Errorf("%+v", sent)
	}
	_, err = d.r.Submit(k.Ctx, thu, release.SubmitInput{ID: draft.ID, Kind: release.QuickNotice, Text: water})
	d.wants(err, problem.Twice, "a draft sent twice")
	_, err = d.r.Submit(k.Ctx, thu, release.SubmitInput{Kind: release.QuickNotice, Office: "SXD", Text: water})
	d.wants(err, problem.Forbidden, "a ward speaks for a department")
	_, err = d.r.Submit(k.Ctx, nobody, release.SubmitInput{Kind: release.QuickNotice, Office: "SXD", Text: water})
	d.wants(err, problem.Session, "a visitor submits")
	_, err = d.r.Submit(k.Ctx, thu, release.SubmitInput{})
	if all := problem.All(err); len(all) != 3 {
		t.Errorf("an empty form: %v", err)
	}
}

func TestListsAndCursors(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.k.Ctx
		for range 7 {
			d.to(release.Published)
			d.k.Clock.Add(time.Minute)
		}
		gone := d.to(release.Withdrawn)
		seen, after := map[string]bool{}, ""
		var last time.Time
		for range 10 {
			list, next, err := d.r.Published(ctx, release.Page{Limit: 3, After: after, Words: "nuoc may ba dinh"})
			if err != nil {
				d.Fatal(err)
			}
			for _, p := range list {
				if seen[p.ID] || (!last.IsZero() && p.Published.After(last)) || p.State == release.Withdrawn {
					d.Errorf("%s twice, out of order or withdrawn", p.Code)
				}
				seen[p.ID], last = true, p.Published
			}
			if after = next; next == "" {
				break
			}
		}
		if len(seen) != 7 {
			d.Errorf("%d of 7", len(seen))
		}
		list, _, err := d.r.Published(ctx, release.Page{Withdrawn: true})
		if err != nil || len(list) != 8 || list[0].ID != gone.ID || list[0].Title != "" {
			d.Errorf("%d %v", len(list), err)
		}
		if _, _, err := d.r.Published(ctx, release.Page{After: "!"}); problem.CodeOf(err) != problem.Invalid {
			d.Error(err)
		}
		if list, _, _ := d.r.Published(ctx, release.Page{Words: "100% _"}); len(list) != 0 {
			d.Error("signs of patterns are not searched for")
		}
		changes, err := d.r.Changes(ctx, testkit.Start, 10)
		if err != nil || len(changes) != 1 || changes[0].ID != gone.ID {
			d.Errorf("%+v %v", changes, err)
		}
		d.to(release.Awaiting)
		first, next, err := d.r.List(ctx, minh, release.Filter{States: []release.State{release.Published, release.Awaiting}, Limit: 5})
		if err != nil || len(first) != 5 || next == "" {
			d.Fatal(len(first), next, err)
		}
		rest, next, err := d.r.List(ctx, minh, release.Filter{States: []release.State{release.Published, release.Awaiting}, Limit: 5, After: next})
		if err != nil || len(rest) != 3 || next != "" {
			d.Fatal(len(rest), next, err)
		}
		counts, err := d.r.Counts(ctx)
		if err != nil || counts["awaiting"] != 1 {
			d.Error(counts, err)
		}
	})
}

func TestWhatIsDraftedIsNotFound(t *testing.T) {
	k := testkit.SQLite(t)
	d := newDesk(t, k, 0)
	rel := d.to(release.Published)
	rel = d.must(d.r.DraftCorrection(k.Ctx, minh, d.ref(rel)))
	text := rel.Text
	text.Title = "Bí mật đang soạn"
	d.must(d.r.Edit(k.Ctx, minh, release.EditInput{Ref: d.ref(rel), Text: text}))
	if list, _, _ := d.r.Published(k.Ctx, release.Page{Words: "bí mật"}); len(list) != 0 {
		t.Error("outsiders find a correction that is being drafted")
	}
	if list, _, _ := d.r.Published(k.Ctx, release.Page{Words: "nước máy"}); len(list) != 1 || list[0].Title != water.Title {
		t.Error("what is out is no longer found")
	}
	p, err := d.r.Public(k.Ctx, rel.Code)
	if err != nil || p.Title != water.Title {
		t.Error(p.Title, err)
	}
}
