-- What was paid for to be told of numbers, so that nobody pays for it twice.

CREATE TABLE sumotext_lookup (
    source TEXT NOT NULL,               -- address of the gateway that was asked
    person TEXT NOT NULL,               -- keyed hash of the number
    state TEXT NOT NULL,                -- ASKED, FOUND, MISSING or LOST
    carrier TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL,                -- the process that asks
    lease_until DOUBLE PRECISION NOT NULL,
    until DOUBLE PRECISION NOT NULL,    -- when it is out of date
    updated_at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (source, person)
);

CREATE INDEX sumotext_lookup_person ON sumotext_lookup (person);
CREATE INDEX sumotext_lookup_until ON sumotext_lookup (until);

CREATE TABLE sumotext_spent (
    account TEXT NOT NULL,              -- short code and address of the gateway
    day TEXT NOT NULL,                  -- 2026-11-30, UTC
    count INTEGER NOT NULL,             -- look-ups that were made or are under way
    PRIMARY KEY (account, day)
);
