-- What is known of people and of sends. Times are seconds since 1970 by the database's clock.
-- {serial} is the dialect's counting primary key.

CREATE TABLE sumotext_consent (
    seq {serial},
    programme TEXT NOT NULL,
    person TEXT NOT NULL,               -- keyed hash of the number in E.164
    number TEXT,                        -- E.164; NULL once forgotten
    word TEXT NOT NULL,                 -- OPTED_OUT, OPTED_IN, REFUSED or ACCEPTED
    provider TEXT NOT NULL DEFAULT '',  -- alias of the provider that said so
    reason TEXT NOT NULL DEFAULT '',    -- of a refusal
    source TEXT NOT NULL,               -- hand, import, text, callback, report or send
    note TEXT NOT NULL DEFAULT '',
    at DOUBLE PRECISION NOT NULL
);

CREATE INDEX sumotext_consent_person ON sumotext_consent (person, programme, seq);

CREATE TABLE sumotext_send (
    ref TEXT PRIMARY KEY,               -- our own reference
    key TEXT UNIQUE,                    -- the caller's idempotency key
    person TEXT NOT NULL,
    number TEXT,                        -- E.164; NULL once forgotten
    text TEXT,                          -- NULL once it is not needed
    content TEXT NOT NULL,              -- keyed hash of number and text
    state TEXT NOT NULL,                -- SENDING or DONE
    owner TEXT NOT NULL DEFAULT '',     -- the process that sends
    lease_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    created_at DOUBLE PRECISION NOT NULL,
    updated_at DOUBLE PRECISION NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    message_id TEXT,
    result TEXT NOT NULL DEFAULT '{}'   -- JSON, without the number
);

CREATE INDEX sumotext_send_person ON sumotext_send (person, created_at);
CREATE INDEX sumotext_send_created ON sumotext_send (created_at);
CREATE INDEX sumotext_send_open ON sumotext_send (created_at)
    WHERE outcome = 'UNKNOWN' OR state = 'SENDING';
