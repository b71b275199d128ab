-- What an organisation says of how often plans of groups of patients are looked at again ('dementia=4'), and which
-- instruments it offers; empty: as the program has it.
ALTER TABLE organisation ADD COLUMN review_groups TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN instruments TEXT NOT NULL DEFAULT '';
