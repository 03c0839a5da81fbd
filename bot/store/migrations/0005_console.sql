-- What the console reads, each list from an index of its own. `of_group` is the group a Job was asked in
-- ("discord:123"), "" in private.

ALTER TABLE jobs ADD COLUMN of_group TEXT NOT NULL DEFAULT '';

UPDATE jobs SET of_group = json_extract(ask, '$.account.platform') || ':' || json_extract(ask, '$.group')
    WHERE json_extract(ask, '$.group') <> '';

CREATE INDEX jobs_created ON jobs (created_at, id);
CREATE INDEX jobs_group ON jobs (of_group, created_at, id);
CREATE INDEX jobs_endpoint ON jobs (endpoint, created_at, id);
CREATE INDEX jobs_unwell ON jobs (created_at, id) WHERE state IN ('undelivered', 'failed', 'cancelled', 'refused');
-- Written once per Job, at its end; what is counted over many Jobs is all in it.
CREATE INDEX jobs_ended ON jobs (endpoint, created_at, state, of_group)
    WHERE state IN ('delivered', 'undelivered', 'failed');

CREATE INDEX ledger_account ON ledger (account, seq);
CREATE INDEX ledger_seldom ON ledger (account, kind, seq) WHERE kind IN ('refund', 'loss', 'overrun', 'grant');
CREATE INDEX balances_period ON balances (period);
CREATE INDEX accounts_person ON accounts (person);
