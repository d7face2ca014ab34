-- +goose Up

-- See the same tables beside the data: twins of what was forgotten, of the marks and of
-- the office's row. A wrapped key is its own proof.
CREATE TABLE guard_row (
    office_id TEXT NOT NULL,
    room TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id, room, id)
);

CREATE TABLE guard_sum (
    office_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id)
);

-- Nobody ever asked when a key was made, and nothing vouched for it.
ALTER TABLE vault_key DROP COLUMN made_at;

-- +goose Down
ALTER TABLE vault_key ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0;
DROP TABLE guard_sum;
DROP TABLE guard_row;
