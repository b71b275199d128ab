-- What leaves this system, written with the change it tells of and sent after that is on disk; at least once, and each
-- with a name of its own by which a receiver knows it again.

-- `patient_id` is empty where it is about no patient; then what it says is sealed under a key of the installation.
-- `number` is the order of what goes to one target about one patient; `once` is what may be there only once. Whoever
-- sends holds it until `claimed_until`. What was sent keeps no words.
CREATE TABLE outbox (
    patient_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    once TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    claimed_by TEXT,
    claimed_until INTEGER,
    failure TEXT,
    closed_at INTEGER,
    sealed BLOB,
    PRIMARY KEY (patient_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_once ON outbox (patient_id, once);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_lane ON outbox (patient_id, target, number) WHERE state IN ('waiting', 'dead');
CREATE INDEX outbox_state ON outbox (state, made_at);

-- Where somebody wants to be told by mail. The address, and the code until it is confirmed, are sealed.
CREATE TABLE person_mail (
    person_id TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL,
    code_until INTEGER,
    tries INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    confirmed_at INTEGER
) STRICT, WITHOUT ROWID;
