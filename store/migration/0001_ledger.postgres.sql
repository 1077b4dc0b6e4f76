-- +goose Up
CREATE TABLE ledger_entry (
  id TEXT NOT NULL UNIQUE, seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, position BIGINT UNIQUE,
  kind TEXT NOT NULL, version BIGINT NOT NULL, public BIGINT NOT NULL, actor TEXT NOT NULL, thing TEXT NOT NULL,
  body TEXT, salt BYTEA, leaf BYTEA NOT NULL, entry BYTEA NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX ledger_entry_waiting ON ledger_entry (seq) WHERE position IS NULL;
CREATE INDEX ledger_entry_thing ON ledger_entry (thing, seq);
CREATE TABLE ledger_head (one BIGINT PRIMARY KEY, size BIGINT NOT NULL, root BYTEA NOT NULL, edge BYTEA NOT NULL, at BIGINT NOT NULL);
CREATE TABLE ledger_tile (level BIGINT NOT NULL, n BIGINT NOT NULL, data BYTEA NOT NULL, PRIMARY KEY (level, n));
CREATE TABLE ledger_checkpoint (size BIGINT PRIMARY KEY, note TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE follower (name TEXT PRIMARY KEY, position BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL, at BIGINT NOT NULL);
-- +goose Down
DROP TABLE setting; DROP TABLE follower; DROP TABLE ledger_checkpoint; DROP TABLE ledger_tile; DROP TABLE ledger_head; DROP TABLE ledger_entry;
