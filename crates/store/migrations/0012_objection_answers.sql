-- Which change of a version its proposers say meets an objection to the version before, by the party that objects.
CREATE TABLE objection_answers (
    agreement TEXT NOT NULL,
    version INTEGER NOT NULL,
    party TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (agreement, version, party)
);
