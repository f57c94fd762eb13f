-- What the registry alone holds. SQL that SQLite and PostgreSQL both read: moments are milliseconds since 1970,
-- yes and no are 1 and 0, ids are text that the program makes.

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT,
    lang TEXT NOT NULL,
    admin BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    password TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    used BIGINT,
    PRIMARY KEY (person, hash)
);

CREATE TABLE parties (
    id TEXT NOT NULL PRIMARY KEY,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    helix TEXT,
    public_key TEXT
);

CREATE TABLE memberships (
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    party TEXT NOT NULL REFERENCES parties (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person, party, role)
);
CREATE INDEX memberships_by_party ON memberships (party, role);

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    party TEXT REFERENCES parties (id),
    roles TEXT NOT NULL,
    admin BIGINT NOT NULL,
    name TEXT NOT NULL,
    invited_by TEXT REFERENCES people (id) ON DELETE SET NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT
);

CREATE TABLE resets (
    token TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT
);
CREATE INDEX resets_by_person ON resets (person);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_end ON sessions (expires);

CREATE TABLE attempts (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX attempts_by_key ON attempts (key, at);
CREATE INDEX attempts_by_time ON attempts (at);

CREATE TABLE goals (
    id TEXT NOT NULL PRIMARY KEY,
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    about_nl TEXT NOT NULL,
    about_en TEXT NOT NULL
);

CREATE TABLE indicators (
    id TEXT NOT NULL PRIMARY KEY,
    goal TEXT NOT NULL REFERENCES goals (id),
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    unit_nl TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    source_nl TEXT NOT NULL,
    source_en TEXT NOT NULL,
    better TEXT
);
CREATE INDEX indicators_by_goal ON indicators (goal);

CREATE TABLE indicator_values (
    indicator TEXT NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    area TEXT NOT NULL,
    area_name TEXT NOT NULL,
    period TEXT NOT NULL,
    value DOUBLE PRECISION,
    PRIMARY KEY (indicator, area, period)
);

CREATE TABLE responsibilities (
    id TEXT NOT NULL PRIMARY KEY,
    goal TEXT NOT NULL REFERENCES goals (id),
    party TEXT NOT NULL REFERENCES parties (id),
    what_nl TEXT NOT NULL,
    what_en TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX responsibilities_by_goal ON responsibilities (goal);

CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    goal TEXT NOT NULL REFERENCES goals (id),
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    summary_nl TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    benefit_nl TEXT NOT NULL,
    benefit_en TEXT NOT NULL,
    harm_nl TEXT NOT NULL,
    harm_en TEXT NOT NULL,
    falls_out_nl TEXT NOT NULL,
    falls_out_en TEXT NOT NULL,
    questions_nl TEXT NOT NULL,
    questions_en TEXT NOT NULL,
    proposed_by TEXT REFERENCES parties (id),
    proposed BIGINT NOT NULL
);
CREATE INDEX projects_by_goal ON projects (goal);

CREATE TABLE rounds (
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    closes BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    PRIMARY KEY (agreement, version)
);

CREATE TABLE questions (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    person TEXT REFERENCES people (id) ON DELETE SET NULL,
    party TEXT NOT NULL,
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    shared_view TEXT,
    purpose TEXT NOT NULL,
    statement TEXT NOT NULL,
    outcome TEXT NOT NULL,
    release_name TEXT,
    public BIGINT NOT NULL,
    answer TEXT,
    receipt TEXT,
    refusals TEXT,
    entry BIGINT UNIQUE
);
CREATE INDEX questions_by_person ON questions (person, at);
CREATE INDEX questions_by_party ON questions (party, at);
CREATE INDEX questions_by_agreement ON questions (agreement, at);

CREATE TABLE word_questions (
    id TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    party TEXT REFERENCES parties (id),
    reply TEXT
);
CREATE INDEX word_questions_by_project ON word_questions (project, at);

CREATE TABLE barriers (
    key TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    party TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE drafts (
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    form TEXT NOT NULL,
    json TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, form)
);

CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    text_nl TEXT NOT NULL,
    text_en TEXT NOT NULL,
    link TEXT,
    at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notices_by_person ON notices (person, at);
