-- +goose Up
CREATE TABLE watch (
  id TEXT PRIMARY KEY, query TEXT NOT NULL, why TEXT NOT NULL, owner TEXT NOT NULL, mail BIGINT NOT NULL, webhook TEXT NOT NULL, secret TEXT NOT NULL, pace TEXT NOT NULL,
  state TEXT NOT NULL, version BIGINT NOT NULL, made_by TEXT NOT NULL, made_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, ended_by TEXT NOT NULL, ended_at BIGINT NOT NULL,
  told BIGINT NOT NULL, posted BIGINT NOT NULL, posted_at BIGINT NOT NULL,
  hook_off BIGINT NOT NULL, hook_next BIGINT NOT NULL, hook_fault TEXT NOT NULL, hook_status BIGINT NOT NULL, hook_failures BIGINT NOT NULL
);
CREATE INDEX watch_state ON watch (state, made_at);
CREATE TABLE watch_hit (watch TEXT NOT NULL, n BIGINT NOT NULL, mention TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (watch, n));
CREATE INDEX watch_hit_at ON watch_hit (at, watch);
CREATE TABLE watch_letter (id TEXT PRIMARY KEY, owner TEXT NOT NULL, mail BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX watch_letter_owner ON watch_letter (owner, at);
-- +goose Down
DROP TABLE watch_letter;
DROP TABLE watch_hit;
DROP TABLE watch;
