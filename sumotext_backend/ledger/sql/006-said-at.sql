-- When a person said so, by the provider's clock: an old yes that comes late lifts no newer no.

ALTER TABLE sumotext_consent ADD COLUMN said_at DOUBLE PRECISION;  -- NULL where it is not known
