-- Who settled a doubt, when and why; the provider's id is looked up by reports.

ALTER TABLE sumotext_send ADD COLUMN settled TEXT NOT NULL DEFAULT '';  -- SENT, NOT_SENT or ''

CREATE TABLE sumotext_audit (
    seq {serial},
    ref TEXT NOT NULL,                  -- of the send, or '' where all are meant
    word TEXT NOT NULL,                 -- what was done
    source TEXT NOT NULL,               -- hand, report, provider or purge
    note TEXT NOT NULL DEFAULT '',
    at DOUBLE PRECISION NOT NULL
);

CREATE INDEX sumotext_audit_ref ON sumotext_audit (ref, seq);
CREATE INDEX sumotext_send_message ON sumotext_send (message_id, provider);
