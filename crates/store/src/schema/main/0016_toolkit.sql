-- The toolkit: an organisation's own material, and what is known of the addresses of all material. Nothing here is about a
-- patient. `json` is what it is called and for whom; `bytes` a file, where it is one.
CREATE TABLE material (
    material_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    json TEXT NOT NULL,
    bytes BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX material_organisation ON material (organisation_id, made_at);

-- `answered_at` is the last time that it answered; `failing_since` since when it does not, and `why`.
CREATE TABLE link (
    address TEXT NOT NULL PRIMARY KEY,
    checked_at INTEGER NOT NULL,
    answered_at INTEGER,
    failing_since INTEGER,
    why TEXT
) STRICT, WITHOUT ROWID;
