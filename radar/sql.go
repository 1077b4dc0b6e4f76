package radar

import (
	"time"

	"khue/radar/fetch"
	"khue/store"
)

const sourceColumns = `id, address, page, name, note, state, added_by, added_at, version, etag, last_modified, every, next_at, last_at, good_at, fault, fault_status, failures, kind, settings, team, beat, trust, owner`

const (
	sqlInsertSource = `INSERT INTO source (` + sourceColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, '', '', 0, ?9, 0, 0, '', 0, 0, ?10, ?11, ?12, ?13, ?14, ?15)`
	sqlChangeSource = `UPDATE source SET name = ?1, note = ?2, state = ?3, settings = ?6, team = ?7, beat = ?8, trust = ?9, owner = ?10, version = version + 1 WHERE id = ?4 AND version = ?5`
	sqlSource       = `SELECT ` + sourceColumns + ` FROM source WHERE id = ?1`
	sqlSourceAt     = `SELECT ` + sourceColumns + ` FROM source WHERE address = ?1`
	sqlSources      = `SELECT ` + sourceColumns + ` FROM source ORDER BY name, id`
	sqlDueSources   = `SELECT ` + sourceColumns + ` FROM source WHERE state = 'active' AND next_at <= ?1 AND ` + visitedKinds + ` ORDER BY next_at, id LIMIT ?2`
	sqlNextVisit    = `SELECT MIN(next_at) FROM source WHERE state = 'active' AND ` + visitedKinds
	sqlVisited      = `UPDATE source SET etag = ?1, last_modified = ?2, every = ?3, next_at = ?4, last_at = ?5, good_at = ?5, fault = '', fault_status = 0, failures = 0,
  page = CASE WHEN page = '' THEN ?6 ELSE page END, name = CASE WHEN name = '' THEN ?7 ELSE name END WHERE id = ?8`
	sqlMoved       = `UPDATE source SET address = ?1 WHERE id = ?2 AND NOT EXISTS (SELECT 1 FROM source o WHERE o.address = ?1)`
	sqlVisitFailed = `UPDATE source SET next_at = ?1, last_at = ?2, fault = ?3, fault_status = ?4, failures = failures + 1 WHERE id = ?5`
	sqlPerDay      = `SELECT source, COUNT(*) FROM mention WHERE seen >= ?1 GROUP BY source`
)

const mentionColumns = `id, source, url, title, text, lang, published, clamped, seen, story, copy_of`

const (
	sqlInsertMention = `INSERT INTO mention (id, source, url, title, text, lang, kind, published, clamped, seen, ready, tries, try_at, story, copy_of, account)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?11, ?7, ?8, ?9, ?10, 0, ?12, '', '', ?13) ON CONFLICT (id) DO NOTHING`
	sqlNextReady    = `INSERT INTO counter (name, n) VALUES ('mention', 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1 RETURNING n`
	sqlWaiting      = `SELECT ` + mentionColumns + ` FROM mention WHERE ready IS NULL AND try_at <= ?1 ORDER BY try_at, published, id LIMIT ?2`
	sqlNextTry      = `SELECT MIN(try_at) FROM mention WHERE ready IS NULL`
	sqlGotText      = `UPDATE mention SET title = ?1, text = ?2, lang = ?3, published = ?4, clamped = ?5, ready = ?6, tries = tries + 1 WHERE id = ?7 AND ready IS NULL`
	sqlNoText       = `UPDATE mention SET ready = ?1, tries = tries + 1 WHERE id = ?2 AND ready IS NULL`
	sqlThere        = `SELECT title, story FROM mention WHERE id = ?1`
	sqlRetitle      = `UPDATE mention SET title = ?1 WHERE id = ?2 AND source = ?3 AND story = ''`
	sqlEverBrought  = `SELECT 1 FROM mention WHERE source = ?1 LIMIT 1`
	sqlTryAgain     = `UPDATE mention SET tries = tries + 1, try_at = ?1 WHERE id = ?2 AND ready IS NULL`
	sqlTries        = `SELECT tries FROM mention WHERE id = ?1`
	sqlReadyAfter   = `SELECT ready, ` + mentionColumns + ` FROM mention WHERE ready > ?1 ORDER BY ready LIMIT ?2`
	sqlAssign       = `UPDATE mention SET story = ?1, copy_of = ?2 WHERE id = ?3`
	sqlStoryMembers = `SELECT ` + mentionColumns + ` FROM mention WHERE story = ?1 ORDER BY published, id LIMIT ?2`
	sqlMention      = `SELECT ` + mentionColumns + ` FROM mention WHERE id = ?1`
	sqlStoryTimes   = `SELECT published FROM mention WHERE story = ?1 AND published >= ?2 ORDER BY published`
	sqlSourceNews   = `SELECT ` + mentionColumns + ` FROM mention WHERE source = ?1 ORDER BY seen DESC, id DESC LIMIT ?2`
)

const storyColumns = `id, headline, lang, state, merged_into, first_mention, first_at, last_at, mentions, voices, sources`

const (
	sqlInsertStory = `INSERT INTO story (` + storyColumns + `) VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?7, 0, 0, 0) ON CONFLICT (id) DO NOTHING`
	sqlCountStory  = `UPDATE story SET
  mentions = (SELECT COUNT(*) FROM mention WHERE story = ?1),
  voices = (SELECT COUNT(*) FROM mention WHERE story = ?1 AND copy_of = ''),
  sources = (SELECT COUNT(DISTINCT source) FROM mention WHERE story = ?1),
  first_at = (SELECT MIN(published) FROM mention WHERE story = ?1),
  last_at = (SELECT MAX(published) FROM mention WHERE story = ?1), state = ?2 WHERE id = ?1`
	sqlFirstOfStory  = `SELECT id, title FROM mention WHERE story = ?1 ORDER BY published, id LIMIT 1`
	sqlLastOfStory   = `SELECT MAX(published) FROM mention WHERE story = ?1`
	sqlHeadline      = `UPDATE story SET headline = CASE WHEN EXISTS (SELECT 1 FROM story_about WHERE story = ?3) THEN headline ELSE ?1 END, first_mention = ?2 WHERE id = ?3`
	sqlMergeStory    = `UPDATE story SET merged_into = ?1, state = 'closed' WHERE id = ?2`
	sqlMoveMentions  = `UPDATE mention SET story = ?1 WHERE story = ?2`
	sqlStory         = `SELECT ` + storyColumns + ` FROM story WHERE id = ?1`
	sqlQuiet         = `UPDATE story SET state = ?1 WHERE merged_into = '' AND state <> ?1 AND last_at <= ?2 AND last_at > ?3`
	sqlState         = `SELECT position, data FROM radar_state WHERE name = ?1`
	sqlPutState      = `INSERT INTO radar_state (name, position, data, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE SET position = ?2, data = ?3, at = ?4`
	sqlFirstPosition = `INSERT INTO radar_state (name, position, data, at) VALUES (?1, 0, ?2, ?3) ON CONFLICT (name) DO NOTHING`
	sqlMovePosition  = `UPDATE radar_state SET position = ?1, at = ?2 WHERE name = ?3 AND position = ?4`
)

const (
	sqlInsertSignal = `INSERT INTO signal (id, story, kind, score, reasons, at, thing, lapses) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING`
	sqlMoveSignals  = `UPDATE signal SET story = ?1 WHERE story = ?2`
	sqlJudge        = `UPDATE signal SET judged = ?1, judged_by = ?2, judged_at = ?3 WHERE id = ?4`
	signalColumns   = `g.id, g.story, g.kind, g.score, g.reasons, g.at, g.thing, g.lapses, g.judged, g.judged_by, g.judged_at`
	sqlSignalsOf    = `SELECT ` + signalColumns + ` FROM signal g WHERE g.story = ?1 ORDER BY g.at DESC, g.id LIMIT ?2`
	sqlSignal       = `SELECT ` + signalColumns + `, ` + raisedStory + ` FROM signal g JOIN story s ON s.id = g.story WHERE g.id = ?1`
	sqlSignals      = `SELECT ` + signalColumns + `, ` + raisedStory + ` FROM signal g JOIN story s ON s.id = g.story
WHERE (?1 = '' OR g.kind = ?1) AND (?2 = 1 OR (g.judged = '' AND g.lapses > ?3)) ORDER BY g.at DESC, g.id LIMIT ?4`
	// The last signal of each story that was raised since a moment and that nobody called useless, with the story.
	sqlRaised = `SELECT ` + signalColumns + `, ` + raisedStory + ` FROM signal g JOIN story s ON s.id = g.story
WHERE g.at >= ?1 AND s.merged_into = '' AND g.judged <> 'not-useful'
AND NOT EXISTS (SELECT 1 FROM signal o WHERE o.story = g.story AND o.judged <> 'not-useful' AND (o.at > g.at OR (o.at = g.at AND o.id < g.id)))
ORDER BY g.at DESC, g.id LIMIT ?2`
	sqlStoriesSince = `SELECT COUNT(*) FROM story WHERE last_at >= ?1 AND merged_into = ''`
	sqlRecords      = `SELECT kind, judged, at FROM signal WHERE at >= ?1`
	sqlLastJudged   = `SELECT kind, COUNT(*), COALESCE(SUM(CASE WHEN judged = 'useful' THEN 1 ELSE 0 END), 0)
FROM (SELECT kind, judged, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY judged_at DESC, id) AS place FROM signal WHERE judged <> '') last WHERE place <= ?1 GROUP BY kind`
	advisoryColumns     = `id, signal, story, state, title, known, title_en, known_en, next_at, proposed_by, proposed_at, decided_by, shown_at, until_at, ended_at, reason`
	sqlInsertAdvisory   = `INSERT INTO advisory (` + advisoryColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', 0, 0, 0, '')`
	sqlDecideAdvisory   = `UPDATE advisory SET state = ?1, decided_by = ?2, shown_at = ?3, until_at = ?4, ended_at = ?5, reason = ?6 WHERE id = ?7 AND state = ?8`
	sqlAdvisoryOf       = `SELECT COUNT(*) FROM advisory WHERE story = ?1 AND (state = 'proposed' OR state = 'shown' AND until_at > ?2)`
	sqlAdvisory         = `SELECT ` + advisoryColumns + ` FROM advisory WHERE id = ?1`
	sqlAdvisoriesShown  = `SELECT ` + advisoryColumns + ` FROM advisory WHERE state = 'shown' AND until_at > ?1 ORDER BY shown_at DESC, id`
	sqlAdvisoriesAtWork = `SELECT ` + advisoryColumns + ` FROM advisory WHERE state IN ('proposed', 'shown') OR proposed_at >= ?1 ORDER BY proposed_at DESC, id LIMIT 100`
	sqlAccountKey       = `SELECT secret FROM account_key WHERE period = ?1`
	sqlInsertAccountKey = `INSERT INTO account_key (period, secret, at) VALUES (?1, ?2, ?3) ON CONFLICT (period) DO NOTHING`
	sqlErasePosts       = `UPDATE mention SET text = '', title = '', url = '', account = '', faded = 1 WHERE faded = 0 AND (account <> '' OR kind IN ('post', 'heard', 'report')) AND published < ?1`
	sqlEraseTexts       = `UPDATE mention SET text = '', account = '', faded = 1 WHERE faded = 0 AND published < ?1`
	sqlEraseKeys        = `DELETE FROM account_key WHERE at < ?1`
	sqlEraseSignals     = `DELETE FROM signal WHERE at < ?1`
	raisedStory         = `s.id, s.headline, s.lang, s.state, s.merged_into, s.first_mention, s.first_at, s.last_at, s.mentions, s.voices, s.sources`
)

