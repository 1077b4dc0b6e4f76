-- +goose Up
CREATE TABLE signal (
  id TEXT PRIMARY KEY, story TEXT NOT NULL, kind TEXT NOT NULL, score DOUBLE PRECISION NOT NULL, reasons TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX signal_story ON signal (story, at);
CREATE INDEX signal_at ON signal (at);
-- +goose Down
DROP TABLE signal;
