-- +goose Up
ALTER TABLE inquiry_answer ADD COLUMN withdrawn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE inquiry_answer ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE inquiry_answer DROP COLUMN reason;
ALTER TABLE inquiry_answer DROP COLUMN withdrawn;
