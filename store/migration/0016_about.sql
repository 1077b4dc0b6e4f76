-- +goose Up
CREATE TABLE story_about (
  story TEXT PRIMARY KEY, method BIGINT NOT NULL, at BIGINT NOT NULL, mentions BIGINT NOT NULL, next_at_mentions BIGINT NOT NULL,
  sentences TEXT NOT NULL, terms TEXT NOT NULL, facets TEXT NOT NULL, features TEXT NOT NULL,
  topic TEXT NOT NULL, branch TEXT NOT NULL, topic_p DOUBLE PRECISION NOT NULL, topic_by TEXT NOT NULL,
  field TEXT NOT NULL, field_p DOUBLE PRECISION NOT NULL, field_by TEXT NOT NULL
);
CREATE INDEX story_about_topic ON story_about (topic);
CREATE INDEX story_about_branch ON story_about (branch);
CREATE INDEX story_about_field ON story_about (field);
CREATE TABLE story_name (story TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, texts BIGINT NOT NULL, PRIMARY KEY (story, kind, code));
CREATE INDEX story_name_code ON story_name (code, kind);
CREATE TABLE story_due (story TEXT PRIMARY KEY);
INSERT INTO story_due (story) SELECT id FROM story WHERE merged_into = '';
CREATE TABLE story_event (id TEXT PRIMARY KEY, story TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL, other TEXT NOT NULL, words TEXT NOT NULL);
CREATE INDEX story_event_story ON story_event (story, at);
CREATE TABLE story_follow (account TEXT NOT NULL, story TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account, story));
CREATE INDEX story_follow_story ON story_follow (story);
CREATE TABLE story_hand (
  n BIGINT PRIMARY KEY, position BIGINT NOT NULL, kind TEXT NOT NULL, story TEXT NOT NULL, other TEXT NOT NULL, mentions TEXT NOT NULL,
  actor TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE story_pair (
  vi TEXT NOT NULL, en TEXT NOT NULL, score DOUBLE PRECISION NOT NULL, shared TEXT NOT NULL, names BIGINT NOT NULL, state TEXT NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (vi, en)
);
CREATE INDEX story_pair_en ON story_pair (en);
CREATE TABLE topic_lesson (
  n BIGINT PRIMARY KEY, way TEXT NOT NULL, story TEXT NOT NULL, label TEXT NOT NULL, was TEXT NOT NULL, features TEXT NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX topic_lesson_label ON topic_lesson (way, label, n);
CREATE INDEX story_lang ON story (lang, last_at);
CREATE INDEX story_merged ON story (merged_into) WHERE merged_into <> '';
-- +goose Down
DROP INDEX story_merged; DROP INDEX story_lang;
DROP TABLE topic_lesson; DROP TABLE story_pair; DROP TABLE story_hand; DROP TABLE story_follow; DROP TABLE story_event; DROP TABLE story_due; DROP TABLE story_name; DROP TABLE story_about;
