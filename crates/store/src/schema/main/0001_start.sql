-- One text for both databases. A line that begins with `--sqlite ` or `--postgres ` is for that one only; INTEGER and
-- BLOB become BIGINT and BYTEA, and the options behind a table go, on PostgreSQL. Moments (`…_at`) are microseconds
-- since 1970. What is called `sealed`, `identity` or `sharing` is sealed under the patient's key; `hash` is keyed.
-- The patient leads the key of every patient table, so that the tables can be spread by patient; the two that find a
-- patient by hash are the exception, by their nature.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    number INTEGER,
    value BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation (
    organisation_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    agb TEXT,
    city TEXT,
    nurses_set_limits INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    person_id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    -- In lower case, by which it is found.
    username_key TEXT NOT NULL UNIQUE,
    -- JSON of domain::people::Name.
    name TEXT NOT NULL,
    agb TEXT,
    uzi TEXT,
    big TEXT,
    active INTEGER NOT NULL,
    password_hash TEXT
) STRICT;

CREATE TABLE person_role (
    person_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    role TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER,
    PRIMARY KEY (person_id, organisation_id, role, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_role_organisation ON person_role (organisation_id, person_id);

CREATE TABLE client (
    client_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    secret_hash TEXT,
    jwks TEXT,
    active INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    role TEXT,
    organisation_id TEXT,
    csrf TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    idle_end INTEGER NOT NULL,
    absolute_end INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_idle_end ON session (idle_end);

CREATE TABLE document (
    name TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Small columns first: reading them does not walk the pages of the large ones.
CREATE TABLE patient (
    patient_id TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    merged_into TEXT,
    sharing BLOB NOT NULL,
    identity BLOB NOT NULL
) STRICT;

CREATE TABLE patient_past (
    patient_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    identity BLOB NOT NULL,
    PRIMARY KEY (patient_id, revision)
) STRICT;

CREATE TABLE patient_bsn (
    hash BLOB NOT NULL PRIMARY KEY,
    patient_id TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE patient_name (
    hash BLOB NOT NULL,
    patient_id TEXT NOT NULL,
    PRIMARY KEY (hash, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_name_patient ON patient_name (patient_id);

CREATE TABLE delivered (
    patient_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, organisation_id)
) STRICT, WITHOUT ROWID;

-- `member` is `organisation:{id}` or `person:{id}`.
CREATE TABLE team (
    patient_id TEXT NOT NULL,
    member TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER,
    PRIMARY KEY (patient_id, member, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member ON team (member, patient_id, from_at, until_at);

CREATE TABLE sharing_event (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    version INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
    patient_id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- What was rendered from a plan, part by part, so that one part can be read alone.
CREATE TABLE projection (
    patient_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    format INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, part)
) STRICT;

CREATE TABLE plan_version (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    previous_digest BLOB NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB NOT NULL,
    source BLOB,
    PRIMARY KEY (patient_id, number)
) STRICT;

CREATE TABLE mark (
    patient_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, number)
) STRICT;

CREATE TABLE same_as (
    patient_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (patient_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
    patient_id TEXT NOT NULL,
    attachment_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    media_type BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, attachment_id)
) STRICT;

CREATE TABLE draft (
    patient_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    based_on INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, organisation_id)
) STRICT;

CREATE TABLE draft_part (
    patient_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    revision INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient_id, organisation_id, hash)
) STRICT;

-- The log. `id` counts rows in order of writing; `prev` is the id of the row before in the same chain. On SQLite rows
-- are only ever put at the end: an index by chain would write a page somewhere for every read of a plan.
CREATE TABLE log (
--sqlite    id INTEGER PRIMARY KEY,
--postgres    id BIGINT NOT NULL UNIQUE,
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    prev INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT,
    organisation TEXT,
    action TEXT NOT NULL,
    data TEXT NOT NULL,
    basis TEXT,
    outcome TEXT NOT NULL,
    patient TEXT,
    digest BLOB,
    detail BLOB,
    mac BLOB NOT NULL
--postgres    , PRIMARY KEY (chain, seq)
) STRICT;
--postgres CREATE SEQUENCE log_row;

-- Last row of each chain. On SQLite it may lag: the rows after `meta.heads_upto` say the rest.
CREATE TABLE log_head (
    chain TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    mac BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- `upto` is the last row an anchor covers, `total` the count of all rows until then, `changed` the chains that grew since the
-- anchor before.
CREATE TABLE anchor (
    number INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    total INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    mac BLOB NOT NULL
) STRICT;
