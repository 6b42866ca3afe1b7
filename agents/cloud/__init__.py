"""Cloud providers: the record of a cloud, the month of their layer, and one file per further mechanism."""
