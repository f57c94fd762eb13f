-- Attempts were counted by addresses in clear; they are keyed hashes now. What was counted before is of no use any more.

DELETE FROM attempts;
