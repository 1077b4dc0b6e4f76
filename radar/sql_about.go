package radar

// What stories are about, and what people do with stories.
const (
	sqlDueStory = `INSERT INTO story_due (story) SELECT s.id FROM story s LEFT JOIN story_about a ON a.story = s.id
WHERE s.id = ?1 AND (a.story IS NULL OR s.mentions >= a.next_at_mentions) ON CONFLICT (story) DO NOTHING`
	sqlDueAnyway   = `INSERT INTO story_due (story) SELECT id FROM story WHERE id = ?1 AND merged_into = '' ON CONFLICT (story) DO NOTHING`
	sqlDueByMethod = `INSERT INTO story_due (story) SELECT a.story FROM story_about a JOIN story s ON s.id = a.story WHERE a.method <> ?1 AND s.merged_into = '' ON CONFLICT (story) DO NOTHING`
	sqlDueByTopic  = `INSERT INTO story_due (story) SELECT a.story FROM story_about a JOIN story s ON s.id = a.story
WHERE a.branch IN (?1, ?2, '') AND a.topic_by = '' AND s.merged_into = '' AND s.last_at >= ?3 ON CONFLICT (story) DO NOTHING`
	sqlDueByField = `INSERT INTO story_due (story) SELECT a.story FROM story_about a JOIN story s ON s.id = a.story
WHERE a.field IN (?1, ?2, '') AND a.field_by = '' AND s.merged_into = '' AND s.last_at >= ?3 ON CONFLICT (story) DO NOTHING`
	sqlDue    = `SELECT story FROM story_due ORDER BY story LIMIT ?1`
	sqlNotDue = `DELETE FROM story_due WHERE story = ?1`
	sqlVoices = `SELECT ` + sqlIsPost + mentionColumns + ` FROM mention WHERE story = ?1 AND copy_of = '' ORDER BY published, id LIMIT ?2`
	sqlLatest = `SELECT ` + sqlIsPost + mentionColumns + ` FROM mention WHERE story = ?1 AND copy_of = '' ORDER BY published DESC, id DESC LIMIT ?2`
	sqlCopies = `SELECT copy_of, COUNT(*) FROM mention WHERE story = ?1 AND copy_of <> '' GROUP BY copy_of`
	sqlIsPost = `CASE WHEN account = '' THEN 0 ELSE 1 END, `
	// What was told in a story's own words goes with its texts.
	sqlEraseTold = `UPDATE story_about SET sentences = '[]', features = '{}', facets = '[]' WHERE sentences <> '[]' AND story IN (SELECT id FROM story WHERE last_at < ?1)`
	sqlSayings   = `SELECT id, name FROM source`

	sqlPutAbout = `INSERT INTO story_about (story, method, at, mentions, next_at_mentions, sentences, terms, facets, features, topic, branch, topic_p, topic_by, field, field_p, field_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, '', ?13, ?14, '') ON CONFLICT (story) DO UPDATE SET method = ?2, at = ?3, mentions = ?4, next_at_mentions = ?5,
  sentences = ?6, terms = ?7, facets = ?8, features = ?9,
  topic = CASE WHEN story_about.topic_by = '' THEN ?10 ELSE story_about.topic END, branch = CASE WHEN story_about.topic_by = '' THEN ?11 ELSE story_about.branch END,
  topic_p = CASE WHEN story_about.topic_by = '' THEN ?12 ELSE story_about.topic_p END,
  field = CASE WHEN story_about.field_by = '' THEN ?13 ELSE story_about.field END, field_p = CASE WHEN story_about.field_by = '' THEN ?14 ELSE story_about.field_p END`
	sqlAbout      = `SELECT at, mentions, sentences, terms, facets, features, topic, topic_p, topic_by, field, field_p, field_by FROM story_about WHERE story = ?1`
	sqlTopicOf    = `SELECT topic FROM story_about WHERE story = ?1`
	sqlDropAbout  = `DELETE FROM story_about WHERE story = ?1`
	sqlTitled     = `UPDATE story SET headline = ?1 WHERE id = ?2`
	sqlDropNames  = `DELETE FROM story_name WHERE story = ?1`
	sqlPutName    = `INSERT INTO story_name (story, kind, code, texts) VALUES (?1, ?2, ?3, ?4)`
	sqlNames      = `SELECT kind, code, texts FROM story_name WHERE story = ?1 ORDER BY texts DESC, kind, code`
	sqlSetTopic   = `UPDATE story_about SET topic = ?1, branch = ?2, topic_p = 1, topic_by = ?3 WHERE story = ?4`
	sqlSetField   = `UPDATE story_about SET field = ?1, field_p = 1, field_by = ?2 WHERE story = ?3`
	sqlCountTopic = `SELECT a.topic, COUNT(*) FROM story_about a JOIN story s ON s.id = a.story WHERE s.last_at >= ?1 AND s.merged_into = '' GROUP BY a.topic`
	sqlCountField = `SELECT a.field, COUNT(*) FROM story_about a JOIN story s ON s.id = a.story WHERE s.last_at >= ?1 AND s.merged_into = '' GROUP BY a.field`

	sqlInsertLesson = `INSERT INTO topic_lesson (n, way, story, label, was, features, actor, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	sqlLessonsAfter = `SELECT n, way, label, features FROM topic_lesson WHERE n > ?1 ORDER BY n LIMIT 500`
	sqlLessonsOf    = `SELECT l.story, l.label, l.was, l.actor, l.at, s.headline FROM topic_lesson l LEFT JOIN story s ON s.id = l.story WHERE l.way = ?1 AND (l.label = ?2 OR l.was = ?2) ORDER BY l.n DESC LIMIT ?3`
	sqlCountLessons = `SELECT label, COUNT(*) FROM topic_lesson WHERE way = ?1 GROUP BY label`

	sqlInsertEvent = `INSERT INTO story_event (id, story, kind, actor, at, other, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	sqlEvents      = `SELECT id, story, kind, actor, at, other, words FROM story_event
WHERE story = ?1 OR story IN (SELECT id FROM story WHERE merged_into = ?1) ORDER BY at, id LIMIT ?2`

	sqlFollow        = `INSERT INTO story_follow (account, story, at) VALUES (?1, ?2, ?3) ON CONFLICT (account, story) DO NOTHING`
	sqlUnfollow      = `DELETE FROM story_follow WHERE account = ?1 AND story = ?2`
	sqlFollowers     = `SELECT account FROM story_follow WHERE story = ?1 ORDER BY at, account`
	sqlMoveFollowers = `INSERT INTO story_follow (account, story, at) SELECT f.account, ?1, f.at FROM story_follow f WHERE f.story = ?2 ON CONFLICT (account, story) DO NOTHING`
	sqlDropFollowers = `DELETE FROM story_follow WHERE story = ?1`

	sqlFlatten     = `UPDATE story SET merged_into = ?1 WHERE merged_into = ?2`
	sqlParts       = `SELECT id FROM story WHERE merged_into = ?1 ORDER BY id`
	sqlInsertHand  = `INSERT INTO story_hand (n, position, kind, story, other, mentions, actor, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	sqlHandsAfter  = `SELECT n, position, kind, story, other, mentions FROM story_hand WHERE n > ?1 ORDER BY n`
	sqlLastHand    = `SELECT COALESCE(MAX(n), 0) FROM story_hand`
	sqlLockAssign  = `UPDATE radar_state SET at = ?1 WHERE name = ?2`
	sqlNextOf      = `INSERT INTO counter (name, n) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1 RETURNING n`
	sqlMemberIDs   = `SELECT id, copy_of FROM mention WHERE story = ?1 ORDER BY published, id`
	sqlMoveMention = `UPDATE mention SET story = ?1, copy_of = ?2 WHERE id = ?3`

	sqlOthers = `SELECT s.id, s.first_at, s.last_at, a.facets FROM story s JOIN story_about a ON a.story = s.id
WHERE s.lang = ?1 AND s.last_at >= ?2 AND s.first_at <= ?3 AND s.merged_into = '' ORDER BY s.voices DESC, s.id LIMIT ?4`
	sqlPutPair = `INSERT INTO story_pair (vi, en, score, shared, names, state, actor, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7)
ON CONFLICT (vi, en) DO UPDATE SET score = ?3, shared = ?4, names = ?5, state = CASE WHEN story_pair.state = 'suggested' THEN ?6 ELSE story_pair.state END
WHERE story_pair.actor = ''`
	sqlPairState = `SELECT state FROM story_pair WHERE vi = ?1 AND en = ?2`
	sqlSetPair   = `INSERT INTO story_pair (vi, en, score, shared, names, state, actor, at) VALUES (?1, ?2, 0, '[]', 0, ?3, ?4, ?5)
ON CONFLICT (vi, en) DO UPDATE SET state = ?3, actor = ?4, at = ?5`
	sqlPairs       = `SELECT vi, en, score, shared, names, state, actor, at FROM story_pair WHERE vi = ?1 OR en = ?1 ORDER BY score DESC, vi, en`
	sqlMovePairVI  = `UPDATE story_pair SET vi = ?1 WHERE vi = ?2 AND NOT EXISTS (SELECT 1 FROM story_pair o WHERE o.vi = ?1 AND o.en = story_pair.en)`
	sqlMovePairEN  = `UPDATE story_pair SET en = ?1 WHERE en = ?2 AND NOT EXISTS (SELECT 1 FROM story_pair o WHERE o.en = ?1 AND o.vi = story_pair.vi)`
	sqlDropPairsOf = `DELETE FROM story_pair WHERE vi = ?1 OR en = ?1`
)

// What a filter of stories adds to its query; ?N is the next free place.
const (
	sqlOfTopic    = ` AND s.id IN (SELECT story FROM story_about WHERE topic = ?N OR branch = ?N)`
	sqlOfField    = ` AND s.id IN (SELECT story FROM story_about WHERE field = ?N)`
	sqlOfPlace    = ` AND s.id IN (SELECT story FROM story_name WHERE code = ?N AND kind IN ('ward', 'district'))`
	sqlOfOffice   = ` AND s.id IN (SELECT story FROM story_name WHERE code = ?N AND kind = 'office')`
	sqlOfFollower = ` AND s.id IN (SELECT story FROM story_follow WHERE account = ?N)`
	sqlFiltered   = `SELECT ` + storyColumns + ` FROM story s WHERE s.merged_into = '' AND s.mentions >= ?1 AND (s.last_at < ?2 OR (s.last_at = ?2 AND s.id < ?3))`
	sqlNewest     = ` ORDER BY s.last_at DESC, s.id DESC LIMIT ?4`
)
