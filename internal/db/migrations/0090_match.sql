-- +goose Up

-- Up to where in the log each record of a person was looked at for others that may be
-- she, and by which engine; told is where in the log an earlier statement of it was
-- withdrawn or stood again last. A record is owed a look while looked is less than
-- told or than register_record.changed, or the engine is another: nothing has to be
-- put into a list, so nothing can be lost from one.
CREATE TABLE match_look (
    office_id TEXT NOT NULL,
    record TEXT NOT NULL,
    told BIGINT NOT NULL,
    looked BIGINT NOT NULL,
    engine BIGINT NOT NULL,
    PRIMARY KEY (office_id, record)
);
CREATE INDEX match_look_told ON match_look (office_id, told);

-- To ask at each new statement who is owed a look without reading the whole register.
CREATE INDEX match_owed ON register_record (office_id, changed);

-- Pairs that may be one, a before b, with the bits that spoke for it when they were
-- weighed. Made again from nothing by looking.
CREATE TABLE match_pair (
    office_id TEXT NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    bits DOUBLE PRECISION NOT NULL,
    made_at BIGINT NOT NULL,
    engine BIGINT NOT NULL,
    PRIMARY KEY (office_id, a, b)
);
CREATE INDEX match_pair_b ON match_pair (office_id, b);

-- +goose Down
DROP TABLE match_pair;
DROP INDEX match_owed;
DROP TABLE match_look;
