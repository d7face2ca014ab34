-- +goose Up

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
