-- When a report on that text first said that the person had opted out: what they said since holds.

ALTER TABLE sumotext_report ADD COLUMN no_at DOUBLE PRECISION;  -- NULL where none said so
UPDATE sumotext_report SET no_at = updated_at WHERE reason = 'OPTED_OUT';
