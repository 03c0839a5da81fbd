-- What people said about their faces, and who was asked about which Job.

CREATE TABLE consents (
    whom    TEXT NOT NULL,
    asker   TEXT NOT NULL,
    grp     TEXT NOT NULL,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    at      INTEGER NOT NULL,
    until   INTEGER,
    PRIMARY KEY (whom, grp, asker)
) STRICT, WITHOUT ROWID;

CREATE TABLE asked (
    job      TEXT NOT NULL REFERENCES jobs (id),
    whom     TEXT NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
    PRIMARY KEY (job, whom)
) STRICT, WITHOUT ROWID;

CREATE INDEX asked_whom ON asked (whom);
