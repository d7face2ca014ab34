-- +goose Up

-- One row for each log: 1 is the log of statements, 2 the log of reads. It is the
-- first row an append touches, so that two processes take turns.
CREATE TABLE ledger_head (
    office_id TEXT NOT NULL,
    log BIGINT NOT NULL,
    log_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, log)
);

-- The Ed25519 key that signs checkpoints: the seed sealed under the office key.
CREATE TABLE ledger_key (
    office_id TEXT NOT NULL,
    log_id TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id, log_id)
);

-- A statement: what is harmless in clear, its canonical bytes and salt sealed
-- together. key_id is empty where the key is the subject's own, object and said_by
-- where there is none, recorded_by where it was the house itself.
CREATE TABLE ledger_statement (
    office_id TEXT NOT NULL,
    idx BIGINT NOT NULL,
    log_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    id TEXT NOT NULL,
    act_id TEXT NOT NULL,
    act_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    property TEXT NOT NULL,
    object TEXT NOT NULL,
    said_by TEXT NOT NULL,
    key_id TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id, idx)
);
CREATE UNIQUE INDEX ledger_statement_id ON ledger_statement (office_id, id);
CREATE INDEX ledger_statement_subject ON ledger_statement (office_id, subject, idx);
CREATE INDEX ledger_statement_act ON ledger_statement (office_id, act_id, idx);
CREATE INDEX ledger_statement_object ON ledger_statement (office_id, object, idx) WHERE object <> '';
CREATE INDEX ledger_statement_said_by ON ledger_statement (office_id, said_by, idx) WHERE said_by <> '';
CREATE INDEX ledger_statement_key ON ledger_statement (office_id, key_id, idx) WHERE key_id <> '';

-- What the tree is built over: the commitment to an entry, and its leaf hash.
-- Forgetting an entry leaves its row here.
CREATE TABLE ledger_leaf (
    office_id TEXT NOT NULL,
    log BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (office_id, log, idx)
);

-- The tree above the leaves; position is the stored hash index of sumdb/tlog.
CREATE TABLE ledger_node (
    office_id TEXT NOT NULL,
    log BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (office_id, log, position)
);

-- Every signed tree head, a C2SP signed note.
CREATE TABLE ledger_checkpoint (
    office_id TEXT NOT NULL,
    log BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (office_id, log, size)
);

-- What kind of record an id is, by the statement that opened it, and to whom its
-- key belongs (the id itself where to nobody else).
CREATE TABLE ledger_record (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    idx BIGINT NOT NULL,
    statement_id TEXT NOT NULL,
    act_id TEXT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX ledger_record_kind ON ledger_record (office_id, kind, idx);
CREATE INDEX ledger_record_idx ON ledger_record (office_id, idx);

-- What withdraws what: target is the id of an act or a statement.
CREATE TABLE ledger_withdrawal (
    office_id TEXT NOT NULL,
    idx BIGINT NOT NULL,
    target TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    act_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, idx)
);

-- Who looked at what.
CREATE TABLE ledger_read (
    office_id TEXT NOT NULL,
    idx BIGINT NOT NULL,
    log_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    salt BYTEA NOT NULL,
    PRIMARY KEY (office_id, idx)
);
CREATE INDEX ledger_read_user ON ledger_read (office_id, user_id, idx);
CREATE INDEX ledger_read_object ON ledger_read (office_id, object, idx);

-- An erasure that was begun and not ended, sealed under the office key: the next
-- opening ends it.
CREATE TABLE ledger_pending (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id, id)
);

-- +goose Down
DROP TABLE ledger_pending;
DROP TABLE ledger_read;
DROP TABLE ledger_withdrawal;
DROP TABLE ledger_record;
DROP TABLE ledger_checkpoint;
DROP TABLE ledger_node;
DROP TABLE ledger_leaf;
DROP TABLE ledger_statement;
DROP TABLE ledger_key;
DROP TABLE ledger_head;
