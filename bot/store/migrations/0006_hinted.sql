-- The request id that a call of fal's named for a Job: a hint to look, kept until it has been followed.

ALTER TABLE jobs ADD COLUMN hinted TEXT NOT NULL DEFAULT '';

CREATE INDEX jobs_hinted ON jobs (created_at) WHERE state = 'failed' AND hinted <> '';
