-- The patient's own page: invitations on paper, and what the patient says about the record.

-- An invitation to an own page. The code stands on paper only: here is its keyed hash, until it is used, withdrawn or
-- tried too often. `own` is patient, representative or relative; the access it gives runs from `runs_from` to `runs_until`.
CREATE TABLE invitation (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB,
    own TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    runs_from INTEGER NOT NULL,
    runs_until INTEGER,
    tries INTEGER NOT NULL,
    used_at INTEGER,
    withdrawn_at INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_hash ON invitation (hash);

-- Statements and requests of the patient; what they are about is sealed, `open` is 1 as long as somebody has to answer.
CREATE TABLE own_words (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    said_at INTEGER NOT NULL,
    open INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX own_words_open ON own_words (open, patient_id);
