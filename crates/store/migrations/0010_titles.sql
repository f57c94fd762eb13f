-- What questions are called, apart from their answers: a narrow table, so that looking through all of them reads little.
-- What is made from a question is made when it is kept; of one that was kept before there were titles it is empty until
-- it is made. What somebody called it instead goes when they take it back; who did either, and when, stays.

CREATE TABLE question_titles (
    question TEXT NOT NULL PRIMARY KEY REFERENCES questions (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    agreement TEXT NOT NULL,
    party TEXT NOT NULL,
    person TEXT,
    outcome TEXT NOT NULL,
    public BIGINT NOT NULL,
    nl TEXT NOT NULL,
    en TEXT NOT NULL,
    own TEXT,
    titled_by TEXT REFERENCES people (id) ON DELETE SET NULL,
    titled_for TEXT,
    titled_at BIGINT,
    folded TEXT NOT NULL
);
INSERT INTO question_titles (question, at, agreement, party, person, outcome, public, nl, en, folded)
    SELECT id, at, agreement, party, person, outcome, public, '', '', lower(statement) FROM questions;
CREATE INDEX question_titles_public ON question_titles (at, question) WHERE public = 1;
CREATE INDEX question_titles_by_person ON question_titles (person, at, question);
CREATE INDEX question_titles_to_make ON question_titles (question) WHERE nl = '';

-- What a party says beside an answer: one note of each party, which it may change or take back.
CREATE TABLE answer_notes (
    question TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    party TEXT NOT NULL,
    words TEXT NOT NULL,
    person TEXT REFERENCES people (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (question, party)
);
