-- What organisations keep of their own work, about no patient: who takes part in a region's inventory, what they answered,
-- actions, trainings, agreements. Sealed under a key of the installation; whose it is, of what kind and how often it changed
-- stand in the open.
CREATE TABLE house_note (
    organisation_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    note_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (organisation_id, kind, note_id)
) STRICT, WITHOUT ROWID;

-- The link by which an organisation answers without an account: its keyed hash, and the last day on which it opens.
CREATE TABLE questionnaire_link (
    organisation_id TEXT NOT NULL,
    note_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    until_day TEXT NOT NULL,
    PRIMARY KEY (organisation_id, note_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX questionnaire_link_hash ON questionnaire_link (hash);
