-- +goose Up
CREATE TABLE source (
  id TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE, page TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, state TEXT NOT NULL,
  added_by TEXT NOT NULL, added_at BIGINT NOT NULL, version BIGINT NOT NULL,
  etag TEXT NOT NULL, last_modified TEXT NOT NULL, every BIGINT NOT NULL, next_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL, good_at BIGINT NOT NULL, fault TEXT NOT NULL, fault_status BIGINT NOT NULL, failures BIGINT NOT NULL
);
CREATE INDEX source_due ON source (state, next_at);
CREATE TABLE mention (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, lang TEXT NOT NULL, kind TEXT NOT NULL,
  published BIGINT NOT NULL, clamped BIGINT NOT NULL, seen BIGINT NOT NULL, ready BIGINT, tries BIGINT NOT NULL, try_at BIGINT NOT NULL,
  story TEXT NOT NULL, copy_of TEXT NOT NULL
);
CREATE UNIQUE INDEX mention_ready ON mention (ready);
CREATE INDEX mention_waiting ON mention (try_at) WHERE ready IS NULL;
CREATE INDEX mention_source ON mention (source, seen);
CREATE INDEX mention_story ON mention (story, published);
CREATE TABLE story (
  id TEXT PRIMARY KEY, headline TEXT NOT NULL, lang TEXT NOT NULL, state TEXT NOT NULL, merged_into TEXT NOT NULL,
  first_mention TEXT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL, mentions BIGINT NOT NULL, voices BIGINT NOT NULL, sources BIGINT NOT NULL
);
CREATE INDEX story_last ON story (last_at);
CREATE TABLE radar_state (name TEXT PRIMARY KEY, position BIGINT NOT NULL, data BYTEA NOT NULL, at BIGINT NOT NULL);
-- +goose Down
DROP TABLE radar_state; DROP TABLE story; DROP TABLE mention; DROP TABLE source;
