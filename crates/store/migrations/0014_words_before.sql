-- What a project or a goal said of itself before somebody reworded it, and in which order a goal shows what it has.
CREATE TABLE words_before (
    kind TEXT NOT NULL,
    of_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    party TEXT NOT NULL,
    json TEXT NOT NULL
);
CREATE INDEX words_before_by_of ON words_before (kind, of_id, at);

CREATE TABLE goal_order (
    goal TEXT NOT NULL,
    item TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (goal, item)
);
