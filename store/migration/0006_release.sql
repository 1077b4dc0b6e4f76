-- +goose Up
CREATE TABLE release (
  id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL, office TEXT NOT NULL, author TEXT NOT NULL,
  holder TEXT NOT NULL, contact TEXT NOT NULL, form_key TEXT UNIQUE, version BIGINT NOT NULL,
  title TEXT NOT NULL, lede TEXT NOT NULL, body TEXT NOT NULL, title_en TEXT NOT NULL, lede_en TEXT NOT NULL, body_en TEXT NOT NULL,
  saved_by TEXT NOT NULL, saved_at BIGINT NOT NULL, edition BIGINT NOT NULL, approved BIGINT NOT NULL, approved_by TEXT NOT NULL,
  public BIGINT NOT NULL, change TEXT NOT NULL, change_step TEXT NOT NULL, note TEXT NOT NULL, note_en TEXT NOT NULL, at BIGINT NOT NULL,
  leaving TEXT NOT NULL, leaves_at BIGINT NOT NULL, leaving_by TEXT NOT NULL, submitted BIGINT NOT NULL, published BIGINT NOT NULL,
  changed BIGINT NOT NULL, withdrawn BIGINT NOT NULL, reason TEXT NOT NULL, reason_en TEXT NOT NULL, made BIGINT NOT NULL, folded TEXT NOT NULL, topic TEXT NOT NULL
);
CREATE INDEX release_state ON release (state, made, id);
CREATE INDEX release_change ON release (made, id) WHERE change_step <> '';
CREATE INDEX release_office ON release (office, made);
CREATE INDEX release_made ON release (made, id);
CREATE INDEX release_published ON release (published, id) WHERE published > 0;
CREATE INDEX release_withdrawn ON release (withdrawn) WHERE withdrawn > 0;
CREATE INDEX release_due ON release (at) WHERE at > 0;
CREATE INDEX release_leaves ON release (leaves_at) WHERE leaves_at > 0;
CREATE TABLE release_version (
  release TEXT NOT NULL REFERENCES release (id), n BIGINT NOT NULL, reason TEXT NOT NULL,
  title TEXT NOT NULL, lede TEXT NOT NULL, body TEXT NOT NULL, title_en TEXT NOT NULL, lede_en TEXT NOT NULL, body_en TEXT NOT NULL,
  sha256 TEXT NOT NULL, sha256_en TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (release, n)
);
CREATE TABLE release_edition (
  release TEXT NOT NULL REFERENCES release (id), n BIGINT NOT NULL, kind TEXT NOT NULL, note TEXT NOT NULL, note_en TEXT NOT NULL,
  approved_by TEXT NOT NULL, entry TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (release, n)
);
CREATE INDEX release_edition_at ON release_edition (at, release);
CREATE TABLE release_file (
  release TEXT NOT NULL REFERENCES release (id), n BIGINT NOT NULL, place BIGINT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL,
  caption TEXT NOT NULL, alt TEXT NOT NULL, PRIMARY KEY (release, n, file)
);
CREATE INDEX release_file_file ON release_file (file);
CREATE TABLE release_reason (entry TEXT PRIMARY KEY, release TEXT NOT NULL REFERENCES release (id), reason TEXT NOT NULL);
-- +goose Down
DROP TABLE release_reason; DROP TABLE release_file; DROP TABLE release_edition; DROP TABLE release_version; DROP TABLE release;
