-- Who read which version of a plan, and what they were told of and have not read (D4). Who and when stand in the open, as
-- they do in the log; what changed does not stand here at all.

-- `number` is the newest version that was read whole, 0 where none was; `read_at` when it was first read; `looked_at` the
-- last time anything of the plan was shown, as near as a day. `told` is the newest version that was told of; as long as
-- `told_at` is there it has not been read, and `first_told` is the first of those. `rank` is 0 where one of them changes a
-- limit that counts in an emergency, else 1.
CREATE TABLE seen (
    patient_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    read_at INTEGER,
    looked_at INTEGER,
    told INTEGER NOT NULL,
    first_told INTEGER NOT NULL,
    told_at INTEGER,
    rank INTEGER NOT NULL,
    PRIMARY KEY (patient_id, person_id)
) STRICT, WITHOUT ROWID;
-- What one person has not read: found without looking at all they ever opened.
CREATE INDEX seen_unread ON seen (person_id, rank, told_at, patient_id) WHERE told_at IS NOT NULL;
