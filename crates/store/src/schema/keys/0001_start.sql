-- The key store (decision 70): apart from the data, so that a copy of the data is noise and erasing a key erases the
-- patient from every copy.

CREATE TABLE data_key (
    patient_id TEXT NOT NULL,
    key_id INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (patient_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
    name TEXT NOT NULL PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
