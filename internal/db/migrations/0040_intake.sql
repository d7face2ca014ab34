-- +goose Up

-- Every report that was taken out of a spool, so that none is taken twice. token,
-- content and given are marks (keyed hashes). number is its place in the chain of that
-- spool. A report that cannot be taken stays in the spool: outcome is stuck then, and
-- reason the code of why. awaits is the mark of a receipt whose own report has not
-- arrived yet, from another process's spool.
CREATE TABLE intake_spooled (
    office_id TEXT NOT NULL,
    token TEXT NOT NULL,
    content TEXT NOT NULL,
    spool TEXT NOT NULL,
    number BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    given TEXT NOT NULL,
    appeal TEXT NOT NULL,
    awaits TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, token, content)
);
CREATE INDEX intake_spooled_number ON intake_spooled (office_id, spool, number);
CREATE INDEX intake_spooled_given ON intake_spooled (office_id, given);
CREATE INDEX intake_spooled_awaits ON intake_spooled (office_id, awaits);
CREATE INDEX intake_spooled_appeal ON intake_spooled (office_id, appeal);

-- Which appeal a receipt opens. mark is a keyed hash of its locator, under a key
-- that is not there while the house is locked. revoked_at is 0 while it holds.
CREATE TABLE intake_receipt (
    office_id TEXT NOT NULL,
    mark TEXT NOT NULL,
    appeal TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, mark)
);
CREATE INDEX intake_receipt_appeal ON intake_receipt (office_id, appeal);

-- Follows the ledger: the harmless statements of appeals and their files, codes,
-- counts and days. live is 0 when the statement was withdrawn.
CREATE TABLE intake_said (
    office_id TEXT NOT NULL,
    statement TEXT NOT NULL,
    subject TEXT NOT NULL,
    property TEXT NOT NULL,
    value TEXT NOT NULL,
    idx BIGINT NOT NULL,
    live SMALLINT NOT NULL,
    PRIMARY KEY (office_id, statement)
);
CREATE INDEX intake_said_subject ON intake_said (office_id, subject, idx);
CREATE INDEX intake_said_value ON intake_said (office_id, property, value);

-- Follows the ledger: one row for each appeal, computed from intake_said. An
-- addition stands under the appeal it belongs to (thread); thread is the appeal's own
-- id otherwise. newest is the place in the log of the last thing that arrived.
CREATE TABLE intake_appeal (
    office_id TEXT NOT NULL,
    appeal TEXT NOT NULL,
    thread TEXT NOT NULL,
    opened BIGINT NOT NULL,
    newest BIGINT NOT NULL,
    arrived_day BIGINT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    contact TEXT NOT NULL,
    state TEXT NOT NULL,
    texts BIGINT NOT NULL,
    sounds BIGINT NOT NULL,
    pictures BIGINT NOT NULL,
    others BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    mentions BIGINT NOT NULL,
    additions BIGINT NOT NULL,
    waits_for TEXT NOT NULL,
    PRIMARY KEY (office_id, appeal)
);
CREATE INDEX intake_appeal_thread ON intake_appeal (office_id, thread);
CREATE INDEX intake_appeal_newest ON intake_appeal (office_id, newest);

-- Follows the ledger: which statements were written down from which file, so that the
-- appeal's page can show them. Ids alone.
CREATE TABLE intake_written (
    office_id TEXT NOT NULL,
    statement TEXT NOT NULL,
    file TEXT NOT NULL,
    subject TEXT NOT NULL,
    idx BIGINT NOT NULL,
    PRIMARY KEY (office_id, statement)
);
CREATE INDEX intake_written_file ON intake_written (office_id, file, idx);
CREATE INDEX intake_written_subject ON intake_written (office_id, subject);

-- +goose Down
DROP TABLE intake_written;
DROP TABLE intake_appeal;
DROP TABLE intake_said;
DROP TABLE intake_receipt;
DROP TABLE intake_spooled;
