-- What was decided, by whom, about whom and why. Rows are only ever added; an erased person's names are blanked.

CREATE TABLE decisions (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    platform TEXT NOT NULL,
    grp      TEXT NOT NULL,
    who      TEXT NOT NULL,
    what     TEXT NOT NULL,
    whom     TEXT NOT NULL,
    job      TEXT NOT NULL,
    why      TEXT NOT NULL,
    detail   TEXT NOT NULL
) STRICT;

CREATE INDEX decisions_group ON decisions (platform, grp, seq);
CREATE INDEX decisions_job ON decisions (job, seq) WHERE job <> '';
CREATE INDEX decisions_whom ON decisions (whom, seq) WHERE whom <> '';

CREATE TRIGGER decisions_are_never_changed BEFORE UPDATE ON decisions
WHEN (new.seq, new.at, new.platform, new.grp, new.what, new.job, new.detail)
    IS NOT (old.seq, old.at, old.platform, old.grp, old.what, old.job, old.detail)
    OR new.who NOT IN (old.who, '') OR new.whom NOT IN (old.whom, '') OR new.why NOT IN (old.why, '')
BEGIN
    SELECT RAISE(ABORT, 'decisions are append-only');
END;

CREATE TRIGGER decisions_are_never_deleted BEFORE DELETE ON decisions
BEGIN
    SELECT RAISE(ABORT, 'decisions are append-only');
END;

CREATE INDEX jobs_delivered ON jobs (person, of_group) WHERE state = 'delivered';
