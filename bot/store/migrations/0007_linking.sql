-- Accounts of one Person are joined by a code and separated again. A code is kept as a keyed hash, one per account that
-- made one; who typed it stays with it until it is over, so that an answer that was lost is given again.

CREATE TABLE link_codes (
    platform      TEXT NOT NULL,
    account       TEXT NOT NULL,
    digest        TEXT NOT NULL UNIQUE,
    ends_at       INTEGER NOT NULL,
    used_platform TEXT NOT NULL DEFAULT '',
    used_account  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (platform, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE link_guesses (
    platform TEXT NOT NULL,
    account  TEXT NOT NULL,
    wrong    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, account)
) STRICT, WITHOUT ROWID;

-- Whom a Job goes with when accounts of one Person separate: the account that asked, as "platform:id".

ALTER TABLE jobs ADD COLUMN asker TEXT NOT NULL DEFAULT '';

UPDATE jobs SET asker = json_extract(ask, '$.account.platform') || ':' || json_extract(ask, '$.account.id');

-- What Persons who separated still spend from together: until the day, the week and the month written here are over.

CREATE TABLE bonds (
    id    TEXT PRIMARY KEY,
    day   TEXT NOT NULL,
    week  TEXT NOT NULL,
    month TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bonded (
    person TEXT PRIMARY KEY REFERENCES people (id),
    bond   TEXT NOT NULL REFERENCES bonds (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bonded_together ON bonded (bond);
