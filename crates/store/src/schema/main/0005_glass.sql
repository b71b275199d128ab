-- Broken glasses, counted. A row bears a name of its own, and only the sealed part of `glass` says whose it is: erasing
-- the patient unlinks it (decision 75). `despite` is 1 where the patient had objected.
CREATE TABLE glass_figure (
    figure_id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    month TEXT NOT NULL,
    kind TEXT NOT NULL,
    despite INTEGER NOT NULL,
    verdict TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX glass_figure_organisation ON glass_figure (organisation_id, month);
