-- Tables carry the words of the pages and use cases that are about them: tasks, roles, figures, consents.

DROP INDEX responsibilities_by_goal;
DROP INDEX responsibilities_offered_on;
ALTER TABLE responsibilities RENAME TO tasks;
CREATE INDEX tasks_by_goal ON tasks (goal);
-- a task is offered on to one party at a time
CREATE UNIQUE INDEX tasks_offered_on ON tasks (follows) WHERE status = 'offered';

DROP INDEX memberships_by_party;
ALTER TABLE memberships RENAME TO roles;
CREATE INDEX roles_by_party ON roles (party, role);

ALTER TABLE indicator_values RENAME TO figures;

DROP INDEX statements_by_agreement;
DROP INDEX statements_by_party;
ALTER TABLE statements RENAME TO consents;
CREATE INDEX consents_by_agreement ON consents (agreement, version);
CREATE INDEX consents_by_party ON consents (party);
