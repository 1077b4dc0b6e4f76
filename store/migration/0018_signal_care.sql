-- +goose Up
ALTER TABLE signal ADD COLUMN thing TEXT NOT NULL DEFAULT '';
ALTER TABLE signal ADD COLUMN lapses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signal ADD COLUMN judged TEXT NOT NULL DEFAULT '';
ALTER TABLE signal ADD COLUMN judged_by TEXT NOT NULL DEFAULT '';
ALTER TABLE signal ADD COLUMN judged_at BIGINT NOT NULL DEFAULT 0;
UPDATE signal SET lapses = at + 259200000000;
CREATE INDEX signal_kind ON signal (kind, at);
CREATE INDEX signal_judged ON signal (kind, judged_at);
CREATE TABLE advisory (
  id TEXT PRIMARY KEY, signal TEXT NOT NULL, story TEXT NOT NULL, state TEXT NOT NULL, title TEXT NOT NULL, known TEXT NOT NULL, title_en TEXT NOT NULL, known_en TEXT NOT NULL,
  next_at BIGINT NOT NULL, proposed_by TEXT NOT NULL, proposed_at BIGINT NOT NULL, decided_by TEXT NOT NULL, shown_at BIGINT NOT NULL, until_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX advisory_state ON advisory (state, until_at);
CREATE INDEX advisory_story ON advisory (story);
-- +goose Down
DROP TABLE advisory;
DROP INDEX signal_judged;
DROP INDEX signal_kind;
ALTER TABLE signal DROP COLUMN judged_at;
ALTER TABLE signal DROP COLUMN judged_by;
ALTER TABLE signal DROP COLUMN judged;
ALTER TABLE signal DROP COLUMN lapses;
ALTER TABLE signal DROP COLUMN thing;
