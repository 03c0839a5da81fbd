-- Times are whole microseconds since 1970 (UTC), money whole micro-dollars, documents JSON.

CREATE TABLE inbox (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    ask         TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'away', 'confirmed', 'done')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL,
    UNIQUE (platform, event_id)
) STRICT;

CREATE INDEX inbox_open ON inbox (received_at) WHERE state <> 'done';

CREATE TABLE people (
    id         TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    platform TEXT NOT NULL,
    account  TEXT NOT NULL,
    person   TEXT NOT NULL REFERENCES people (id),
    name     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (platform, account)
) STRICT;

CREATE TABLE groups (
    platform   TEXT NOT NULL,
    id         TEXT NOT NULL,
    standing   TEXT NOT NULL CHECK (standing IN ('asked', 'approved', 'off')),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (platform, id)
) STRICT;

CREATE TABLE settings (
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;

CREATE TABLE jobs (
    id               TEXT PRIMARY KEY,
    state            TEXT NOT NULL,
    version          INTEGER NOT NULL DEFAULT 0,
    person           TEXT NOT NULL REFERENCES people (id),
    weight           INTEGER NOT NULL DEFAULT 1,
    endpoint         TEXT NOT NULL,
    ask              TEXT NOT NULL,
    ordered          TEXT NOT NULL,
    waiting_for      TEXT NOT NULL DEFAULT '[]',
    reason           TEXT NOT NULL DEFAULT '',
    failure          TEXT NOT NULL DEFAULT '',
    hold_microusd    INTEGER NOT NULL CHECK (hold_microusd >= 0),
    cost_microusd    INTEGER CHECK (cost_microusd >= 0),
    sent             TEXT,
    ticket           TEXT,
    request_id       TEXT,
    result           TEXT,
    reel             TEXT,
    place            TEXT NOT NULL,
    receipt          TEXT NOT NULL DEFAULT '',
    reel_receipt     TEXT NOT NULL DEFAULT '',
    said             TEXT NOT NULL DEFAULT '',
    attempts         INTEGER NOT NULL DEFAULT 0,
    cancel_wanted_at INTEGER,
    created_at       INTEGER NOT NULL,
    state_at         INTEGER NOT NULL,
    submitted_at     INTEGER,
    started_at       INTEGER,
    next_at          INTEGER
) STRICT;

CREATE INDEX jobs_open ON jobs (state, created_at)
    WHERE state IN ('in_review', 'admitted', 'submitting', 'uncertain', 'submitted', 'completed', 'delivering');
CREATE INDEX jobs_running ON jobs (person, created_at)
    WHERE state IN ('in_review', 'admitted', 'submitting', 'uncertain', 'submitted');
CREATE INDEX jobs_person ON jobs (person, created_at);
CREATE INDEX jobs_served ON jobs (person, submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX jobs_unsaid ON jobs (created_at) WHERE said <> state;
CREATE UNIQUE INDEX jobs_request ON jobs (endpoint, request_id) WHERE request_id IS NOT NULL;

CREATE TABLE staged (
    sha256 TEXT NOT NULL,
    job    TEXT NOT NULL REFERENCES jobs (id),
    PRIMARY KEY (sha256, job)
) STRICT;

CREATE TABLE ledger (
    seq             INTEGER PRIMARY KEY,
    cause           TEXT NOT NULL,
    account         TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('hold', 'settle', 'release', 'refund', 'loss', 'overrun', 'grant')),
    amount_microusd INTEGER NOT NULL CHECK (amount_microusd >= 0),
    ends_microusd   INTEGER NOT NULL DEFAULT 0 CHECK (ends_microusd >= 0),
    day             TEXT NOT NULL,
    week            TEXT NOT NULL,
    month           TEXT NOT NULL,
    day_limit       INTEGER,
    week_limit      INTEGER,
    month_limit     INTEGER,
    note            TEXT NOT NULL DEFAULT '',
    at              INTEGER NOT NULL,
    UNIQUE (cause, account, kind)
) STRICT;

-- One of settle, release and loss per job and account: the second is refused by the database itself.
CREATE UNIQUE INDEX ledger_ends_once ON ledger (cause, account) WHERE kind IN ('settle', 'release', 'loss');

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TABLE balances (
    account TEXT NOT NULL,
    period  TEXT NOT NULL,
    held    INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    spent   INTEGER NOT NULL DEFAULT 0,
    granted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE durations (
    endpoint TEXT NOT NULL,
    job      TEXT NOT NULL,
    seconds  REAL NOT NULL,
    PRIMARY KEY (endpoint, job)
) STRICT, WITHOUT ROWID;
