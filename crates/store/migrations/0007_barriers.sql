-- Barriers in one table: what keeps questions from being answered, whose it is, how it is with it and what became of it.
-- No word of a question is here, nor who asked: a refused question lies in the home as a file that may be deleted, and
-- then its rows go. What an owner said of a barrier before it was in this table waits under its key.

ALTER TABLE barriers RENAME TO barriers_before;

CREATE TABLE barriers (
    key TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    agreement TEXT NOT NULL,
    code TEXT NOT NULL,
    condition_path TEXT,
    owner TEXT,
    questions BIGINT NOT NULL,
    held BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    in_the_way BIGINT NOT NULL,
    status TEXT,
    reason TEXT,
    said_by TEXT,
    said_at BIGINT
);
CREATE INDEX barriers_by_agreement ON barriers (agreement);

CREATE TABLE barrier_history (
    id TEXT NOT NULL PRIMARY KEY,
    barrier TEXT NOT NULL REFERENCES barriers (key) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    party TEXT
);
CREATE INDEX barrier_history_by_barrier ON barrier_history (barrier, at, id);

-- `question` is alike for questions that are alike, and says nothing else; `judged` is the hash of the agreement under
-- which it was last looked at.
CREATE TABLE refusals (
    hash TEXT NOT NULL PRIMARY KEY,
    agreement TEXT NOT NULL,
    at BIGINT NOT NULL,
    question TEXT NOT NULL,
    judged TEXT NOT NULL
);
CREATE INDEX refusals_by_agreement ON refusals (agreement, at, hash);
CREATE INDEX refusals_by_question ON refusals (agreement, question, at);
CREATE INDEX refusals_judged ON refusals (agreement, judged);

CREATE TABLE refusal_reasons (
    refusal TEXT NOT NULL REFERENCES refusals (hash) ON DELETE CASCADE,
    barrier TEXT NOT NULL REFERENCES barriers (key) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    still BIGINT NOT NULL,
    PRIMARY KEY (refusal, barrier)
);
CREATE INDEX refusal_reasons_by_barrier ON refusal_reasons (barrier, still);
CREATE INDEX refusal_reasons_by_time ON refusal_reasons (barrier, at);
