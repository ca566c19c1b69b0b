-- A report is looked for by the provider's id, also where nobody says which provider it was.

CREATE INDEX sumotext_report_id ON sumotext_report (id);
