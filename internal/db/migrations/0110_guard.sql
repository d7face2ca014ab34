-- +goose Up

-- Beside every row that no statement of the ledger says (accounts, receipts, what was
-- taken out of a spool) a twin: the row once more, sealed under the office key with its
-- place. room is the table, id the row's key.
CREATE TABLE guard_row (
    office_id TEXT NOT NULL,
    room TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id, room, id)
);

-- What is known of all twins together, sealed: how many of each table, a sum over
-- them, and how often something was changed.
CREATE TABLE guard_sum (
    office_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id)
);

-- Reports that were taken out of a spool because the same one had been taken before,
-- from this spool or from another process's.
CREATE TABLE intake_again (
    office_id TEXT NOT NULL,
    spool TEXT NOT NULL,
    number BIGINT NOT NULL,
    token TEXT NOT NULL,
    content TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, spool, number)
);

-- +goose Down
DROP TABLE intake_again;
DROP TABLE guard_sum;
DROP TABLE guard_row;
