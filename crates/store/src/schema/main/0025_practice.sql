-- What a practice says of its own steps and goals: written once, sealed under a key of the installation; nothing is about a
-- patient.
CREATE TABLE practice_entry (
    organisation_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (organisation_id, number)
) STRICT, WITHOUT ROWID;

-- Visits to a practice by its region: whose, when and for whom stand in the open, as for meetings.
CREATE TABLE practice_visit (
    visit_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    region_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX practice_visit_organisation ON practice_visit (organisation_id, on_day);
CREATE INDEX practice_visit_region ON practice_visit (region_id, on_day);
