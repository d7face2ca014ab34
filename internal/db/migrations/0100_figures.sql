-- +goose Up

-- Claims, to find them again: what was said is in the ledger, sealed. Rebuilt from it.
CREATE TABLE figures_claim (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);

-- The numbers of what was published, so that two processes never give out one. Rebuilt
-- from the ledger, which never forgets a release.
CREATE TABLE figures_release (
    office_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (office_id, number)
);

-- +goose Down
DROP TABLE figures_release;
DROP TABLE figures_claim;
