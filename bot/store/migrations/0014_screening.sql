-- Jobs that judge the pictures of another, their parent. They are nobody's requests: lists and counts leave them out.

ALTER TABLE jobs ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN screening TEXT;

CREATE INDEX jobs_children ON jobs (parent, created_at, id) WHERE parent <> '';

-- What is under way is counted from the index alone.
DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (state, created_at, parent)
    WHERE state IN ('in_review', 'admitted', 'submitting', 'uncertain', 'submitted', 'completed', 'delivering');
