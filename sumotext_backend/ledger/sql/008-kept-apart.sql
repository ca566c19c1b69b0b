-- Which programmes there were besides the shared one when a word to that was said, if it was moved
-- here or within: a row's place among the others then no longer tells.

ALTER TABLE sumotext_consent ADD COLUMN apart TEXT;  -- JSON, a list of names; NULL where seq tells
