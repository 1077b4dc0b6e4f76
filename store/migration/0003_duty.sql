-- +goose Up
CREATE TABLE duty (
  id TEXT PRIMARY KEY, thing TEXT NOT NULL, kind TEXT NOT NULL, office TEXT NOT NULL, holder TEXT NOT NULL, title TEXT NOT NULL,
  rule BIGINT NOT NULL, act TEXT NOT NULL, article TEXT NOT NULL, mark TEXT NOT NULL, valid_from TEXT NOT NULL, facts TEXT NOT NULL,
  opened BIGINT NOT NULL, due BIGINT NOT NULL, state TEXT NOT NULL, paused_at BIGINT NOT NULL, paused BIGINT NOT NULL, ended BIGINT NOT NULL,
  stage BIGINT NOT NULL, next BIGINT NOT NULL, reason TEXT NOT NULL, version BIGINT NOT NULL
);
CREATE INDEX duty_thing ON duty (thing, opened);
CREATE INDEX duty_next ON duty (state, next);
CREATE INDEX duty_office ON duty (office, state, due);
CREATE INDEX duty_due ON duty (state, due);
-- +goose Down
DROP TABLE duty;
