-- +goose Up

-- Consents, to find them again: what they say is in the ledger, sealed. expires is
-- a day counted from 1970-01-01. Rebuilt from the ledger.
CREATE TABLE casework_grant (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    recipient TEXT NOT NULL,
    entry BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    withdrawn SMALLINT NOT NULL,
    undone SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX casework_grant_person ON casework_grant (office_id, person);
CREATE INDEX casework_grant_expires ON casework_grant (office_id, expires);

-- How careful to be: which records to read for a recipient and a person; person is
-- '' where it is about an attribute. Rebuilt from the ledger.
CREATE TABLE casework_care (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    person TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX casework_care_recipient ON casework_care (office_id, recipient, person);

-- Deeds that take two. decided says that somebody said yes or no; who and whether
-- rightly is read from the ledger. Rebuilt from the ledger.
CREATE TABLE casework_approval (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    deed TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    entry BIGINT NOT NULL,
    decided SMALLINT NOT NULL,
    undone SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX casework_approval_decided ON casework_approval (office_id, decided, entry);

-- By which rule an erasure was proposed, and from when it can be done: an ordinary
-- row, kept until it is done. The ledger's act of erasure says the rule for good.
CREATE TABLE casework_erasure (
    office_id TEXT NOT NULL,
    approval TEXT NOT NULL,
    rule TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, approval)
);

-- What is to be done: ordinary rows, the text sealed. due is a day counted from
-- 1970-01-01, or a day that never comes.
CREATE TABLE casework_task (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    about TEXT NOT NULL,
    user_id TEXT NOT NULL,
    due BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    done_by TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX casework_task_due ON casework_task (office_id, done_at, due);
CREATE INDEX casework_task_about ON casework_task (office_id, about);

-- +goose Down
DROP TABLE casework_task;
DROP TABLE casework_erasure;
DROP TABLE casework_approval;
DROP TABLE casework_care;
DROP TABLE casework_grant;
