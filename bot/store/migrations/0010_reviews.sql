-- What a moderator wrote to the person they refused, and what moderators were last told of a Job.

ALTER TABLE jobs ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN carded TEXT NOT NULL DEFAULT '';
