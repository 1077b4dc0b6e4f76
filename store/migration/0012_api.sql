-- +goose Up
CREATE TABLE api_key (
  id TEXT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, account TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
  created BIGINT NOT NULL, expires BIGINT NOT NULL, used BIGINT NOT NULL, revoked BIGINT NOT NULL
);
CREATE INDEX api_key_account ON api_key (account);
CREATE TABLE api_idempotency (
  id TEXT PRIMARY KEY, request TEXT NOT NULL, status BIGINT NOT NULL, body BYTEA NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX api_idempotency_at ON api_idempotency (at);
-- +goose Down
DROP TABLE api_idempotency;
DROP TABLE api_key;
