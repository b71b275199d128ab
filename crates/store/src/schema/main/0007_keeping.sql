-- Keeping: what was erased, how long a record is kept, and under which key a patient is found.

-- Proof of an erasure, without content. `done` and `swept`: the rows are gone; what was deleted is overwritten too.
CREATE TABLE erasure (
    patient_id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    ground TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT,
    organisation TEXT,
    basis TEXT,
    done INTEGER NOT NULL,
    swept INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_swept ON erasure (swept, done);

-- Last medical change (WGBO: a record is kept for twenty years from then). An address does not move it.
CREATE TABLE retention (
    patient_id TEXT NOT NULL PRIMARY KEY,
    medical_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX retention_medical ON retention (medical_at, patient_id);
INSERT INTO retention (patient_id, medical_at)
    SELECT p.patient_id, coalesce((SELECT max(v.recorded_at) FROM plan_version v WHERE v.patient_id = p.patient_id), p.changed_at)
    FROM patient p;

-- Which key the hashes of BSN and names were made with, patient by patient; in `meta`, which one is in use, and which one
-- all patients have.
ALTER TABLE patient_bsn ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
CREATE INDEX patient_bsn_generation ON patient_bsn (generation, patient_id);
INSERT INTO meta (name, number) VALUES ('search_generation', 1);
INSERT INTO meta (name, number) VALUES ('search_done', 1);
