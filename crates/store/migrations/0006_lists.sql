-- Indexes in the order in which pages list: each page begins where the one before it ended, however much is kept.

DROP INDEX questions_by_person;
DROP INDEX questions_by_agreement;
CREATE INDEX questions_by_person ON questions (person, at, id);
CREATE INDEX questions_by_agreement ON questions (agreement, at, id);
CREATE INDEX questions_public ON questions (at, id) WHERE public = 1;
CREATE INDEX questions_public_by_agreement ON questions (agreement, at, id) WHERE public = 1;

DROP INDEX word_questions_by_project;
CREATE INDEX word_questions_by_project ON word_questions (project, at, id);

DROP INDEX notices_by_person;
CREATE INDEX notices_by_person ON notices (person, at, id);
CREATE INDEX notices_unread ON notices (person, at, id) WHERE read_at IS NULL;
-- what has an end is found by its age
CREATE INDEX notices_by_time ON notices (at);
CREATE INDEX drafts_by_time ON drafts (at);
CREATE INDEX rounds_by_end ON rounds (closes);
CREATE INDEX invitations_by_end ON invitations (expires);
