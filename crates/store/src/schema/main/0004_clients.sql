-- Purpose for which a system was registered (domain::purpose), and a number that counts up with every change of it:
-- a token bears the number under which it was given, so that a change ends all tokens at the next request.
ALTER TABLE client ADD COLUMN purpose TEXT NOT NULL DEFAULT 'treatment';
ALTER TABLE client ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;

-- Assertions that a system signed in with, until their time is over: none is taken twice, by no instance.
CREATE TABLE used_assertion (
    client_id TEXT NOT NULL,
    jti_hash BLOB NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX used_assertion_until ON used_assertion (until);
