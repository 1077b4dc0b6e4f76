// Package ui is the face of Khuê: layouts, components, tokens, words for time
// and numbers, and the built assets. Pages (web/public, web/press, web/desk) are
// made of it and hold no style, script or words of their own.
//
// Main nouns: Page (what a layout needs), ClockProps (a time limit, thời hạn),
// Input (one field of a form), Row (one line of work).
//
// # A page
//
//	templ Claims(p ui.Page, v ClaimsView) {
//		@ui.Public(p) {
//			<h1>{ p.T("claim.register") }</h1>
//			@ui.River(p.Lang, "claim", true, v.Items)
//			@ui.Pager(p.Lang, v.Newer, v.Older)
//		}
//	}
//
// The layouts are Public, Press, Desk, Bare (log-in, errors) and Sheet (paper);
// a desk page begins with WorkHead:
//
//	@ui.Desk(p) {
//		@ui.WorkHead(p, p.T("now.title")) {
//			<span class="quiet">{ v.Shift }</span>
//		}
//		@ui.Tally(v.Figures)
//		@ui.Rows(p.T("now.due"), "duty", v.Rows)
//		@ui.KeysHint(p.Lang)
//	}
//
// Page.Path is without the language prefix ("/claims"); p.Href("/claims") adds
// it. Page.Menu is the key of a MenuItem; Page.Counts puts numbers behind items.
//
// # Forms
//
// Words and kept values come in with the Input; errors are sentences:
//
//	@ui.ErrorSummary(p.Lang, v.Faults)
//	<form class="form" method="post">
//		@ui.Field(ui.Input{Name: "title", Label: p.T("field.title"), Value: v.Title, Error: v.Wrong["title"]})
//		@ui.Textarea(ui.Input{Name: "body", Label: p.T("field.body"), Value: v.Body, Tall: true, Draft: "release-"+v.ID})
//		@ui.DateTimeField(ui.Input{Name: "at", Label: p.T("field.at"), Value: ui.FieldTime(v.At)})
//		@ui.Buttons() {
//			@ui.MainButton(p.T("release.send"), "do", "send")
//			@ui.Button(p.T("release.keep"), "do", "keep")
//		}
//	</form>
//
// Faults(l, err) makes both the summary and the sentence of each field out of a
// problem.List. Only one MainButton or MainLink a page: Khuê red is for the one thing to do.
// Draft keeps what is typed in the browser until it has been sent.
//
// A form with data-autosave="/address" posts itself two seconds after the last key:
// answer 2xx (with X-Version when the form has a field "version") or 409 when somebody
// else was faster. A form with data-progress shows how much of its files has been sent.
//
// # Marks
//
//	@ui.Seal("TCBC-2026-0153", ui.SealState(p.Lang, ui.Sealed), p.Href("/v/TCBC-2026-0153"))
//	@ui.Sign(ui.Bad, p.T("claim.verdict.fake"))
//	@ui.Clock(ui.ClockProps{Lang: p.Lang, Due: d.Due, Opened: d.Opened, Now: now, Law: true, Article: "NĐ 244/2026, Đ.7 k.4"})
//
// Breadcrumbs, Tabs and Pager lead about; Versions lists the kept states of a text;
// Verification is the whole answer to "is this paper real": sign, headline, word diff,
// seal, how it was compared. TableWithCSV has its figures beside it.
// Diff takes runs of words, History what was done by whom, Attachments files,
// Table cells; Sparkline, Bars and QR draw SVG on the server. Classes for text
// and layout that pages may use: quiet small label strong prose lede stack
// stack-wide line columns halves bench wrap narrow page verdict said steps why
// sheet paper group chips chip ask main-story facts plain-list sr no-print.
//
// # Live updates
//
// Page.Live names the stream of web/live ("/live?after=51337"). An event says only
// what changed; lists whose topic names its room ("release claim", or "*") are
// then taken from the page, fetched again: an item with a known id is replaced
// where it stands, a new one waits behind "3 mới" unless the list's head is in
// sight. So every Row and RiverItem needs a stable ID. The desk looks once a
// minute too, since private changes are not told. Tally and the counts of the
// menu follow by themselves; mark others with data-live-part.
// Ctrl-K asks GET /desk/find?q=… for JSON [{"title","sub","href"}]; "N" posts
// the field note-text to /desk/note.
//
// # Invariants
//
// No style attribute and no on* attribute anywhere (the Content-Security-Policy
// is script-src 'self'; style-src 'self'): a width is a class left-0 … left-100.
// Every page is whole without script. No literal words in a template: they come
// from khue/catalogue, keys "ui.…" here.
//
// After a change in css or js: go run ./web/ui/build; after one in a .templ: templ generate.
// Without that a bare clone compiles, and Asset gives names that answer 404.
//
// May import catalogue and problem only. Read first: page.go, then layout.templ.
package ui
