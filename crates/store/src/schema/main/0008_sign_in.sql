-- Signing in: second factors, what is under way, rules, recovery. `sealed` is under the secret `factor` of the
-- installation; `hash` is SHA-256 of random bits.

-- In which browser, in words; and whether it may do no more than set up a second factor.
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN must_enrol INTEGER NOT NULL DEFAULT 0;

CREATE TABLE factor (
    factor_id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    -- totp, passkey
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    -- Digest of a passkey's id, by which it is found.
    credential BLOB UNIQUE,
    -- The last step of a TOTP that was used: none counts twice.
    step INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX factor_person ON factor (person_id);

CREATE TABLE recovery_code (
    person_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (person_id, hash)
) STRICT, WITHOUT ROWID;

-- A step that waits for the next one: a password was right, a key is being made.
CREATE TABLE ceremony (
    token_hash BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    person_id TEXT,
    ends_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX ceremony_ends_at ON ceremony (ends_at);

-- Roles of which an organisation says something else than its policy does of everybody.
CREATE TABLE second_factor_rule (
    organisation_id TEXT NOT NULL,
    role TEXT NOT NULL,
    required INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery (
    recovery_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    -- Absent where it was refused.
    hash BLOB,
    ends_at INTEGER,
    used_at INTEGER
) STRICT;
CREATE INDEX recovery_organisation ON recovery (organisation_id, asked_at);
CREATE INDEX recovery_person ON recovery (person_id);
