-- +goose Up
-- How much is told of each thing, by minute (step 60, the last two days) and by hour (step 3600). at is the step's first microsecond.
CREATE TABLE series (
  kind TEXT NOT NULL, key TEXT NOT NULL, step BIGINT NOT NULL, at BIGINT NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (kind, key, step, at)
);
CREATE INDEX series_lately ON series (kind, step, at);
-- Which sources tell it, by day: what a silent source takes out of what is to be expected. Not of stories, nor of sources themselves.
CREATE TABLE series_source (
  kind TEXT NOT NULL, key TEXT NOT NULL, source TEXT NOT NULL, day BIGINT NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (kind, key, source, day)
);
-- When a person last looked at the trends: their own, for what is new to them.
CREATE TABLE trend_seen (account TEXT PRIMARY KEY, at BIGINT NOT NULL);
-- A past time is run again in the order in which its mentions became ready.
CREATE INDEX mention_published ON mention (published);
-- What was grouped before this version is counted now.
INSERT INTO series (kind, key, step, at, n)
  SELECT 'all', '', 3600, published / 3600000000 * 3600000000, COUNT(*) FROM mention WHERE story <> '' GROUP BY published / 3600000000;
INSERT INTO series (kind, key, step, at, n)
  SELECT 'source', source, 3600, published / 3600000000 * 3600000000, COUNT(*) FROM mention WHERE story <> '' GROUP BY source, published / 3600000000;
INSERT INTO series (kind, key, step, at, n)
  SELECT 'story', story, 3600, published / 3600000000 * 3600000000, COUNT(*) FROM mention WHERE story <> '' GROUP BY story, published / 3600000000;
INSERT INTO series_source (kind, key, source, day, n)
  SELECT 'all', '', source, (published + 25200000000) / 86400000000 * 86400000000 - 25200000000, COUNT(*)
  FROM mention WHERE story <> '' GROUP BY source, (published + 25200000000) / 86400000000;
-- +goose Down
DROP INDEX mention_published;
DROP TABLE trend_seen;
DROP TABLE series_source;
DROP TABLE series;
