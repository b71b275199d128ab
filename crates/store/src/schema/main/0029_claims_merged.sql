-- What was claimed, and what may be, goes along when a record is merged into another: `patient_id` says whose it is now, and
-- `record_id` in which record the conversation was reported and its lines were written, under whose key they stay sealed. What
-- earlier merges left behind goes along now; which conversations they took from the list is not known any more.
CREATE TABLE talk_of (
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, on_day, patient_id, record_id, step)
) STRICT, WITHOUT ROWID;
INSERT INTO talk_of (organisation_id, on_day, patient_id, record_id, step)
    SELECT organisation_id, on_day, patient_id, patient_id, step FROM talk_held;
DROP TABLE talk_held;
ALTER TABLE talk_of RENAME TO talk_held;
CREATE INDEX talk_held_patient ON talk_held (patient_id);

CREATE TABLE claim_of (
    patient_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (record_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO claim_of (patient_id, record_id, number, organisation_id, on_day, at, sealed)
    WITH RECURSIVE whose (record_id, patient_id) AS (
        SELECT patient_id, patient_id FROM patient WHERE merged_into IS NULL
        UNION ALL
        SELECT p.patient_id, w.patient_id FROM patient p JOIN whose w ON p.merged_into = w.record_id
    )
    SELECT w.patient_id, c.patient_id, c.number, c.organisation_id, c.on_day, c.at, c.sealed
    FROM claim c JOIN whose w ON w.record_id = c.patient_id;
DROP TABLE claim;
ALTER TABLE claim_of RENAME TO claim;
CREATE INDEX claim_patient ON claim (patient_id, organisation_id);
CREATE INDEX claim_day ON claim (organisation_id, on_day, patient_id);

-- The lines that count for a patient on a day: one, or more where records that were merged each had one. Who writes holds the
-- patient's row, so that none is added where one counts.
CREATE TABLE claim_counts_of (
    patient_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    record_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (patient_id, organisation_id, on_day, record_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO claim_counts_of (patient_id, organisation_id, on_day, record_id, number)
    SELECT c.patient_id, c.organisation_id, c.on_day, c.record_id, c.number
    FROM claim_counts k JOIN claim c ON c.record_id = k.patient_id AND c.number = k.number;
DROP TABLE claim_counts;
ALTER TABLE claim_counts_of RENAME TO claim_counts;
