-- +goose Up
CREATE TABLE inquiry (
  id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL, before TEXT NOT NULL,
  channel TEXT NOT NULL, asker TEXT NOT NULL, account TEXT NOT NULL, outlet TEXT NOT NULL, verification TEXT NOT NULL,
  lang TEXT NOT NULL, urgent BIGINT NOT NULL, complex BIGINT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, purpose TEXT NOT NULL, story TEXT NOT NULL, office TEXT NOT NULL,
  draft TEXT NOT NULL, drafter TEXT NOT NULL, approver TEXT NOT NULL, ground TEXT NOT NULL, reason TEXT NOT NULL,
  round BIGINT NOT NULL, version BIGINT NOT NULL, author TEXT NOT NULL, changed_by TEXT NOT NULL,
  received BIGINT NOT NULL, changed BIGINT NOT NULL, ended BIGINT NOT NULL,
  fold TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, idem TEXT UNIQUE
);
CREATE INDEX inquiry_state ON inquiry (state, received);
CREATE INDEX inquiry_received ON inquiry (received);
CREATE INDEX inquiry_account ON inquiry (account, received);
CREATE INDEX inquiry_story ON inquiry (story);
CREATE TABLE inquiry_asker (
  inquiry TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, outlet TEXT NOT NULL, erased BIGINT NOT NULL
);
CREATE TABLE inquiry_part (
  inquiry TEXT NOT NULL, office TEXT NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL, body TEXT NOT NULL, drafter TEXT NOT NULL,
  approver TEXT NOT NULL, reason TEXT NOT NULL, asked BIGINT NOT NULL, changed BIGINT NOT NULL, PRIMARY KEY (inquiry, office)
);
CREATE INDEX inquiry_part_office ON inquiry_part (office, state);
CREATE TABLE inquiry_message (
  id TEXT PRIMARY KEY, inquiry TEXT NOT NULL, kind TEXT NOT NULL, account TEXT NOT NULL, body TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX inquiry_message_of ON inquiry_message (inquiry, id);
CREATE TABLE inquiry_answer (
  inquiry TEXT NOT NULL, round BIGINT NOT NULL, public BIGINT NOT NULL, lang TEXT NOT NULL, title TEXT NOT NULL, question TEXT NOT NULL,
  body TEXT NOT NULL, hash TEXT NOT NULL, entry TEXT NOT NULL, drafter TEXT NOT NULL, approver TEXT NOT NULL, by_account TEXT NOT NULL,
  at BIGINT NOT NULL, PRIMARY KEY (inquiry, round)
);
CREATE INDEX inquiry_answer_public ON inquiry_answer (public, at);
CREATE TABLE inquiry_step (
  id TEXT PRIMARY KEY, inquiry TEXT NOT NULL, verb TEXT NOT NULL, actor TEXT NOT NULL, office TEXT NOT NULL, note TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX inquiry_step_of ON inquiry_step (inquiry, id);
-- +goose Down
DROP TABLE inquiry_step; DROP TABLE inquiry_answer; DROP TABLE inquiry_message; DROP TABLE inquiry_part; DROP TABLE inquiry_asker; DROP TABLE inquiry;
