-- A private talk is a group of one, named after the account: where that person is erased, so is the name of the talk.

DROP TRIGGER decisions_are_never_changed;

CREATE TRIGGER decisions_are_never_changed BEFORE UPDATE ON decisions
WHEN (new.seq, new.at, new.platform, new.what, new.job, new.detail)
    IS NOT (old.seq, old.at, old.platform, old.what, old.job, old.detail)
    OR new.who NOT IN (old.who, '') OR new.whom NOT IN (old.whom, '') OR new.why NOT IN (old.why, '')
    OR (new.grp <> old.grp AND (new.grp <> '' OR old.grp NOT LIKE 'dm-%'))
BEGIN
    SELECT RAISE(ABORT, 'decisions are append-only');
END;

CREATE INDEX decisions_who ON decisions (who, seq) WHERE who <> '';
CREATE INDEX consents_asker ON consents (asker) WHERE asker <> '';

-- An event is known until its platform no longer sends it again, and goes then.

CREATE INDEX inbox_done ON inbox (received_at) WHERE state = 'done';
