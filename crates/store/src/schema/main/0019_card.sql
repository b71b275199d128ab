-- Cards and plans on paper that bear a code (decision 54). `hash` is keyed, of the token in the code; the code itself is
-- sealed. `version` is what is printed. `replaced_at` is set where the record was merged into another; that a newer
-- version replaced it shows by itself.
CREATE TABLE card (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    replaced_at INTEGER,
    withdrawn_at INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX card_hash ON card (hash);

-- Codes of records that were erased: they are ours, and hold no longer. Nothing says whose they were.
CREATE TABLE card_gone (
    hash BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Public keys with which codes are checked; the private half of the one in use is in the key store, and is destroyed when
-- the next one takes its place.
CREATE TABLE card_key (
    number INTEGER NOT NULL PRIMARY KEY,
    public BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
