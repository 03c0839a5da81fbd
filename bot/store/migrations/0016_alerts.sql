-- What owners are told unasked, written down before it is said, and on which platforms it was. `key` is what it is
-- about, so that the same is not told twice.

CREATE TABLE alerts (
    id     TEXT PRIMARY KEY,
    key    TEXT NOT NULL UNIQUE,
    notice TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alerts_at ON alerts (at);

CREATE TABLE alerts_told (
    alert    TEXT NOT NULL,
    platform TEXT NOT NULL,
    PRIMARY KEY (alert, platform)
) STRICT, WITHOUT ROWID;
