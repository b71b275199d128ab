-- Since when nobody leads stands with each membership too, so that a team's list of patients without a lead costs what it
-- shows and not the whole caseload. `lead_now` stays the source; every change of lead or team writes it here.
ALTER TABLE team ADD COLUMN without_since INTEGER;
UPDATE team SET without_since = (SELECT n.without_since FROM lead_now n WHERE n.patient_id = team.patient_id)
    WHERE until_at IS NULL;
CREATE INDEX team_without_lead ON team (member, patient_id) WHERE without_since IS NOT NULL AND until_at IS NULL;
