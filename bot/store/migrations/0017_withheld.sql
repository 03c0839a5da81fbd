-- Reels that are withheld until a moderator has looked at them are few, and looked for often.

CREATE INDEX jobs_withheld ON jobs (created_at) WHERE state = 'undelivered' AND reason = 'withheld';
