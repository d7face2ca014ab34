-- +goose Up

-- Letters, to find them again: what they say is in the ledger and in their files,
-- sealed. number is the office's own, recipient a record's id, people how many a
-- letter is about. Rebuilt from the ledger.
CREATE TABLE letters_letter (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    recipient TEXT NOT NULL,
    document TEXT NOT NULL,
    dated BIGINT NOT NULL,
    people BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    withdrawn SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX letters_letter_recipient ON letters_letter (office_id, recipient);
CREATE INDEX letters_letter_entry ON letters_letter (office_id, entry);

-- What happened to a letter and on which day (counted from 1970-01-01); id is the
-- statement that says so. Rebuilt from the ledger.
CREATE TABLE letters_event (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    letter TEXT NOT NULL,
    what TEXT NOT NULL,
    day BIGINT NOT NULL,
    object TEXT NOT NULL,
    entry BIGINT NOT NULL,
    withdrawn SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX letters_event_letter ON letters_event (office_id, letter);

-- Whom a letter is about, as ids: to find what a forgotten person's letters hold.
-- Rebuilt from the ledger.
CREATE TABLE letters_person (
    office_id TEXT NOT NULL,
    letter TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (office_id, letter, person)
);
CREATE INDEX letters_person_person ON letters_person (office_id, person);

-- Files that hold the words of a letter or of an answer to it. Rebuilt from the ledger.
CREATE TABLE letters_document (
    office_id TEXT NOT NULL,
    letter TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (office_id, letter, document)
);

-- The last number given in a year. It is no projection: a number that was given is
-- never given again, whatever is forgotten.
CREATE TABLE letters_number (
    office_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (office_id, year)
);

-- Lines to be read with a receipt: for which appeal, and from when to when. Times
-- are microseconds since 1970, 0 is not yet. Rebuilt from the ledger.
CREATE TABLE letters_message (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    appeal TEXT NOT NULL,
    released BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    withdrawn SMALLINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX letters_message_appeal ON letters_message (office_id, appeal);

-- The office's letterhead, sealed: an ordinary row.
CREATE TABLE letters_office (
    office_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (office_id)
);

-- +goose Down
DROP TABLE letters_office;
DROP TABLE letters_message;
DROP TABLE letters_number;
DROP TABLE letters_document;
DROP TABLE letters_person;
DROP TABLE letters_event;
DROP TABLE letters_letter;
