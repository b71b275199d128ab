-- Meetings about patients: an MDO or a PaTz group. Kind, day and who takes part stand in the open, as they do for tasks;
-- everything else of a meeting is sealed under a key of the installation. What it says of a patient is a step of that
-- patient's path.
CREATE TABLE meeting (
    meeting_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    revision INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose people may open it: who calls it, and who takes part.
CREATE TABLE meeting_for (
    organisation_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    PRIMARY KEY (organisation_id, on_day, meeting_id)
) STRICT, WITHOUT ROWID;

-- The list. `decided` is 1 once something was decided, `again` where the patient comes back on the next list.
CREATE TABLE meeting_patient (
    meeting_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    patient_id TEXT NOT NULL,
    decided INTEGER NOT NULL,
    again INTEGER NOT NULL,
    PRIMARY KEY (meeting_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX meeting_patient_once ON meeting_patient (patient_id, meeting_id);
