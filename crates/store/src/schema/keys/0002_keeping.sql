-- Keys that were destroyed: what an older copy of the data still holds under them is to be destroyed too.
CREATE TABLE destroyed_key (
    patient_id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Master keys that wrap nothing new any more.
CREATE TABLE retired_master (
    id INTEGER NOT NULL PRIMARY KEY
) STRICT;
