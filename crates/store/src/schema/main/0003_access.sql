-- Who leads, who may see by other ways than the team, and on whose word somebody is in the team.

-- What is said of a membership: role, added by whom, on whose word; sealed under the patient's key.
ALTER TABLE team ADD COLUMN about BLOB;

-- One row for each proposal of a lead. `state` is proposed, accepted, declined, withdrawn or ended; at most one is accepted,
-- which `lead_now` sees to. `person_id` is absent where anybody of the organisation with that role may accept.
CREATE TABLE lead (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    organisation_id TEXT NOT NULL,
    role TEXT NOT NULL,
    person_id TEXT,
    state TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_open ON lead (organisation_id, state);

-- Who leads now, or since when nobody does.
CREATE TABLE lead_now (
    patient_id TEXT NOT NULL PRIMARY KEY,
    number INTEGER,
    without_since INTEGER
) STRICT, WITHOUT ROWID;

-- The patient and theirs, who sign in as people of no organisation. `own` is patient, representative or relative.
CREATE TABLE own_account (
    person_id TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    own TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (person_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX own_account_patient ON own_account (patient_id);

-- A broken glass: by whom, from when to when, judged or not; the reason and the judgement are sealed.
CREATE TABLE glass (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    broken_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    judged_at INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX glass_person ON glass (person_id, patient_id, until_at);
CREATE INDEX glass_organisation ON glass (organisation_id, broken_at);
CREATE INDEX glass_unjudged ON glass (judged_at, broken_at);
