-- Tasks of a goal come page by page, by what became of them.
DROP INDEX tasks_by_goal;
CREATE INDEX tasks_by_goal ON tasks (goal, status, at, id);

-- Open invitations too.
CREATE INDEX invitations_open ON invitations (created, id) WHERE used IS NULL;
