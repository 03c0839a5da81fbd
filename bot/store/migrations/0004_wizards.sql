-- Requests that are being put together step by step: one for each person in each place.

CREATE TABLE wizards (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    account  TEXT NOT NULL,
    place    TEXT NOT NULL,
    version  INTEGER NOT NULL,
    body     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    UNIQUE (platform, account, place)
) STRICT;

CREATE INDEX wizards_at ON wizards (at);
