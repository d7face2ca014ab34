-- +goose Up

-- Which records there are of people, households, places, speakers, incidents and
-- groups, and which of them live judgements hold together. cluster is the oldest
-- of the record's cluster, the record itself where it stands alone. opened and
-- changed are places in the log; live is 0 while the record's opening is withdrawn.
CREATE TABLE register_record (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    cluster TEXT NOT NULL,
    opened BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    live SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX register_record_cluster ON register_record (office_id, cluster);
CREATE INDEX register_record_kind ON register_record (office_id, kind, live, opened);

-- Who decided what about which pair; a is the smaller id. The reasons are sealed in
-- the ledger.
CREATE TABLE register_judgement (
    office_id TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    verdict TEXT NOT NULL,
    idx BIGINT NOT NULL,
    live SMALLINT NOT NULL,
    PRIMARY KEY (office_id, statement_id)
);
CREATE INDEX register_judgement_a ON register_judgement (office_id, a, idx);
CREATE INDEX register_judgement_b ON register_judgement (office_id, b, idx);

-- +goose Down
DROP TABLE register_judgement;
DROP TABLE register_record;