func scanSource(row store.Row) (Source, error) {
	var s Source
	var state, fault, settings string
	var added, every, next, last, good int64
	err := row.Scan(&s.ID, &s.Address, &s.Page, &s.Name, &s.Note, &state, &s.AddedBy, &added, &s.Version, &s.ETag, &s.LastModified,
		&every, &next, &last, &good, &fault, &s.FaultStatus, &s.Failures, &s.Kind, &settings, &s.Group, &s.Beat, &s.Trust, &s.Owner)
	if err == nil {
		s.Settings, err = ReadSettings(settings)
	}
	s.State, s.Fault = SourceState(state), fetch.Kind(fault)
	s.AddedAt, s.Next, s.Last, s.Good = store.Time(added), store.Time(next), store.Time(last), store.Time(good)
	s.Every = time.Duration(every) * time.Microsecond
	return s, err
}

func scanMention(row store.Row, more ...any) (Mention, error) {
	var m Mention
	var published, clamped, seen int64
	err := row.Scan(append(more, &m.ID, &m.Source, &m.URL, &m.Title, &m.Text, &m.Lang, &published, &clamped, &seen, &m.Story, &m.CopyOf)...)
	m.Published, m.Clamped, m.Seen = store.Time(published), clamped == 1, store.Time(seen)
	return m, err
}

func scanStory(row store.Row) (Story, error) {
	var s Story
	var state string
	var first, last int64
	err := row.Scan(&s.ID, &s.Headline, &s.Lang, &state, &s.Merged, &s.First, &first, &last, &s.Mentions, &s.Voices, &s.Sources)
	s.State, s.FirstAt, s.LastAt = StoryState(state), store.Time(first), store.Time(last)
	return s, err
}
