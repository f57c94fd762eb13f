-- A line of the log leads to its answer, and the newest receipt is looked up: both by the entry that a question is of.
CREATE INDEX questions_by_entry ON questions (entry) WHERE entry IS NOT NULL;
