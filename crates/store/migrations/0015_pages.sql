-- Tasks of a goal come page by page, by what became of them.
DROP INDEX tasks_by_goal;
CREATE INDEX tasks_by_goal ON tasks (goal, status, at, id);

-- What refused questions are alike in is read without their rows.
DROP INDEX refusals_by_agreement;
CREATE INDEX refusals_by_agreement ON refusals (agreement, at, hash, question);

-- Questions under one version of an agreement.
CREATE INDEX questions_by_version ON questions (agreement, version, at, id);

-- Open invitations too.
CREATE INDEX invitations_open ON invitations (created, id) WHERE used IS NULL;
