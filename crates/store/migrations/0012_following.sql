-- Which change of a version its proposers say meets an objection to the version before, by the party that objects.
CREATE TABLE objection_answers (
    agreement TEXT NOT NULL,
    version INTEGER NOT NULL,
    party TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (agreement, version, party)
);

-- What waits for a party is looked up each time that somebody signs in.
CREATE INDEX word_questions_by_status ON word_questions (status, project);
CREATE INDEX tasks_by_party ON tasks (party, status);
