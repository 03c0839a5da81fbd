-- The Room: threads and what stands in them. `number` is the place of birth, `seq` the latest change of the row:
-- whoever has seen everything up to a seq is brought up to date by the rows above it.

CREATE TABLE room_clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL
) STRICT;

INSERT INTO room_clock (one, seq) VALUES (1, 0);

CREATE TABLE room_threads (
    id         TEXT PRIMARY KEY,
    number     INTEGER NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    tone       TEXT NOT NULL DEFAULT '',
    poster     TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE room_lines (
    key        TEXT PRIMARY KEY,
    thread     TEXT NOT NULL REFERENCES room_threads (id),
    number     INTEGER NOT NULL,
    seq        INTEGER NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('ask', 'say', 'status', 'reel')),
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX room_lines_thread ON room_lines (thread, number);
