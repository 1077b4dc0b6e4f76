package media

const (
	sqlPut = `INSERT INTO media_file (id, kind, bytes, width, height, thumb, by_account, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING`

	columns = `f.id, f.kind, f.bytes, f.width, f.height, f.thumb, f.by_account, f.at`

	sqlFile = `SELECT ` + columns + ` FROM media_file f WHERE f.id = ?1`

	sqlAttach = `INSERT INTO media_attachment (thing, file, place, name, caption, alt, shown, at)
VALUES (?1, ?2, (SELECT COALESCE(MAX(place), 0) + 1 FROM media_attachment WHERE thing = ?1), ?3, ?4, '', 1, ?5)
ON CONFLICT (thing, file) DO UPDATE SET name = excluded.name, caption = excluded.caption`

	sqlDescribe = `UPDATE media_attachment SET caption = ?1, alt = ?2, shown = ?3 WHERE thing = ?4 AND file = ?5`

	sqlDetach = `DELETE FROM media_attachment WHERE thing = ?1 AND file = ?2`

	sqlOf = `SELECT ` + columns + `, a.thing, a.place, a.name, a.caption, a.alt, a.shown, a.at
FROM media_attachment a JOIN media_file f ON f.id = a.file WHERE a.thing = ?1 ORDER BY a.place`

	sqlThings = `SELECT thing, shown FROM media_attachment WHERE file = ?1 ORDER BY thing`
)
