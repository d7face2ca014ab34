-- +goose Up

-- Ways home, to find them again: what was said of them is in the ledger, sealed.
-- Rebuilt from the ledger.
CREATE TABLE returns_return (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    entry BIGINT NOT NULL,
    undone SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX returns_return_person ON returns_return (office_id, person);

-- +goose Down
DROP TABLE returns_return;
