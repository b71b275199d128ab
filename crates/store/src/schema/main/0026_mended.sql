-- Extracts. `turn` counts how often bringing one in was begun: who works at an earlier one stops. `keeps` is 1 as long as the
-- file or rows to mend may be there, and `holds` as long as something that it told may: what is to be removed is looked for each
-- minute, along indexes that hold nothing else.
ALTER TABLE extract ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE extract ADD COLUMN keeps INTEGER NOT NULL DEFAULT 1;
ALTER TABLE extract ADD COLUMN holds INTEGER NOT NULL DEFAULT 1;
UPDATE extract SET keeps = 0 WHERE state IN ('done', 'undone')
    AND NOT EXISTS (SELECT 1 FROM extract_file f WHERE f.extract_id = extract.extract_id)
    AND NOT EXISTS (SELECT 1 FROM extract_bad b WHERE b.extract_id = extract.extract_id);
UPDATE extract SET holds = 0 WHERE state IN ('tried', 'undone')
    AND NOT EXISTS (SELECT 1 FROM extract_fact f WHERE f.extract_id = extract.extract_id);
CREATE INDEX extract_keeps ON extract (made_at) WHERE keeps = 1;
CREATE INDEX extract_holds ON extract (state, made_at) WHERE holds = 1;
-- By what somebody was known again goes with them.
CREATE INDEX extract_alias_subject ON extract_alias (organisation_id, subject);

-- What a patient counts for is plan content (decision 75): sealed with the patient's key stand the group of diagnoses and, for
-- each figure, a quarter and the number of an answer. All is counted anew.
DROP TABLE figure_person;
CREATE TABLE figure_person (
    pseudonym BLOB NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
DELETE FROM figure_cell;
DELETE FROM figure_due;
UPDATE meta SET number = 0 WHERE name IN ('figures_upto', 'figures_version', 'figures_at');
-- Each batch of counting takes the next turn, so that of two instances one counts.
INSERT INTO meta (name, number) VALUES ('figures_turn', 0);
