-- What the patient or the representative wrote down before the conversation: one per person, sealed; `revision` counts up
-- with each save, so that two devices cannot overwrite each other unseen.
CREATE TABLE preparation (
    patient_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, person_id)
) STRICT, WITHOUT ROWID;
