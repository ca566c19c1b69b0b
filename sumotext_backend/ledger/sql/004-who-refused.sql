-- Which backend an alias stood for when it refused: the alias may be another company's by now.

ALTER TABLE sumotext_consent ADD COLUMN backend TEXT NOT NULL DEFAULT '';  -- '' where not known
