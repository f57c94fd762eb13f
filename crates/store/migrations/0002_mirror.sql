-- What the home's files and the public log hold, once more, so that pages can list, search and page through it.
-- Made anew at any time; nothing refers to it.

CREATE TABLE agreement_versions (
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    goal TEXT NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (agreement, version)
);

CREATE TABLE statements (
    place BIGINT NOT NULL PRIMARY KEY,
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    party TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT,
    lifts TEXT,
    at BIGINT NOT NULL,
    signed BIGINT NOT NULL
);
CREATE INDEX statements_by_agreement ON statements (agreement, version);
CREATE INDEX statements_by_party ON statements (party);

CREATE TABLE datasets (
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    id TEXT NOT NULL,
    provider TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    period TEXT NOT NULL,
    PRIMARY KEY (agreement, version, id)
);
CREATE INDEX datasets_by_provider ON datasets (provider);

CREATE TABLE releases (
    name TEXT NOT NULL PRIMARY KEY,
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    shared_view TEXT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX releases_by_agreement ON releases (agreement, at);

-- `folded` is the text in small letters: what small letters are, the two databases do not agree on.
CREATE TABLE entries (
    place BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    agreement_hash TEXT,
    agreement TEXT,
    version BIGINT,
    party TEXT,
    words TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX entries_by_kind ON entries (kind, place);
CREATE INDEX entries_by_agreement ON entries (agreement, place);
CREATE INDEX entries_by_party ON entries (party, place);
