-- Strikes, timeouts and bans. `subject` is a keyed hash of an account, and all that is left of one when its person is
-- erased; the key is random and stays in the store, so that no change of a secret lifts a ban. One sanction has a
-- subject for every account of its Person, so that accounts that separate take it with them.

CREATE TABLE store_keys (
    name TEXT PRIMARY KEY,
    key  BLOB NOT NULL
) STRICT;

INSERT INTO store_keys (name, key) VALUES ('sanctions', randomblob(32));

CREATE TABLE sanctions (
    number    INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('strike', 'timeout', 'ban')),
    whom      TEXT NOT NULL,
    grp       TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    why       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    until     INTEGER,
    lifted_at INTEGER
) STRICT;

CREATE TABLE sanctioned (
    subject  TEXT NOT NULL,
    sanction INTEGER NOT NULL REFERENCES sanctions (number),
    PRIMARY KEY (subject, sanction)
) STRICT, WITHOUT ROWID;

CREATE INDEX sanctions_group ON sanctions (grp, number) WHERE lifted_at IS NULL;
