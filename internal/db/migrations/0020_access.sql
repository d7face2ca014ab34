-- +goose Up

-- An account. lookup is a keyed hash of the user name, code a hash of the
-- activation code that is out, empty when none is. account is everything else,
-- sealed under the office key with the id as context: name, role, state, password
-- hash, second factor. Whoever can write this table can give nobody another role.
CREATE TABLE access_user (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    lookup BYTEA NOT NULL,
    code BYTEA NOT NULL,
    account BYTEA NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX access_user_lookup ON access_user (office_id, lookup);
CREATE INDEX access_user_code ON access_user (office_id, code);

-- Recovery codes not yet used; hash is SHA-256 of 120 random bits.
CREATE TABLE access_recovery (
    office_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (office_id, user_id, hash)
);

-- Somebody at work in one browser. hash is SHA-256 of the token in its cookie;
-- browser is shared by the sessions of colleagues who take turns there.
CREATE TABLE access_session (
    office_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    browser TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    locked SMALLINT NOT NULL,
    PRIMARY KEY (office_id, hash)
);
CREATE UNIQUE INDEX access_session_id ON access_session (office_id, id);
CREATE INDEX access_session_user ON access_session (office_id, user_id);
CREATE INDEX access_session_browser ON access_session (office_id, browser);

-- One-time sign-in links that nobody has used.
CREATE TABLE access_link (
    office_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, hash)
);

-- How often a user name, existing or not, was tried wrongly. bucket is 16 bits of
-- the name's keyed hash, so the table cannot be made to grow.
CREATE TABLE access_delay (
    office_id TEXT NOT NULL,
    bucket BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, bucket)
);

-- How many sensitive things a user has opened in one hour since 1970.
CREATE TABLE access_budget (
    office_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    hour BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (office_id, user_id, hour)
);

-- What happened to accounts and at the door; user_id is whose account, by_id who
-- did it, empty for the console.
CREATE TABLE access_event (
    office_id TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX access_event_user ON access_event (office_id, user_id, id);

-- +goose Down
DROP TABLE access_event;
DROP TABLE access_budget;
DROP TABLE access_delay;
DROP TABLE access_link;
DROP TABLE access_session;
DROP TABLE access_recovery;
DROP TABLE access_user;
