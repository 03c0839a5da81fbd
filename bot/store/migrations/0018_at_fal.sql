-- Requests of people who were erased, whose inputs and outputs fal is still to forget.

CREATE TABLE to_forget_at_fal (
    request_id TEXT PRIMARY KEY,
    at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
