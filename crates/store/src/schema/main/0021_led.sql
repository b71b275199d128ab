-- Who leads stands with each open task and each change that somebody was told of and did not read, so that what a lead is
-- shown of their patients costs what is shown, however many they lead. It follows every change of lead (`leads::tell_team`).
ALTER TABLE task ADD COLUMN lead_id TEXT;
ALTER TABLE seen ADD COLUMN lead_id TEXT;
UPDATE task SET lead_id = (SELECT min(l.person_id) FROM lead l
    WHERE l.patient_id = task.patient_id AND l.state = 'accepted') WHERE done_at IS NULL;
UPDATE seen SET lead_id = (SELECT min(l.person_id) FROM lead l
    WHERE l.patient_id = seen.patient_id AND l.state = 'accepted') WHERE told_at IS NOT NULL;
CREATE INDEX task_led ON task (lead_id, rank, due_on, patient_id, number) WHERE done_at IS NULL;
CREATE INDEX seen_led ON seen (lead_id, told_at) WHERE told_at IS NOT NULL;
