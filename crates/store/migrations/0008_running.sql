-- By what the registry and its home know each other, and how the machine's clock went while the home was served.

CREATE TABLE identity (
    only_one BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL
);

-- ran: seconds that the home was served; at: what the clock said then.
CREATE TABLE clock_readings (
    ran BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
