-- What conversations are claimed for. Which conversation an organisation's people held on which day stands in the open, so that a
-- period is read along its key; what it says is a step of the patient's path.
CREATE TABLE talk_held (
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, on_day, patient_id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX talk_held_patient ON talk_held (patient_id);

-- Contracts and tariffs: about no patient, and so not sealed. Each change is a row of its own; `current` marks the newest.
CREATE TABLE contract (
    organisation_id TEXT NOT NULL,
    contract_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    current INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (organisation_id, contract_id, revision)
) STRICT, WITHOUT ROWID;

-- An organisation's own list of insurers.
CREATE TABLE insurer_list (
    organisation_id TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Lines that were claimed, and that were withdrawn: written once, never changed; what they say is sealed.
CREATE TABLE claim (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_day ON claim (organisation_id, on_day, patient_id, number);

-- The one line that counts for a patient on a day; two at once cannot be.
CREATE TABLE claim_counts (
    patient_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (patient_id, organisation_id, on_day)
) STRICT, WITHOUT ROWID;
