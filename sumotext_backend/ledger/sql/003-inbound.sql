-- What providers told us: kept before anybody hears of it, and until everybody has.

CREATE TABLE sumotext_inbound (
    seq {serial},
    alias TEXT NOT NULL,                -- of the provider
    identity TEXT NOT NULL,             -- what makes a second delivery the same event
    kind TEXT NOT NULL,                 -- class of the event
    person TEXT NOT NULL DEFAULT '',    -- keyed hash of the number it is about
    whole TEXT NOT NULL DEFAULT '',     -- keyed hash of the text that it is a part of
    event TEXT NOT NULL,                -- JSON; '{}' once it was purged or forgotten
    state TEXT NOT NULL,                -- WAITING, TELLING, DONE, or PART: waits for its others
    owner TEXT NOT NULL DEFAULT '',     -- the process that tells
    lease_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    why TEXT NOT NULL DEFAULT '',       -- who did not hear of it
    created_at DOUBLE PRECISION NOT NULL,
    updated_at DOUBLE PRECISION NOT NULL
);

CREATE UNIQUE INDEX sumotext_inbound_identity ON sumotext_inbound (alias, identity);
CREATE INDEX sumotext_inbound_open ON sumotext_inbound (seq) WHERE state IN ('WAITING', 'TELLING');
CREATE INDEX sumotext_inbound_whole ON sumotext_inbound (whole) WHERE whole <> '';
CREATE INDEX sumotext_inbound_person ON sumotext_inbound (person);

CREATE TABLE sumotext_report (
    alias TEXT NOT NULL,
    id TEXT NOT NULL,                   -- the provider's id, or 'ref:' and our reference
    reference TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    rank INTEGER NOT NULL,              -- a report of a lower or the same rank changes nothing
    final INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    code TEXT NOT NULL DEFAULT '',
    word TEXT NOT NULL DEFAULT '',
    at DOUBLE PRECISION,                -- by the provider's clock
    updated_at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (alias, id)
);

CREATE INDEX sumotext_report_reference ON sumotext_report (reference) WHERE reference <> '';
