"""Model labs: the record of a lab, the month of their layer, and one file per further mechanism."""
