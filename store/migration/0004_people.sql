-- +goose Up
CREATE TABLE account (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_en TEXT NOT NULL, folded TEXT NOT NULL, phone TEXT NOT NULL,
  title TEXT NOT NULL, lang TEXT NOT NULL, password TEXT NOT NULL, outlet TEXT NOT NULL, proven BIGINT NOT NULL, verified BIGINT NOT NULL,
  closed BIGINT NOT NULL, created BIGINT NOT NULL, changed BIGINT NOT NULL, changed_by TEXT NOT NULL, version BIGINT NOT NULL
);
CREATE INDEX account_outlet ON account (outlet) WHERE outlet <> '';
CREATE TABLE post (account TEXT NOT NULL, role TEXT NOT NULL, office TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (account, role, office));
CREATE INDEX post_office ON post (office, role);
CREATE TABLE session (
  hash BYTEA PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, agent TEXT NOT NULL, via TEXT NOT NULL,
  begun BIGINT NOT NULL, seen BIGINT NOT NULL, ends BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE TABLE login_try (hash BYTEA PRIMARY KEY, fails BIGINT NOT NULL, last BIGINT NOT NULL, locked BIGINT NOT NULL);
CREATE TABLE login_known (account TEXT NOT NULL, hash BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account, hash));
CREATE TABLE account_link (
  hash BYTEA PRIMARY KEY, id TEXT NOT NULL, account TEXT NOT NULL, purpose TEXT NOT NULL, expires BIGINT NOT NULL, used BIGINT NOT NULL
);
CREATE INDEX account_link_account ON account_link (account);
CREATE TABLE sso_try (hash BYTEA PRIMARY KEY, nonce TEXT NOT NULL, verifier TEXT NOT NULL, back TEXT NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE outlet (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, host TEXT NOT NULL, verified BIGINT NOT NULL, created BIGINT NOT NULL, version BIGINT NOT NULL
);
CREATE TABLE office (
  code TEXT PRIMARY KEY, name TEXT NOT NULL, name_en TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE spokesperson (
  id TEXT PRIMARY KEY, office TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, title_en TEXT NOT NULL, phone TEXT NOT NULL,
  email TEXT NOT NULL, paper TEXT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL, published BIGINT NOT NULL
);
CREATE UNIQUE INDEX spokesperson_now ON spokesperson (office) WHERE until = 0;
CREATE TABLE stand_in (
  id TEXT PRIMARY KEY, giver TEXT NOT NULL, holder TEXT NOT NULL, role TEXT NOT NULL, office TEXT NOT NULL, matter TEXT NOT NULL,
  since BIGINT NOT NULL, until BIGINT NOT NULL, paper TEXT NOT NULL, reason TEXT NOT NULL, ended BIGINT NOT NULL, ended_by TEXT NOT NULL
);
CREATE INDEX stand_in_holder ON stand_in (holder) WHERE ended = 0;
CREATE TABLE mail_waiting (
  id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, lang TEXT NOT NULL, link TEXT NOT NULL,
  at BIGINT NOT NULL, due BIGINT NOT NULL, tries BIGINT NOT NULL
);
CREATE INDEX mail_waiting_due ON mail_waiting (due);
-- +goose Down
DROP TABLE mail_waiting; DROP TABLE stand_in; DROP TABLE spokesperson; DROP TABLE office; DROP TABLE outlet; DROP TABLE sso_try; DROP TABLE account_link;
DROP TABLE login_known; DROP TABLE login_try; DROP TABLE session; DROP TABLE post; DROP TABLE account;
