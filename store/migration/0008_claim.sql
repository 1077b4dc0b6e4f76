-- +goose Up
CREATE TABLE claim (
  id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, state TEXT NOT NULL, version BIGINT NOT NULL, edition BIGINT NOT NULL,
  statement TEXT NOT NULL, same TEXT NOT NULL, topic TEXT NOT NULL, office TEXT NOT NULL, story TEXT NOT NULL, links TEXT NOT NULL,
  urgent BIGINT NOT NULL, impact TEXT NOT NULL, shown BIGINT NOT NULL, press BIGINT NOT NULL,
  author TEXT NOT NULL, holder TEXT NOT NULL, drafter TEXT NOT NULL, editor TEXT NOT NULL,
  verdict TEXT NOT NULL, headline TEXT NOT NULL, said TEXT NOT NULL, body TEXT NOT NULL,
  headline_en TEXT NOT NULL, said_en TEXT NOT NULL, body_en TEXT NOT NULL, change TEXT NOT NULL, note TEXT NOT NULL, note_en TEXT NOT NULL,
  first_seen BIGINT NOT NULL, opened BIGINT NOT NULL, published BIGINT NOT NULL, updated BIGINT NOT NULL, reason TEXT NOT NULL,
  leaves BIGINT NOT NULL DEFAULT 0, seconder TEXT NOT NULL DEFAULT ''
);
CREATE INDEX claim_leaving ON claim (leaves) WHERE leaves > 0;
CREATE INDEX claim_board ON claim (state, opened);
CREATE INDEX claim_register ON claim (published, id);
CREATE INDEX claim_same ON claim (same);
CREATE INDEX claim_updated ON claim (updated, id);
CREATE INDEX claim_story ON claim (story);
CREATE TABLE claim_edition (
  claim TEXT NOT NULL REFERENCES claim (id), n BIGINT NOT NULL, verdict TEXT NOT NULL,
  headline TEXT NOT NULL, said TEXT NOT NULL, body TEXT NOT NULL, headline_en TEXT NOT NULL, said_en TEXT NOT NULL, body_en TEXT NOT NULL,
  change TEXT NOT NULL, note TEXT NOT NULL, note_en TEXT NOT NULL, hash TEXT NOT NULL, hash_en TEXT NOT NULL, entry TEXT NOT NULL,
  drafter TEXT NOT NULL, seconder TEXT NOT NULL, at BIGINT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (claim, n)
);
CREATE TABLE claim_evidence (
  id TEXT PRIMARY KEY, claim TEXT NOT NULL REFERENCES claim (id), kind TEXT NOT NULL, state TEXT NOT NULL, office TEXT NOT NULL,
  title TEXT NOT NULL, text TEXT NOT NULL, link TEXT NOT NULL, source TEXT NOT NULL, source_code TEXT NOT NULL, file TEXT NOT NULL,
  original BIGINT NOT NULL, open BIGINT NOT NULL, author TEXT NOT NULL, approver TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL, decided BIGINT NOT NULL
);
CREATE INDEX claim_evidence_claim ON claim_evidence (claim, at);
CREATE TABLE claim_question (
  id TEXT PRIMARY KEY, claim TEXT NOT NULL REFERENCES claim (id), office TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX claim_question_claim ON claim_question (claim, at);
CREATE INDEX claim_question_office ON claim_question (office, claim);
CREATE TABLE claim_act (
  id TEXT PRIMARY KEY, claim TEXT NOT NULL REFERENCES claim (id), verb TEXT NOT NULL, actor TEXT NOT NULL, other TEXT NOT NULL,
  object TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX claim_act_claim ON claim_act (claim, at);
CREATE TABLE claim_report (
  id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, same TEXT NOT NULL UNIQUE, state TEXT NOT NULL, text TEXT NOT NULL, link TEXT NOT NULL,
  file TEXT NOT NULL, claim TEXT NOT NULL, times BIGINT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL, last BIGINT NOT NULL
);
CREATE INDEX claim_report_state ON claim_report (state, last);
CREATE INDEX claim_report_claim ON claim_report (claim);
CREATE TABLE claim_contact (
  report TEXT NOT NULL REFERENCES claim_report (id), name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, at BIGINT NOT NULL, until BIGINT NOT NULL,
  PRIMARY KEY (report, email, phone)
);
CREATE INDEX claim_contact_until ON claim_contact (until);
-- +goose Down
DROP TABLE claim_contact; DROP TABLE claim_report; DROP TABLE claim_act; DROP TABLE claim_question; DROP TABLE claim_evidence; DROP TABLE claim_edition; DROP TABLE claim;
