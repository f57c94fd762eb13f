-- Who offered a part of a goal and which part it takes over; and which party delivered an indicator.

ALTER TABLE responsibilities ADD COLUMN offered_by TEXT REFERENCES parties (id);
ALTER TABLE responsibilities ADD COLUMN follows TEXT REFERENCES responsibilities (id);
-- a part is offered on to one party at a time
CREATE UNIQUE INDEX responsibilities_offered_on ON responsibilities (follows) WHERE status = 'offered';

ALTER TABLE indicators ADD COLUMN party TEXT REFERENCES parties (id);
