-- Whose proposal waits for the key of a party: they hear when it is there. `about` says which proposal, as a notice does.

CREATE TABLE awaited_keys (
    party TEXT NOT NULL REFERENCES parties (id) ON DELETE CASCADE,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    about TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (party, person, about)
);
CREATE INDEX awaited_keys_by_person ON awaited_keys (person, about);
CREATE INDEX awaited_keys_by_time ON awaited_keys (at);
