-- `holds` is 1 as long as it is kept which phones took part in a round, and by what its code is found: until a day after it closed.
-- Looked for each minute, along an index that holds nothing else.
ALTER TABLE statement_round ADD COLUMN holds INTEGER NOT NULL DEFAULT 1;
CREATE INDEX statement_round_holds ON statement_round (closes_at) WHERE holds = 1;
