-- Figures (decision 75). For each patient one row under a name of its own, made with that patient's key: destroying the key
-- unlinks it. `counts` is, for each figure, a quarter and the number of an answer.
CREATE TABLE figure_person (
    pseudonym BLOB NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    diagnoses TEXT NOT NULL,
    counts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The sums, which is all that pages read. `weeks` is -1 where the figure is about no time.
CREATE TABLE figure_cell (
    organisation_id TEXT NOT NULL,
    figure TEXT NOT NULL,
    year INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    diagnoses TEXT NOT NULL,
    answer INTEGER NOT NULL,
    weeks INTEGER NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, figure, year, quarter, diagnoses, answer, weeks)
) STRICT, WITHOUT ROWID;

-- When a patient counts for something else though nothing happens, and on which days urgent care or a hospital looked at
-- the plan, as the log says.
CREATE TABLE figure_due (
    patient_id TEXT NOT NULL PRIMARY KEY,
    on_day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_due_day ON figure_due (on_day, patient_id);
CREATE TABLE figure_look (
    patient_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    PRIMARY KEY (patient_id, on_day)
) STRICT, WITHOUT ROWID;

-- Up to which row of the log everything is counted, by which version of the definitions, and when that was.
INSERT INTO meta (name, number) VALUES ('figures_upto', 0);
INSERT INTO meta (name, number) VALUES ('figures_version', 0);
INSERT INTO meta (name, number) VALUES ('figures_at', 0);
