-- Questions for support: there may be several at once, and each is a task of its own, about the step that asked.
ALTER TABLE task ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
