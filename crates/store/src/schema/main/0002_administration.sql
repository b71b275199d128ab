-- What is known of an organisation beside its name, and what it decided for its own people.
ALTER TABLE organisation ADD COLUMN ura TEXT;
ALTER TABLE organisation ADD COLUMN region TEXT;
ALTER TABLE organisation ADD COLUMN review_months INTEGER;
-- Codes of roles, separated by blanks; at first all who give care.
ALTER TABLE organisation ADD COLUMN break_glass TEXT NOT NULL DEFAULT 'carer district-nurse dementia-case-manager practice-nurse nurse-specialist physician-assistant gp elderly-care-physician hospital-physician palliative-nurse spiritual-carer social-worker physiotherapist out-of-hours';
ALTER TABLE organisation ADD COLUMN second_factor INTEGER NOT NULL DEFAULT 1;
CREATE INDEX organisation_region ON organisation (region);

-- On whose behalf something was done (NEN 7513).
ALTER TABLE log ADD COLUMN behalf TEXT;
