-- +goose Up
CREATE TABLE media_file (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, bytes BIGINT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL,
  thumb BIGINT NOT NULL, by_account TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE media_attachment (
  thing TEXT NOT NULL, file TEXT NOT NULL REFERENCES media_file (id), place BIGINT NOT NULL, name TEXT NOT NULL,
  caption TEXT NOT NULL, alt TEXT NOT NULL, shown BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (thing, file)
);
CREATE INDEX media_attachment_file ON media_attachment (file);
-- +goose Down
DROP TABLE media_attachment; DROP TABLE media_file;
