-- The path: what happened to a patient beside the plan (signals, answers, appointments, ends), and the tasks that follow.

-- Written once, never changed; everything but the order is sealed.
CREATE TABLE step (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;

-- What waits for somebody. Whose, which kind and by when stand in the open, as they do for leads and requests: a list
-- of work is read by them and by nothing else. What was said with a task is sealed. `role` is empty where anybody of
-- the organisation may do it; `due_on` and `meant_for` are days; `done_at` is absent as long as it waits.
CREATE TABLE task (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- 0: matters in an emergency, and comes first; 1: all else.
    rank INTEGER NOT NULL,
    organisation_id TEXT NOT NULL,
    role TEXT NOT NULL,
    person_id TEXT,
    due_on TEXT NOT NULL,
    meant_for TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    done_at INTEGER,
    sealed BLOB,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_person ON task (person_id, organisation_id, rank, due_on, patient_id, number) WHERE done_at IS NULL;
CREATE INDEX task_role ON task (organisation_id, role, rank, due_on, patient_id, number)
    WHERE done_at IS NULL AND person_id IS NULL;
CREATE INDEX task_organisation ON task (organisation_id, rank, due_on, patient_id, number) WHERE done_at IS NULL;
CREATE INDEX task_kind ON task (organisation_id, kind, due_on, patient_id, number) WHERE done_at IS NULL;

-- Open drafts of an organisation, and whom somebody leads, each found without looking at all there is.
CREATE INDEX draft_organisation ON draft (organisation_id, begun_at);
CREATE INDEX lead_person ON lead (person_id, state);
