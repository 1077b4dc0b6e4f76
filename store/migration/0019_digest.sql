-- +goose Up
CREATE TABLE digest (
  day TEXT PRIMARY KEY, state TEXT NOT NULL, version BIGINT NOT NULL, drafted_at BIGINT NOT NULL, signed_by TEXT NOT NULL, signed_at BIGINT NOT NULL, sent_at BIGINT NOT NULL
);
CREATE TABLE digest_item (
  day TEXT NOT NULL, story TEXT NOT NULL, position BIGINT NOT NULL, ticked BIGINT NOT NULL, headline TEXT NOT NULL, line TEXT NOT NULL, url TEXT NOT NULL, source TEXT NOT NULL,
  sources BIGINT NOT NULL, topic TEXT NOT NULL, office TEXT NOT NULL, said_code TEXT NOT NULL, said_title TEXT NOT NULL, said_path TEXT NOT NULL, task TEXT NOT NULL, PRIMARY KEY (day, story)
);
CREATE TABLE digest_reader (email TEXT PRIMARY KEY, name TEXT NOT NULL, added_by TEXT NOT NULL, added_at BIGINT NOT NULL);
ALTER TABLE mail_waiting ADD COLUMN file_name TEXT NOT NULL DEFAULT '';
ALTER TABLE mail_waiting ADD COLUMN file_type TEXT NOT NULL DEFAULT '';
ALTER TABLE mail_waiting ADD COLUMN file BYTEA;
-- +goose Down
ALTER TABLE mail_waiting DROP COLUMN file;
ALTER TABLE mail_waiting DROP COLUMN file_type;
ALTER TABLE mail_waiting DROP COLUMN file_name;
DROP TABLE digest_reader;
DROP TABLE digest_item;
DROP TABLE digest;
