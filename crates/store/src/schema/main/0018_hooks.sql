-- Where systems are told of changes. `patient_id` is there for a subscription only: it goes with the patient's record.
-- Addresses, secrets, headers and what is asked for are sealed under a key of the installation.
CREATE TABLE hook (
    hook_id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    patient_id TEXT,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    until_at INTEGER,
    last_at INTEGER,
    last_failure TEXT,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hook_client ON hook (client_id);
CREATE INDEX hook_patient ON hook (patient_id);
CREATE INDEX hook_kind ON hook (kind);

-- Which version a message is of, and whether that changed what counts in an emergency; 0 for messages to people.
ALTER TABLE outbox ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
