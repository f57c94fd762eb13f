-- Questions in words are searched from the newest back, whatever project they are about.
CREATE INDEX word_questions_by_time ON word_questions (at, id);
