-- What a practice's own system (HIS) gives: the files that were brought in, what is kept of them, and who is a candidate by
-- it. Of a file stand in the open: whose it is, when, how it stands and how many rows were what (`counts`, JSON). `digest` is a
-- keyed hash of the file, by which it is known again.
CREATE TABLE extract (
    extract_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    digest BLOB NOT NULL,
    counts TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX extract_organisation ON extract (organisation_id, made_at);

-- The file as it was sent, until it is brought in or thrown away; and rows that are to be mended. Both are sealed under a key of
-- the file's own, which goes with them.
CREATE TABLE extract_file (
    extract_id TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;
CREATE TABLE extract_bad (
    extract_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (extract_id, line)
) STRICT, WITHOUT ROWID;

-- Whom the files of a practice tell something of: `subject` is a keyed hash. `patient_id` where they are in the practice's care
-- here; `own` is 1 where what is sealed is so under that patient's key, and 0 where it is under one of the installation.
-- `a20_on` is the day of the first episode A20, `since_on` the day since when a rule finds them; `on_path` is 1 where they have a
-- plan, an answer or a signal, and so are no candidate.
CREATE TABLE extract_subject (
    organisation_id TEXT NOT NULL,
    subject BLOB NOT NULL,
    patient_id TEXT,
    a20_on TEXT,
    since_on TEXT,
    on_path INTEGER NOT NULL,
    own INTEGER NOT NULL,
    sealed BLOB,
    PRIMARY KEY (organisation_id, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX extract_subject_patient ON extract_subject (patient_id, organisation_id) WHERE patient_id IS NOT NULL;
CREATE INDEX extract_subject_candidate ON extract_subject (organisation_id, since_on, subject)
    WHERE since_on IS NOT NULL AND on_path = 0;
CREATE INDEX extract_subject_a20 ON extract_subject (organisation_id, a20_on, subject) WHERE a20_on IS NOT NULL;

-- What the files say, sealed: a part per file, subject and batch.
CREATE TABLE extract_fact (
    organisation_id TEXT NOT NULL,
    subject BLOB NOT NULL,
    extract_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    patient_id TEXT,
    own INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (organisation_id, subject, extract_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX extract_fact_extract ON extract_fact (extract_id, subject);
CREATE INDEX extract_fact_patient ON extract_fact (patient_id) WHERE patient_id IS NOT NULL;

-- A number of the HIS with a birth date (`alias`, a keyed hash) that came once with a BSN.
CREATE TABLE extract_alias (
    organisation_id TEXT NOT NULL,
    alias BLOB NOT NULL,
    subject BLOB NOT NULL,
    PRIMARY KEY (organisation_id, alias)
) STRICT, WITHOUT ROWID;

-- Sets of rules: of the shipped ones only whether they are in use (`json` is empty), of own ones all.
CREATE TABLE rule_set (
    organisation_id TEXT NOT NULL,
    code TEXT NOT NULL,
    revision INTEGER NOT NULL,
    used INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (organisation_id, code)
) STRICT, WITHOUT ROWID;

-- When the list of candidates was last looked at.
CREATE TABLE candidate_check (
    organisation_id TEXT NOT NULL PRIMARY KEY,
    checked_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;
