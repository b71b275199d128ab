-- Rounds of statements. Which phones took part, by a keyed hash, and how often each answer was given stand apart: what a phone
-- said is nowhere. `shown` is the number that may be seen while the round is open.
CREATE TABLE statement_round (
    round_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    voters INTEGER NOT NULL,
    hash BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX statement_round_hash ON statement_round (hash);
CREATE INDEX statement_round_organisation ON statement_round (organisation_id, began_at);
CREATE TABLE statement_voter (
    round_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (round_id, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE statement_count (
    round_id TEXT NOT NULL,
    statement INTEGER NOT NULL,
    vote TEXT NOT NULL,
    people INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    PRIMARY KEY (round_id, statement, vote)
) STRICT, WITHOUT ROWID;
