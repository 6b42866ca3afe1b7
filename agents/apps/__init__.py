"""App companies: the record of an app, the month of their layer, and one file per further mechanism."""
