-- What happens to a reel after it was posted. One report a person, by the account they made it with; how it is wanted
-- to be seen and how it stands differ until the message was changed; `due` and `carded` number the moderators' card.

DELETE FROM settings WHERE scope LIKE 'group:%' AND key LIKE 'report:%';

CREATE TABLE reports (
    job TEXT NOT NULL REFERENCES jobs (id),
    who TEXT NOT NULL,
    at  INTEGER NOT NULL,
    PRIMARY KEY (job, who)
) STRICT, WITHOUT ROWID;

CREATE TABLE afters (
    job        TEXT PRIMARY KEY REFERENCES jobs (id),
    reports    INTEGER NOT NULL DEFAULT 0,
    wanted     TEXT NOT NULL CHECK (wanted IN ('open', 'covered', 'gone')),
    stands     TEXT NOT NULL CHECK (stands IN ('open', 'covered', 'gone')),
    is_reached INTEGER NOT NULL DEFAULT 1 CHECK (is_reached IN (0, 1)),
    outcome    TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'kept', 'taken_down')),
    decided_by TEXT NOT NULL DEFAULT '',
    refunded   INTEGER NOT NULL DEFAULT 0 CHECK (refunded IN (0, 1)),
    due        INTEGER NOT NULL DEFAULT 0,
    carded     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_reel ON jobs (json_extract(reel, '$.sha256')) WHERE reel IS NOT NULL;
CREATE INDEX afters_unsettled ON afters (job) WHERE wanted <> stands OR due <> carded;
