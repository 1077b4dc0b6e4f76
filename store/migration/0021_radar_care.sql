-- +goose Up
ALTER TABLE mention ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE mention ADD COLUMN faded BIGINT NOT NULL DEFAULT 0;
CREATE INDEX mention_old ON mention (published) WHERE faded = 0;
CREATE TABLE account_key (period BIGINT PRIMARY KEY, secret BYTEA NOT NULL, at BIGINT NOT NULL);
-- +goose Down
DROP TABLE account_key;
DROP INDEX mention_old;
ALTER TABLE mention DROP COLUMN faded;
ALTER TABLE mention DROP COLUMN account;
