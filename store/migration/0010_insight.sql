-- +goose Up
CREATE TABLE notice (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, thing TEXT NOT NULL, office TEXT NOT NULL, title TEXT NOT NULL, stage TEXT NOT NULL,
  due BIGINT NOT NULL, law BIGINT NOT NULL, article TEXT NOT NULL, at BIGINT NOT NULL, seen BIGINT NOT NULL
);
CREATE INDEX notice_account ON notice (account, seen, at);
-- +goose Down
DROP TABLE notice;
