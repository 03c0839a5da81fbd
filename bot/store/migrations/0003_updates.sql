-- What a platform sent us, written down before it was acknowledged; an update is done once, and its text goes with it.
-- `lane` is whose turn it is (one chat, one person); `gathers` is what several updates belong to together (an album).

CREATE TABLE updates (
    platform    TEXT NOT NULL,
    id          INTEGER NOT NULL,
    lane        TEXT NOT NULL,
    gathers     TEXT NOT NULL DEFAULT '',
    body        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'done')),
    received_at INTEGER NOT NULL,
    PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX updates_open ON updates (platform, id) WHERE state = 'open';
CREATE INDEX updates_gathered ON updates (platform, gathers, id) WHERE gathers <> '';
CREATE INDEX updates_done ON updates (received_at) WHERE state = 'done';

-- The message that something was said with, so that saying it again, after whatever happened, changes that message.

CREATE TABLE said (
    platform TEXT NOT NULL,
    key      TEXT NOT NULL,
    receipt  TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX said_at ON said (at);
