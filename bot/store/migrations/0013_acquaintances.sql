-- Whom a bot that can look up nobody has met, by the name they are called by in a group.

CREATE TABLE acquaintances (
    platform TEXT NOT NULL,
    grp      TEXT NOT NULL,
    username TEXT NOT NULL,
    account  TEXT NOT NULL,
    name     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, grp, username)
) STRICT, WITHOUT ROWID;

CREATE INDEX acquaintances_account ON acquaintances (platform, account);
CREATE INDEX acquaintances_at ON acquaintances (at);
