-- +goose Up

-- One row an office: how often something was forgotten or suppressed, so that
-- another process sees that the keys in its memory are out of date; how often the
-- office was locked, so that every process locks; and a proof that the keyring
-- belongs to the office key.
CREATE TABLE vault_state (
    office_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    locks BIGINT NOT NULL,
    proof BYTEA NOT NULL,
    PRIMARY KEY (office_id)
);

-- A key for each subject, appeal and file, wrapped under the office key together
-- with its id and owner. owner is the id itself where it belongs to itself.
CREATE TABLE vault_key (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX vault_key_owner ON vault_key (office_id, owner);

-- What was destroyed, by which erasure. The ids are random; nothing else is kept.
CREATE TABLE vault_erasure (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    erasure TEXT NOT NULL,
    forgotten_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX vault_erasure_root ON vault_erasure (office_id, root);

-- Keyed marks of what a forgotten record looked like, so that the same row of a
-- list imported again is held for a person.
CREATE TABLE vault_suppression (
    office_id TEXT NOT NULL,
    mark BYTEA NOT NULL,
    erasure TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, mark)
);

-- +goose Down
DROP TABLE vault_suppression;
DROP TABLE vault_erasure;
DROP TABLE vault_key;
DROP TABLE vault_state;
